/** What a run was made of: the code, with what looks like a secret replaced, and versions and hardware. */
import type { Code, Environment } from "../../lib/wire.ts";

export async function captureCode(_cwd: string): Promise<Code> {
  return { repository: null, commit: null, branch: null, dirty: false, diff: "", untracked: [], command: "" };
}
export async function captureEnvironment(): Promise<Environment> {
  return { node: process.version };
}
