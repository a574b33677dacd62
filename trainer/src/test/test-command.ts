/** For tests: a command within their own process. A start of the program is most of what a short one costs. */
import { vi } from "vitest";
import type { CommandContext } from "../commands/context.ts";
import { setPath } from "../config/settings.ts";

type Command = (context: CommandContext, settings: Record<string, unknown>) => Promise<number>;

/** Runs it with `--flag value` or `--flag=value`. `code`: its own, or 1 where it throws; `said`: all that it printed. */
export async function runHere(
  command: Command,
  flags: readonly string[],
  { url, spoolDir }: { url: string; spoolDir: string },
): Promise<{ code: number; said: string }> {
  const said: string[] = [];
  const hear = (text: unknown) => said.push(String(text)) > 0;
  const heard = [
    vi.spyOn(console, "log").mockImplementation((line) => void hear(`${line}\n`)),
    vi.spyOn(process.stdout, "write").mockImplementation(hear),
    vi.spyOn(process.stderr, "write").mockImplementation(hear),
  ];
  const context = { target: { url, token: "hold_test" }, spoolDir, code: false, offline: false };
  const code = await command({ ...context, signal: new AbortController().signal }, settingsOf(flags)).catch(
    (error: Error) => {
      hear(error.message);
      return 1;
    },
  );
  for (const spy of heard) spy.mockRestore();
  return { code, said: said.join("") };
}

function settingsOf(flags: readonly string[]): Record<string, unknown> {
  const settings: Record<string, unknown> = {};
  const parts = flags.flatMap((flag) => (flag.startsWith("--") ? flag.slice("--".length).split("=") : [flag]));
  for (let at = 0; at < parts.length; at += 2) setPath(settings, parts[at]!, parts[at + 1]!);
  return settings;
}
