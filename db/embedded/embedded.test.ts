import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chmodSync, chownSync, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { connect } from "../connection.ts";
import { postgresProcessesOn } from "../processes.ts";
import { type Embedded, readEmbeddedUrls, startEmbedded } from "./embedded.ts";

/** What a start and a stop left: tests of what comes after begin with a copy of it. */
let made: string;
let folder: string;
let server: Embedded | null = null;
const others: ChildProcess[] = [];
const said: string[] = [];

beforeAll(async () => {
  made = await mkdtemp(path.join(tmpdir(), "holdout-test-"));
  const first = await startEmbedded({ folder: made, isDurable: false });
  await first.stop();
});
afterAll(() => rm(made, { recursive: true, force: true }));
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "holdout-test-"));
  said.length = 0;
});
afterEach(async () => {
  await server?.stop();
  server = null;
  for (const child of others.splice(0)) child.kill("SIGKILL");
  await rm(folder, { recursive: true, force: true });
});

async function start(on = folder): Promise<Embedded> {
  server = await startEmbedded({ folder: on, say: (line) => said.push(line) });
  return server;
}

/** Gives `folder` what an earlier start left, to the same users. */
const startedBefore = () => execFileSync("cp", ["-a", `${made}/.`, folder]);

async function ask(url: string, statement: string): Promise<readonly Record<string, unknown>[]> {
  const client = connect(url, { max: 1, connect_timeout: 10 });
  try {
    return await client.unsafe(statement);
  } finally {
    await client.end();
  }
}

const dataOf = (on = folder) => path.join(on, "postgres", "data");
const masterOf = (on = folder) => Number(readFileSync(path.join(dataOf(on), "postmaster.pid"), "utf8").split("\n")[0]);

async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  await expect.poll(async () => holds(), { timeout: 20_000, interval: 50 }).toBe(true);
}

/** A process that starts the server and is then killed, so that nothing of it is left to stop the server. */
async function startAndKillStarter(): Promise<number> {
  const program = `
    const { startEmbedded } = await import(${JSON.stringify(new URL("./embedded.ts", import.meta.url).href)});
    await startEmbedded({ folder: ${JSON.stringify(folder)} });
    console.log("ready");`;
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  others.push(child);
  await new Promise((resolve) => child.stdout.once("data", resolve));
  const master = masterOf();
  for (const watchdog of watchdogsOf(master)) process.kill(watchdog, "SIGKILL");
  child.kill("SIGKILL");
  return master;
}

function watchdogsOf(master: number): number[] {
  const list = execFileSync("ps", ["-eo", "pid=,args="], { encoding: "utf8" }).split("\n");
  return list
    .filter((line) => line.includes(`read -r line; kill -INT ${master}`))
    .map((line) => Number.parseInt(line, 10));
}

test("it answers on a Unix socket alone, to both roles, with passwords that only its owner can read", async () => {
  const { ownerUrl, appUrl } = await start();
  const [settings] = await ask(
    ownerUrl,
    `select current_setting('listen_addresses') as addresses, current_setting('fsync') as fsync,
      current_setting('synchronous_commit') as commit, current_setting('full_page_writes') as pages,
      current_setting('data_checksums') as checksums, current_setting('server_encoding') as encoding`,
  );
  expect(settings).toEqual({
    addresses: "",
    fsync: "on",
    commit: "on",
    pages: "on",
    checksums: "on",
    encoding: "UTF8",
  });
  expect(await ask(appUrl, "select current_user as name")).toMatchObject([{ name: "holdout_app" }]);
  for (const file of ["owner-password", "app-password"])
    expect(statSync(path.join(folder, file)).mode & 0o777).toBe(0o600);
  expect(statSync(path.join(folder, "postgres", "run")).mode & 0o777).toBe(0o700);
  expect(existsSync(path.join(folder, "postgres", "initial-password"))).toBe(false);
  const wrong = new URL(ownerUrl);
  wrong.password = "guess";
  await expect(ask(wrong.toString(), "select 1")).rejects.toMatchObject({ code: "28P01" });
  expect(readEmbeddedUrls(folder)).toEqual({ ownerUrl, appUrl });
});

test("what was committed is there after a stop and a start", async () => {
  startedBefore();
  const { ownerUrl, stop } = await start();
  await ask(ownerUrl, "create table kept as select 7 as number");
  await stop();
  expect(postgresProcessesOn(dataOf())).toEqual([]);
  await start();
  expect(await ask(ownerUrl, "select number from kept")).toMatchObject([{ number: 7 }]);
});

test("a server that is killed comes back by itself with what was committed", async () => {
  startedBefore();
  const { ownerUrl } = await start();
  await ask(ownerUrl, "create table kept as select 7 as number");
  const killed = masterOf();
  process.kill(killed, "SIGKILL");
  await until(() => existsSync(path.join(dataOf(), "postmaster.pid")) && masterOf() !== killed);
  await until(() =>
    ask(ownerUrl, "select 1").then(
      () => true,
      () => false,
    ),
  );
  expect(await ask(ownerUrl, "select number from kept")).toMatchObject([{ number: 7 }]);
  expect(said.join()).toMatch(/ended by itself \(SIGKILL\)/);
});

test("a server that ends again and again is given up, with its last words", async () => {
  startedBefore();
  const lost = new Promise<Error>((resolve) => {
    void startEmbedded({ folder, onLost: resolve }).then((started) => {
      server = started;
      // it can't start on this once it is gone
      writeFileSync(path.join(dataOf(), "postgresql.conf"), "nonsense = 1\n");
      process.kill(masterOf(), "SIGKILL");
    });
  });
  expect((await lost).message).toMatch(/did not start[\s\S]*nonsense/);
});

test("a server whose starter was killed is stopped, and its data served on", async () => {
  startedBefore();
  const orphan = await startAndKillStarter();
  expect(postgresProcessesOn(dataOf())).toContain(orphan);
  const { ownerUrl } = await start();
  expect(masterOf()).not.toBe(orphan);
  expect(said.join()).toMatch(/still runs from an earlier start/);
  expect(await ask(ownerUrl, "select 1 as one")).toMatchObject([{ one: 1 }]);
});

test("a server ends with its starter, however that one ends", async () => {
  startedBefore();
  const program = `
    const { startEmbedded } = await import(${JSON.stringify(new URL("./embedded.ts", import.meta.url).href)});
    await startEmbedded({ folder: ${JSON.stringify(folder)} });
    console.log("ready");`;
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await new Promise((resolve) => child.stdout.once("data", resolve));
  child.kill("SIGKILL");
  await until(() => postgresProcessesOn(dataOf()).length === 0);
  await until(() => !existsSync(path.join(dataOf(), "postmaster.pid")));
});

test("a lock file with the id of a process that is something else is put aside", async () => {
  startedBefore();
  const lockFile = path.join(dataOf(), "postmaster.pid");
  const { uid, gid } = statSync(dataOf());
  // PostgreSQL minds only ids of its own user
  const stranger = spawn("sleep", ["600"], process.getuid?.() === 0 ? { uid, gid } : {});
  others.push(stranger);
  writeFileSync(lockFile, `${stranger.pid}\n${dataOf()}\n1\n5432\n${folder}\n\n 1 1\nready   \n`, { mode: 0o600 });
  if (process.getuid?.() === 0) chownSync(lockFile, uid, gid);
  const { ownerUrl } = await start();
  expect(await ask(ownerUrl, "select 1 as one")).toMatchObject([{ one: 1 }]);
  expect(stranger.exitCode).toBe(null);
});

test("an initialisation that was broken off is made again", async () => {
  await mkdir(`${dataOf()}.new/base`, { recursive: true });
  const { ownerUrl } = await start();
  expect(await ask(ownerUrl, "select 1 as one")).toMatchObject([{ one: 1 }]);
});

test("a path too long for a socket gets a folder of its own elsewhere", async () => {
  chmodSync(folder, 0o755);
  const long = path.join(folder, "x".repeat(100));
  const { ownerUrl } = await start(long);
  const socketFolder = new URL(ownerUrl).searchParams.get("host") ?? "";
  expect(socketFolder.startsWith(long)).toBe(false);
  expect(statSync(socketFolder).mode & 0o777).toBe(0o700);
  expect(await ask(ownerUrl, "select 1 as one")).toMatchObject([{ one: 1 }]);
  await rm(socketFolder, { recursive: true, force: true });
});

test("data of another PostgreSQL major is refused with the way out", async () => {
  startedBefore();
  writeFileSync(path.join(dataOf(), "PG_VERSION"), "17\n");
  await expect(start()).rejects.toThrow(/made by PostgreSQL 17.*npm run restore/s);
});

test("a password file that is missing or another's is named", async () => {
  startedBefore();
  const file = path.join(folder, "owner-password");
  await rename(file, `${file}.away`);
  await expect(start()).rejects.toThrow(/owner-password is missing/);
  writeFileSync(file, "another");
  await expect(start()).rejects.toThrow(/refuses the password in owner-password/);
});

test("the last words of a server that doesn't start are in the error", async () => {
  startedBefore();
  writeFileSync(path.join(dataOf(), "postgresql.conf"), "nonsense = 1\n");
  await expect(start()).rejects.toThrow(/unrecognized configuration parameter "nonsense"/);
});
