/** One PostgreSQL server process: started, waited for, started again where it ends by itself, stopped. */
import { spawn } from "node:child_process";
import { closeSync, existsSync, fchownSync, openSync, readSync, renameSync, statSync } from "node:fs";
import { totalmem } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { connect } from "../connection.ts";
import { endWithUs } from "../processes.ts";
import { Refusal } from "../refusal.ts";
import type { Account } from "./account.ts";
import { clearLeftovers } from "./recovery.ts";
import { SOCKET_NAME } from "./socket.ts";

export type Cluster = {
  account: Account;
  postgres: string;
  data: string;
  log: string;
  socketFolder: string;
  /** Whether what was committed outlives a crash of the machine: `settings`, or `fleeting` over them. */
  isDurable: boolean;
};

/** The server may end by itself this often a minute before it is given up. */
const RESTARTS_A_MINUTE = 5;
const LOG_BYTES_MAX = 5_000_000;
const LAST_LINES = 20;

/**
 * A sixteenth of the memory that the process may have, from 64 MB to 1 GB: 2,300 pages of the runs table take 4 ms
 * from there, and 24 ms from the operating system (measured on a virtual machine). Training keeps the rest.
 */
function sharedBuffers(): string {
  const megabytes = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY) / 16 / 1024 ** 2;
  return `${Math.round(Math.min(1024, Math.max(64, megabytes)))}MB`;
}

/** Few processes; fsync, full_page_writes and synchronous_commit stay as they are: on. */
const settings = {
  listen_addresses: "",
  port: "5432",
  unix_socket_permissions: "0700",
  max_connections: "100",
  shared_buffers: sharedBuffers(),
  max_wal_size: "512MB",
  wal_level: "minimal",
  max_wal_senders: "0",
  max_logical_replication_workers: "0",
  max_parallel_workers_per_gather: "0",
  io_method: "sync",
  jit: "off",
  timezone: "UTC",
  log_timezone: "UTC",
  log_checkpoints: "off",
  // no statements, which may hold what people wrote
  log_min_messages: "log",
};

/** For a server whose data nobody needs once it ends: no write waits for a disk, and many tests ask it at once. */
const fleeting = {
  fsync: "off",
  full_page_writes: "off",
  synchronous_commit: "off",
  max_wal_size: "4GB",
  max_connections: "400",
};

/** What the server's programs see of ours: nothing that would change what they do. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  return { NODE_ENV: process.env.NODE_ENV, PATH: process.env.PATH, LC_ALL: "C" };
}

/**
 * Starts the server and returns once it answers at `url`. Where it ends by itself it is started again; where that
 * doesn't help `onLost` is told. `stop` ends it for good, and may be called more than once.
 */
export async function superviseServer(
  cluster: Cluster,
  url: string,
  say: (line: string) => void,
  onLost: (error: Error) => void,
): Promise<{ stop: () => Promise<void> }> {
  let running: Running | null = null;
  let stopping = false;
  let starting: Promise<void> = Promise.resolve();
  const ends: number[] = [];

  async function start(): Promise<void> {
    await clearLeftovers(cluster.data, path.join(cluster.socketFolder, SOCKET_NAME), say);
    if (stopping) return;
    running = launch(cluster);
    const mine = running;
    await untilReady(mine, url, say);
    void mine.ended.then(afterEnd);
  }
  function afterEnd(): void {
    if (stopping) return;
    const now = Date.now();
    ends.push(now);
    if (ends.filter((at) => at > now - 60_000).length > RESTARTS_A_MINUTE) {
      onLost(
        new Refusal(`PostgreSQL ended ${ends.length} times, the last ones within a minute:
${running?.lastWords()}`),
      );
      return;
    }
    say(`PostgreSQL ended by itself (${running?.how()}); starting it again.`);
    starting = start().catch((error: Error) => onLost(error));
  }
  async function stop(): Promise<void> {
    stopping = true;
    await starting;
    await running?.stop();
  }

  await start();
  return { stop };
}

type Running = {
  /** Settles when the process is gone. */
  ended: Promise<void>;
  /** Null while it runs; then the exit code or the signal. */
  how: () => string | null;
  lastWords: () => string;
  stop: () => Promise<void>;
};

function launch(cluster: Cluster): Running {
  const log = openLog(cluster);
  const logStart = statSync(cluster.log).size;
  const flags = { ...settings, ...(cluster.isDurable ? {} : fleeting), unix_socket_directories: cluster.socketFolder };
  const child = spawn(
    cluster.postgres,
    ["-D", cluster.data, ...Object.entries(flags).flatMap(([name, value]) => ["-c", `${name}=${value}`])],
    // a session of its own: Ctrl-C at the terminal goes to the launcher, which stops the app first
    { ...cluster.account, cwd: cluster.data, env: serverEnvironment(), stdio: ["ignore", log, log], detached: true },
  );
  closeSync(log);
  let how: string | null = null;
  const ended = new Promise<void>((resolve) => {
    const end = (reason: string) => {
      how ??= reason;
      resolve();
    };
    child.on("error", (error) => end(`could not be run: ${error.message}`));
    child.on("exit", (code, signal) => end(signal ?? `exit code ${code}`));
  });
  // without it a killed start leaves the server running, which the next start stops
  endWithUs(child, "INT", cluster.account);
  const stop = async () => {
    if (how === null) child.kill("SIGINT");
    const force = setTimeout(() => child.kill("SIGQUIT"), 20_000);
    await ended;
    clearTimeout(force);
  };
  return { ended, how: () => how, lastWords: () => lastLines(cluster.log, logStart), stop };
}

/** By connecting, not by the words of the log. A server that recovers after a crash may take its time. */
async function untilReady(running: Running, url: string, say: (line: string) => void): Promise<void> {
  const startedAt = Date.now();
  let said = false;
  for (;;) {
    if (running.how() !== null)
      throw new Refusal(`PostgreSQL did not start (${running.how()}). Its last lines:\n${running.lastWords()}`);
    const problem = await ask(url);
    if (problem === null) return;
    if (problem.code === "28P01") {
      await running.stop();
      throw new Refusal(
        "PostgreSQL refuses the password in owner-password: put back the file that belongs to this data folder",
        { cause: problem },
      );
    }
    if (!said && Date.now() - startedAt > 5000) {
      say("Waiting for PostgreSQL (after a crash it first recovers what was written) …");
      said = true;
    }
    await delay(25);
  }
}

async function ask(url: string): Promise<(Error & { code?: string }) | null> {
  const client = connect(url, { max: 1, connect_timeout: 5 });
  try {
    await client`select 1`;
    return null;
  } catch (error) {
    return error as Error;
  } finally {
    await client.end({ timeout: 1 });
  }
}

function openLog({ log, account }: Cluster): number {
  if (existsSync(log) && statSync(log).size > LOG_BYTES_MAX) renameSync(log, `${log}.old`);
  const file = openSync(log, "a", 0o600);
  if (account) fchownSync(file, account.uid, account.gid);
  return file;
}

function lastLines(file: string, from: number): string {
  const handle = openSync(file, "r");
  try {
    const start = Math.max(from, statSync(file).size - 10_000);
    const buffer = Buffer.alloc(10_000);
    const length = readSync(handle, buffer, 0, buffer.length, start);
    return buffer.toString("utf8", 0, length).trimEnd().split("\n").slice(-LAST_LINES).join("\n");
  } finally {
    closeSync(handle);
  }
}
