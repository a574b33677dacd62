/** What the operating system says about running processes (Linux is read in /proc, others are asked through ps), and their end. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync, realpathSync } from "node:fs";
import type { Socket } from "node:net";

const onLinux = process.platform === "linux";

/**
 * A text that no other process has had with this id since the machine started, so that a reused id is told apart.
 * Null: no such process, or one that has ended and only waits to be reaped.
 */
export function processIdentity(pid: number): string | null {
  try {
    if (!onLinux) {
      const [state = "", ...started] = ps(["-o", "stat=,lstart=", "-p", String(pid)])
        .trim()
        .split(/\s+/);
      return state === "" || state.startsWith("Z") ? null : started.join(" ");
    }
    // proc(5): the command's name stands in brackets and may hold any character; the state follows it
    const fields = afterName(readFileSync(`/proc/${pid}/stat`, "utf8"));
    if (fields[0] === "Z" || fields[0] === "X") return null;
    return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()} ${fields[19]}`;
  } catch {
    return null;
  }
}

/** Ids of the live PostgreSQL processes (server and backends; on other systems than Linux the server alone) on a data folder. */
export function postgresProcessesOn(dataFolder: string): number[] {
  const folder = realpathSync(dataFolder);
  if (!onLinux) {
    const lines = ps(["-axo", "pid=,stat=,command="]).split("\n");
    return lines
      .map((line) => /^\s*(\d+)\s+(\S+)\s+(.*)$/.exec(line))
      .filter((match) => match && !match[2]?.startsWith("Z") && match[3]?.includes(`postgres -D ${folder} `))
      .map((match) => Number(match?.[1]));
  }
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => isPostgresIn(pid, folder));
}

/** PostgreSQL's processes have its data folder as their working directory; one that waits to be reaped has none. */
function isPostgresIn(pid: number, folder: string): boolean {
  try {
    return (
      readlinkSync(`/proc/${pid}/cwd`) === folder && readFileSync(`/proc/${pid}/comm`, "utf8").startsWith("postgres")
    );
  } catch {
    return false;
  }
}

/** A shell of `account` (null: this process's) waits for this process to end, however that happens, and then ends the child. */
export function endWithUs(
  child: ChildProcess,
  signal: "INT" | "KILL",
  account: { uid: number; gid: number } | null = null,
): void {
  if (child.pid === undefined) return;
  const watchdog = spawn("/bin/sh", ["-c", `read -r line; kill -${signal} ${child.pid}`], {
    ...account,
    cwd: "/",
    env: { NODE_ENV: process.env.NODE_ENV, PATH: process.env.PATH, LC_ALL: "C" },
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  watchdog.on("error", () => {});
  watchdog.stdin?.on("error", () => {});
  watchdog.unref();
  (watchdog.stdin as Socket | null)?.unref();
  child.once("exit", () => watchdog.kill("SIGKILL"));
}

function afterName(stat: string): string[] {
  return stat
    .slice(stat.lastIndexOf(")") + 1)
    .trim()
    .split(" ");
}

function ps(args: string[]): string {
  return execFileSync("ps", args, { encoding: "utf8", env: { ...process.env, LC_ALL: "C" } });
}
