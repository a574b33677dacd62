/** What the tests run beside Node: found on this machine, or installed as root, or asked for in one line. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { Refusal } from "../../db/refusal.ts";

/** The snippets of an empty project are run by the first three, and the trainer reads the code's commit with git. */
const programs = ["bash", "curl", "python3", "git"];
const FETCH_MS = 5 * 60_000;

/** The one line that gives a Debian machine all that the tests need, the browser included. */
export const installLine = `apt-get update && apt-get install -y chromium-headless-shell ${programs.join(" ")}`;

/** Makes sure that the programs are here; installs them as root. Throws a Refusal with the line to run as root. */
export function findPrograms(say: (line: string) => void): void {
  const missing = programs.filter((name) => !isHere(name));
  if (missing.length === 0) return;
  if (process.getuid?.() === 0) {
    say(`Installing ${missing.join(", ")}, which the tests run …`);
    installWithApt(missing);
  }
  const still = missing.filter((name) => !isHere(name));
  if (still.length > 0)
    throw new Refusal(`The tests run ${still.join(" and ")}, which aren't here. Run this line as root, then npm test again:

${installLine}
`);
}

function isHere(name: string): boolean {
  return (process.env.PATH ?? "").split(path.delimiter).some((folder) => folder && existsSync(path.join(folder, name)));
}

export function installWithApt(packages: string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  spawnSync("apt-get", ["update"], { stdio: "ignore", timeout: FETCH_MS, env });
  spawnSync("apt-get", ["install", "-y", ...packages], { stdio: "ignore", timeout: FETCH_MS, env });
}
