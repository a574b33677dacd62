/** `backends`: which there are, which is taken, and why. */
import { backendNames, loadBackend, type NoBackend } from "../backend/backend.ts";

/** Says which backends there are, which is taken, and why. */
export async function backendsCommand(): Promise<number> {
  for (const name of backendNames) {
    const { tried } = await loadBackend(name).catch((error: NoBackend) => error);
    const [outcome] = tried;
    console.log(`${name.padEnd(14)} ${outcome?.taken ? "loads: " : "doesn't load: "}${outcome?.reason}`);
  }
  const { name } = await loadBackend();
  console.log(`\nTaken: ${name}. --backend NAME takes another.`);
  return 0;
}
