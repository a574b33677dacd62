/** One of several servers leads: each here has sessions of its own, as a process has. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, beforeEach, expect, test } from "vitest";
import { closeConnections, connect } from "./connection.ts";
import { leadUntil, readLeaders } from "./lead.ts";
import { createTestDatabase, type TestDatabase } from "./test-database.ts";

let database: TestDatabase;
const ends: (() => Promise<unknown> | unknown)[] = [];
const TAKEN_OVER_MS = 10_000;

beforeEach(async () => {
  database = await createTestDatabase();
  process.env.DATABASE_APP_URL = database.appUrl;
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  await closeConnections();
  delete process.env.DATABASE_APP_URL;
  await database.drop();
});

type Server = { leads: Set<string>; stop: () => Promise<void> };

/** Leads `a` and `b` where it can; each work lasts until it is told to end. */
function startServer(): Server {
  const [over, leads] = [new AbortController(), new Set<string>()];
  const work = (kind: string) => async (leading: AbortSignal) => {
    leads.add(kind);
    if (!leading.aborted) await once(leading, "abort");
    leads.delete(kind);
  };
  const ended = leadUntil(over.signal, { a: work("a"), b: work("b") });
  const stop = async () => {
    over.abort();
    await ended;
  };
  ends.push(stop);
  return { leads, stop };
}

const all = (servers: Server[]) => servers.flatMap(({ leads }) => [...leads]).sort();

test("each kind of work has one leader among three servers, and the next one where the leader stops", async () => {
  const servers = [startServer(), startServer(), startServer()];
  await expect.poll(() => all(servers)).toEqual(["a", "b"]);
  const leader = servers.find(({ leads }) => leads.has("a"))!;
  await leader.stop();
  expect(leader.leads.size).toBe(0);
  await expect.poll(() => all(servers), { timeout: TAKEN_OVER_MS }).toEqual(["a", "b"]);
});

test("which session leads a kind of work is read from the database, and changes with its leader", async () => {
  const [first, second] = [startServer(), startServer()];
  await expect.poll(() => all([first, second])).toEqual(["a", "b"]);
  const sql = connect(database.appUrl, { max: 1 });
  ends.push(() => sql.end());
  const leaderOf = async (kind: string) => (await readLeaders(sql, ["a", "b", "nobody's"])).get(kind);
  const before = await leaderOf("a");
  expect(before).toBeGreaterThan(0);
  expect(await leaderOf("nobody's")).toBeUndefined();
  await [first, second].find(({ leads }) => leads.has("a"))!.stop();
  await expect.poll(() => leaderOf("a"), { timeout: TAKEN_OVER_MS }).toBeGreaterThan(0);
  expect(await leaderOf("a")).not.toBe(before);
});

test("work that fails is begun again by who leads it", async () => {
  const over = new AbortController();
  let begun = 0;
  const failing = async (leading: AbortSignal) => {
    if (++begun === 1) throw new Error("the first time");
    if (!leading.aborted) await once(leading, "abort");
  };
  const ended = leadUntil(over.signal, { failing });
  ends.push(async () => {
    over.abort();
    await ended;
  });
  await expect.poll(() => begun, { timeout: TAKEN_OVER_MS }).toBe(2);
});

test("a leader whose session is cut ends its work, and somebody leads again within ten seconds", async () => {
  const servers = [startServer(), startServer()];
  await expect.poll(() => all(servers)).toEqual(["a", "b"]);
  const owner = connect(database.appUrl, { max: 1 });
  ends.push(() => owner.end());
  const leader = servers.find(({ leads }) => leads.has("a"))!;
  const cut = await owner`select pg_terminate_backend(pid) from pg_locks
    where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`;
  expect(cut.length).toBeGreaterThan(0);
  await expect.poll(() => leader.leads.size).toBe(0);
  await expect.poll(() => all(servers), { timeout: TAKEN_OVER_MS }).toEqual(["a", "b"]);
});

test("where a leader's process is killed, another takes over within ten seconds", async () => {
  const program = `
    const { leadUntil } = await import(${JSON.stringify(new URL("./lead.ts", import.meta.url).href)});
    const forever = new AbortController().signal;
    const work = async () => { process.send("leads"); await new Promise(() => {}); };
    await leadUntil(forever, { a: work });`;
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", program], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  ends.push(() => child.kill("SIGKILL"));
  await once(child, "message");
  const server = startServer();
  await expect.poll(() => all([server])).toEqual(["b"]);
  child.kill("SIGKILL");
  await expect.poll(() => all([server]), { timeout: TAKEN_OVER_MS }).toEqual(["a", "b"]);
});

test("a server that is too old for the database leads nothing", async () => {
  const owner = connect(database.ownerUrl, { max: 1 });
  ends.push(() => owner.end());
  const [row] = await owner<{ since: string }[]>`select servers_since as since from workspace`;
  const over = new AbortController();
  let led = false;
  const lead = async () => {
    led = true;
  };
  const tooOld = leadUntil(over.signal, { a: lead }, Number(row!.since) - 1);
  const server = startServer();
  await expect.poll(() => all([server])).toEqual(["a", "b"]);
  over.abort();
  await tooOld;
  expect(led).toBe(false);
});
