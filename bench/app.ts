/** One Holdout for the bench: the production build, its own data folder, port and embedded PostgreSQL. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { v4 as uuidv4 } from "uuid";
import { connect } from "../db/connection.ts";
import { readEmbeddedUrls } from "../db/embedded/embedded.ts";
import { root } from "../db/root.ts";
import { freePort } from "../lib/test-port.ts";

export type BenchApp = {
  url: string;
  pid: number;
  dataDir: string;
  /** The database, as its owner. */
  ownerUrl: string;
  /** The first admin's one-time link. */
  link: string;
  /** What the heap of its main thread holds after a collection, with the buffers outside it. */
  heapBytes: () => Promise<number>;
  stop: () => Promise<void>;
};

const START_MS = 5 * 60_000;
const STOP_MS = 20_000;
const POLL_MS = 50;
/** Loaded into the app: asked by a message, collects what nobody holds and answers what is left. */
const ANSWERS_HEAP = `data:text/javascript,${encodeURIComponent(`
  process.on("message", () => {
    gc();
    const { heapUsed, external } = process.memoryUsage();
    process.send({ heapBytes: heapUsed + external });
  });
  process.channel?.unref();`)}`;

/**
 * Starts it in a folder for temporary files, which `stop` removes; the build is made where it is stale. From then on
 * this process's own calls of lib reach the same database, as the app's role. No setting of the user's is read.
 */
export async function startBenchApp(): Promise<BenchApp> {
  const dataDir = await mkdtemp(path.join(tmpdir(), "holdout-bench-"));
  const url = `http://127.0.0.1:${await freePort()}`;
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(HOLDOUT_|DATABASE_|HOST$|PORT$|NODE_ENV$)/.test(name),
  );
  const own = {
    HOLDOUT_ENV_FILE: "",
    HOLDOUT_DATA_DIR: dataDir,
    HOLDOUT_URL: url,
    HOLDOUT_SECRET: uuidv4() + uuidv4(),
    PORT: new URL(url).port,
  };
  const child = spawn(process.execPath, ["--expose-gc", "--import", "tsx", "--import", ANSWERS_HEAP, "bin/start.ts"], {
    cwd: root,
    env: { ...Object.fromEntries(kept), ...own } as unknown as NodeJS.ProcessEnv,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const output = gather(child);
  const stop = async () => {
    await end(child);
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    await untilServing(child, output);
    const { ownerUrl, appUrl } = readEmbeddedUrls(dataDir);
    const { DATABASE_URL: _url, ...rest } = process.env;
    process.env = { ...rest, ...own, DATABASE_APP_URL: appUrl } as unknown as NodeJS.ProcessEnv;
    return {
      url,
      pid: child.pid ?? 0,
      dataDir,
      ownerUrl,
      heapBytes: async () => {
        child.send("heap");
        const [{ heapBytes }] = (await once(child, "message")) as [{ heapBytes: number }];
        return heapBytes;
      },
      link: /first admin .*: (http\S+)/.exec(output())?.[1] ?? "",
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A further web server of that one's installation, on its database and files, at an address of its own. */
export async function startBeside(app: BenchApp): Promise<{ url: string; stop: () => Promise<void> }> {
  const dataDir = await mkdtemp(path.join(tmpdir(), "holdout-bench-"));
  await symlink(path.join(app.dataDir, "blobs"), path.join(dataDir, "blobs"));
  const url = `http://127.0.0.1:${await freePort()}`;
  const { ownerUrl, appUrl } = readEmbeddedUrls(app.dataDir);
  const own = {
    HOLDOUT_ROLE: "web",
    HOLDOUT_DATA_DIR: dataDir,
    HOLDOUT_URL: url,
    PORT: new URL(url).port,
    DATABASE_URL: ownerUrl,
    DATABASE_APP_URL: appUrl,
  };
  const child = spawn(process.execPath, ["--import", "tsx", "bin/start.ts"], {
    cwd: root,
    env: { ...process.env, ...own },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const stop = async () => {
    await end(child);
    await rm(dataDir, { recursive: true, force: true });
  };
  await untilServing(child, gather(child)).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return { url, stop };
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

/** Runs `use` with a connection of the database's owner. */
export async function asOwner<Result>(
  ownerUrl: string,
  use: (sql: ReturnType<typeof connect>) => Promise<Result>,
): Promise<Result> {
  const sql = connect(ownerUrl, { max: 1 });
  try {
    return await use(sql);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

async function untilServing(child: ChildProcess, output: () => string): Promise<void> {
  const deadline = Date.now() + START_MS;
  while (!/Ctrl-C stops everything/.test(output())) {
    if (child.exitCode !== null || Date.now() > deadline)
      throw new Error(`The app of the bench did not start:\n${output()}`);
    await delay(POLL_MS);
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGINT");
  if ((await Promise.race([gone, delay(STOP_MS, "late", { ref: false })])) !== "late") return;
  child.kill("SIGKILL");
  await gone;
}
