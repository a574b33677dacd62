/** What needs more than a transaction finds it past a pooler; the rest goes through. Skipped where pgbouncer isn't installed. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { asRoleOf, closeConnections, connect, connections, limitStatements } from "../../db/connection.ts";
import { leadUntil } from "../../db/lead.ts";
import { createTestDatabase, type TestDatabase } from "../../db/test-database.ts";
import { systemActor } from "../../lib/access/actor.ts";
import { enqueueJob, findJob, runNextJob } from "../../lib/jobs/jobs.ts";
import { subscribe } from "../../lib/live/subscribe.ts";
import { appendBatch } from "../../lib/metrics/append.ts";
import { keepUp } from "../../lib/metrics/upkeep.ts";
import { createProject } from "../../lib/projects/projects.ts";
import { createRun } from "../../lib/runs/runs.ts";
import { createWriter } from "../../lib/runs/writers.ts";
import type { Notice } from "../../lib/wire/notice.ts";
import type { Batch } from "../../lib/wire/points/batch.ts";
import { findPgBouncer, type PgBouncer, startPgBouncer } from "../servers/pgbouncer.ts";
import { openDatabase } from "./database.ts";
import { readSettings } from "./settings.ts";

const program = findPgBouncer();

describe.skipIf(program === null)("through PgBouncer in transaction mode", () => {
  let database: TestDatabase;
  let pgbouncer: PgBouncer;
  beforeAll(async () => {
    database = await createTestDatabase();
    pgbouncer = await startPgBouncer(program!, [database.ownerUrl, database.appUrl]);
    process.env.DATABASE_APP_URL = pgbouncer.through(database.appUrl);
    process.env.DATABASE_DIRECT_URL = database.appUrl;
  });
  afterAll(async () => {
    await closeConnections();
    delete process.env.DATABASE_APP_URL;
    delete process.env.DATABASE_DIRECT_URL;
    await pgbouncer?.stop();
    await database?.drop();
  });

  test("a hundred statements at once, with parameters and in transactions, find no session of before", async () => {
    const { sql, db } = connections();
    const sums = await Promise.all(
      Array.from({ length: 100 }, (_, at) =>
        at % 2
          ? sql<{ sum: number }[]>`select ${at}::int + 1 as sum`
          : sql.begin((tx) => tx<{ sum: number }[]>`select ${at}::int + 1 as sum`),
      ),
    );
    expect(sums.map(([row]) => row!.sum)).toEqual(sums.map((_, at) => at + 1));
    expect((await db.query.workspace.findFirst())?.id).toBe(1);
  });

  test("points come in, are summed up, and whoever listens hears of the run", async () => {
    const heard: Notice[] = [];
    const leave = await subscribe((notice) => void heard.push(notice));
    const project = await createProject(systemActor, { name: "Pooled" });
    const { id } = await createRun(systemActor, { project: project.id, name: "pooled", config: {} });
    const writer = crypto.randomUUID();
    await createWriter(systemActor, id, { writer, mode: "start" });
    const batch = (sequence: number): Batch => {
      const steps = Float64Array.from({ length: 100 }, (_, at) => (sequence - 1) * 100 + at);
      const times = steps.map((step) => 1.7e12 + step);
      return { writer, sequence, groups: [{ split: "train", steps, times, metrics: new Map([["loss", steps]]) }] };
    };
    for (let sequence = 1; sequence <= 20; sequence++) await appendBatch(systemActor, id, batch(sequence));
    expect(await appendBatch(systemActor, id, batch(20))).toMatchObject({ stored: false, duplicate: true });
    expect(await keepUp(new Map())).toBeGreaterThan(0);
    await expect.poll(() => heard.some((notice) => notice.kind === "run" && notice.run === id)).toBe(true);
    leave();
  });

  test("a job is claimed and done once by workers on few sessions", async () => {
    for (const subject of ["a", "b", "c"]) await enqueueJob(connections().db, { kind: "count", subject });
    const done: string[] = [];
    const count = async ({ subject }: { subject: string }) => void done.push(subject);
    await Promise.all(Array.from({ length: 6 }, () => runNextJob({ count })));
    expect(done.sort()).toEqual(["a", "b", "c"]);
    expect(await findJob("count", "a")).toMatchObject({ status: "done" });
  });

  test("a lock of a session is held past it, and free once its holder has ended", async () => {
    const over = new AbortController();
    const led: AbortSignal[] = [];
    const ended = leadUntil(over.signal, { pooled: async (leading) => void led.push(leading) });
    await expect.poll(() => led).toHaveLength(1);
    const other = connect(database.appUrl, { max: 1 });
    const locked = () => other<{ pid: number }[]>`select pid from pg_locks where locktype = 'advisory'
      and database = (select oid from pg_database where datname = current_database())`;
    expect(await locked()).toHaveLength(1);
    over.abort();
    await ended;
    await expect.poll(locked).toHaveLength(0);
    await other.end();
  });

  test("a start migrates past it, and its statements have a deadline in every session", async () => {
    const names = ["HOLDOUT_ENV_FILE", "DATABASE_URL", "DATABASE_APP_URL", "DATABASE_DIRECT_URL"];
    const before = names.map((name) => [name, process.env[name]] as const);
    Object.assign(process.env, {
      HOLDOUT_ENV_FILE: "",
      DATABASE_URL: pgbouncer.through(database.ownerUrl),
      DATABASE_APP_URL: pgbouncer.through(database.appUrl),
      DATABASE_DIRECT_URL: asRoleOf(database.ownerUrl, database.ownerUrl),
    });
    const settings = readSettings();
    for (const [name, value] of before)
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    const opened = await openDatabase(
      settings,
      () => {},
      () => {},
    );
    expect(new URL(opened.directUrl!).username).toBe(new URL(database.appUrl).username);
    // twice changes nothing
    await limitStatements(opened.directUrl!);
    const fresh = connect(database.appUrl, { max: 1 });
    expect(await fresh`show statement_timeout`).toEqual([{ statement_timeout: "10min" }]);
    await fresh.end();
  });
});
