/** A real Holdout for end-to-end tests: bin/start.ts as its own process, with a data folder and a database of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { postgresProcessesOn } from "../../db/processes.ts";
import { createTestDatabase } from "../../db/test-database.ts";
import { root } from "../serve/settings.ts";

export type Ended = { code: number | null; output: string };
export type TestApp = {
  url: string;
  /** The first admin's one-time link, as printed at the latest start; null where there is an admin already. */
  link: string | null;
  pid: number;
  dataDir: string;
  /** Everything that it printed since its latest start. */
  output: () => string;
  /** Ends the process as a power cut would; `start` brings it back at the same address with the same data. */
  kill: () => Promise<void>;
  /** Runs another program of bin/ in its environment, to its end. */
  run: (program: string, args?: string[], environment?: Record<string, string>) => Promise<Ended>;
  start: () => Promise<void>;
  /** Ids of the embedded PostgreSQL's processes that are left. */
  databaseProcesses: () => number[];
  /** Ctrl-C, then removes its data. Throws with what it printed where it didn't end with 0. */
  stop: () => Promise<void>;
};

const START_MS = 5 * 60_000;
const STOP_MS = 20_000;

/** Starts one on a free port; the build is made where it is stale. `environment` is added to its own. */
export async function startTestApp(environment: Record<string, string> = {}): Promise<TestApp> {
  const database = await createTestDatabase();
  const dataDir = await mkdtemp(path.join(tmpdir(), "holdout-e2e-"));
  const port = await freePort();
  let child: ChildProcess;
  let output = "";

  const url = `http://127.0.0.1:${port}`;
  const launch = (program: string, args: string[] = [], more: Record<string, string> = {}): ChildProcess =>
    spawn(process.execPath, ["--import", "tsx", `bin/${program}`, ...args], {
      cwd: root,
      env: {
        ...cleanEnvironment(),
        HOLDOUT_ENV_FILE: "",
        HOLDOUT_DATA_DIR: dataDir,
        HOLDOUT_URL: url,
        PORT: String(port),
        DATABASE_URL: database.ownerUrl,
        DATABASE_APP_URL: database.appUrl,
        ...environment,
        ...more,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });

  const app: TestApp = {
    url,
    link: null,
    pid: 0,
    dataDir,
    output: () => output,
    kill,
    run,
    start,
    stop,
    databaseProcesses,
  };
  async function start(): Promise<void> {
    output = "";
    child = launch("start.ts");
    for (const stream of [child.stdout, child.stderr])
      stream?.on("data", (chunk: Buffer) => {
        output += chunk;
      });
    await untilPrinted(
      child,
      () => /Ctrl-C stops everything/.test(output),
      () => output,
    );
    app.pid = child.pid ?? 0;
    app.link = /first admin .*: (http\S+)/.exec(output)?.[1] ?? null;
  }
  function databaseProcesses(): number[] {
    return postgresProcessesOn(path.join(dataDir, "postgres", "data"));
  }
  async function run(program: string, args: string[] = [], more: Record<string, string> = {}): Promise<Ended> {
    const other = launch(program, args, more);
    const ended: Ended = { code: null, output: "" };
    for (const stream of [other.stdout, other.stderr])
      stream?.on("data", (chunk: Buffer) => {
        ended.output += chunk;
      });
    const [code] = (await once(other, "close")) as [number | null];
    return { ...ended, code };
  }
  async function kill(): Promise<void> {
    await end(child, "SIGKILL");
  }
  async function stop(): Promise<void> {
    const code = await end(child, "SIGINT");
    await database.drop();
    await rm(dataDir, { recursive: true, force: true });
    if (code !== 0) throw new Error(`The server did not stop well (${code}):\n${output}`);
  }

  await start();
  return app;
}

/** The test run's own environment without what would lead the app elsewhere. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(HOLDOUT_|DATABASE_|HOST$|PORT$|NODE_ENV$)/.test(name),
  );
  return Object.fromEntries(kept) as NodeJS.ProcessEnv;
}

function untilPrinted(child: ChildProcess, isThere: () => boolean, output: () => string): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => finish(new Error(`The server did not start in time:\n${output()}`)), START_MS);
    const onEnd = (code: number | null) => finish(new Error(`The server ended with ${code}:\n${output()}`));
    const onData = () => isThere() && finish(null);
    function finish(error: Error | null): void {
      clearTimeout(timer);
      child.off("close", onEnd);
      child.stdout?.off("data", onData);
      if (error) reject(error);
      else resolve();
    }
    child.on("close", onEnd);
    child.stdout?.on("data", onData);
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

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" ? (address?.port ?? 0) : 0));
    });
  });
}
