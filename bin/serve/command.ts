/** How a command of bin/ ends. */
import { Refusal } from "../../db/refusal.ts";

/** What to show of an error: all of it where it is a fault of the program. */
export function shown(error: unknown): unknown {
  return error instanceof Refusal ? error.message : error;
}

/** Runs a command to its end, or shows why it failed and ends with code 1. */
export async function runCommand(command: () => Promise<void>): Promise<void> {
  try {
    await command();
  } catch (error) {
    console.error(shown(error));
    process.exit(1);
  }
}
