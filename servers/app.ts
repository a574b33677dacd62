/** A Holdout as a stranger would start it, for tests, the bench and the demo: its commands as processes, with a data folder. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { readEmbeddedUrls } from "../db/embedded/embedded.ts";
import { endWithUs } from "../db/processes.ts";
import { root } from "../db/root.ts";
import { freePort } from "../lib/test-port.ts";

type Ended = { code: number | null; output: string };
/** Both roles of one database. */
export type DatabaseUrls = { DATABASE_URL: string; DATABASE_APP_URL: string };
export type App = {
  url: string;
  /** Where it listens; `url` is the address behind which it stands. */
  port: number;
  /** The first admin's one-time link, as printed at the latest start; null where there is an admin already. */
  link: string | null;
  pid: number;
  /** Its process since its latest start. */
  child: () => ChildProcess;
  dataDir: string;
  /** Everything that it printed since its latest start. */
  output: () => string;
  /** Ends the process as a power cut would; `start` brings it back at the same address with the same data. */
  kill: () => Promise<void>;
  /** Runs another command of it in its environment, to its end. */
  run: (program: string, args?: string[], environment?: Record<string, string>) => Promise<Ended>;
  start: () => Promise<void>;
  /** The id of its PostgreSQL's first process. */
  databaseId: () => number;
  /** How another program reaches its PostgreSQL. */
  databaseUrls: () => DatabaseUrls;
  /** Ctrl-C, then removes its data. Throws with what it printed where it didn't end with 0; `kill` is no such end. */
  stop: () => Promise<void>;
};

/** What reads TypeScript, for commands that are sources. */
const reader = (program: string): string[] => (program.endsWith(".ts") ? ["--import", "tsx"] : []);

const START_MS = 5 * 60_000;
const STOP_MS = 20_000;

/**
 * Starts one on a free port, with the embedded PostgreSQL; the build is made where it is stale. `environment` is added to its own.
 * `node`: arguments of Node, for a process that this one speaks with by a channel.
 */
export async function startApp(environment: Record<string, string> = {}, node?: string[]): Promise<App> {
  return startIn(await newDataDir(), environment, node);
}

/** What a further server of an installation shares: its database and a link to its files. */
export type Installed = { dataDir: string; databaseUrls: () => DatabaseUrls };

/** A further server of that installation, whose own folder is made in `folder`; it is stopped before what it shares. */
export async function startBeside(
  first: Installed,
  environment: Record<string, string> = {},
  folder = tmpdir(),
): Promise<App> {
  const dataDir = await newDataDir(folder);
  await symlink(path.join(first.dataDir, "blobs"), path.join(dataDir, "blobs"));
  return startIn(dataDir, { ...first.databaseUrls(), ...environment });
}

const newDataDir = (folder = tmpdir()): Promise<string> => mkdtemp(path.join(folder, "holdout-app-"));

async function startIn(dataDir: string, environment: Record<string, string>, node?: string[]): Promise<App> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let child: ChildProcess;
  let killed: ChildProcess | null = null;
  const launch = (program: string, args: string[] = [], more: Record<string, string> = {}): ChildProcess =>
    spawn(process.execPath, [...(node ?? []), ...reader(program), `bin/${program}`, ...args], {
      cwd: root,
      env: {
        ...cleanEnvironment(),
        HOLDOUT_ENV_FILE: "",
        HOLDOUT_DATA_DIR: dataDir,
        HOLDOUT_URL: url,
        PORT: String(port),
        ...environment,
        ...more,
      },
      stdio: ["ignore", "pipe", "pipe", ...(node ? (["ipc"] as const) : [])],
      // Ctrl-C at the terminal goes to who started it, which stops it in its turn
      detached: true,
    });
  const app: App = {
    url: environment.HOLDOUT_URL ?? url,
    port,
    link: null,
    pid: 0,
    child: () => child,
    dataDir,
    output: () => "",
    kill: async () => {
      killed = child;
      await end(child, "SIGKILL");
    },
    run: async (program, args, more) => {
      const other = launch(program, args, more);
      const said = gather(other);
      const [code] = (await once(other, "close")) as [number | null];
      return { code, output: said() };
    },
    start: async () => {
      child = launch("start.mjs");
      endWithUs(child, "INT");
      app.output = gather(child);
      await untilPrinted(child, /Ctrl-C stops everything/, app.output);
      app.pid = child.pid ?? 0;
      app.link = /first admin .*: (http\S+)/.exec(app.output())?.[1] ?? null;
    },
    databaseId: () => Number(notesOf(dataDir)[0]),
    databaseUrls: () => urlsOf(dataDir),
    stop: async () => {
      const code = await end(child, "SIGINT");
      await rm(dataDir, { recursive: true, force: true });
      if (code !== 0 && child !== killed) throw new Error(`The server did not stop well (${code}):\n${app.output()}`);
    },
  };
  try {
    await app.start();
  } catch (error) {
    await end(child!, "SIGINT");
    await rm(dataDir, { recursive: true, force: true });
    throw error;
  }
  return app;
}

/** PostgreSQL's own notes of itself, a line each: its first process, …, where it listens. */
const notesOf = (dataDir: string): string[] =>
  readFileSync(path.join(dataDir, "postgres", "data", "postmaster.pid"), "utf8").split("\n");

function urlsOf(dataDir: string): DatabaseUrls {
  const { ownerUrl, appUrl } = readEmbeddedUrls(dataDir);
  return { DATABASE_URL: ownerUrl, DATABASE_APP_URL: appUrl };
}

/** A process and those that it started, so far as they run. */
export function familyOf(pid: number): number[] {
  const lines = execFileSync("ps", ["-axo", "pid=,ppid=,stat="], { encoding: "utf8" }).trim().split("\n");
  return lines.flatMap((line) => {
    const [id, parent, state = ""] = line.trim().split(/\s+/);
    return [id, parent].includes(String(pid)) && !state.startsWith("Z") ? [Number(id)] : [];
  });
}

/** This process's environment without what would lead the app elsewhere. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(HOLDOUT_|DATABASE_|HOST$|PORT$|NODE_ENV$)/.test(name),
  );
  return Object.fromEntries(kept) as NodeJS.ProcessEnv;
}

/** What it prints from now on. */
function gather(child: ChildProcess): () => string {
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk: Buffer) => {
      output += chunk;
    });
  return () => output;
}

function untilPrinted(child: ChildProcess, words: RegExp, output: () => string): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => finish(new Error(`The server did not start in time:\n${output()}`)), START_MS);
    const onEnd = (code: number | null) => finish(new Error(`The server ended with ${code}:\n${output()}`));
    const onData = () => words.test(output()) && finish(null);
    function finish(error: Error | null): void {
      clearTimeout(timer);
      child.off("close", onEnd);
      for (const stream of [child.stdout, child.stderr]) stream?.off("data", onData);
      if (error) reject(error);
      else resolve();
    }
    child.on("close", onEnd);
    // a log for programs goes to standard error
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", onData);
  });
}

/** The exit code or the signal that ended it. */
async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | string | null> {
  if (child.exitCode === null && child.signalCode === null) {
    const gone = once(child, "exit");
    child.kill(signal);
    const late = delay(STOP_MS, "late", { ref: false });
    if ((await Promise.race([gone, late])) === "late") {
      child.kill("SIGKILL");
      await gone;
      return `still there after ${STOP_MS / 1000} s`;
    }
  }
  return child.exitCode ?? child.signalCode;
}
