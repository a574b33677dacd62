import { expect, test } from "vitest";
import { connections } from "../../db/connection.ts";
import { jobLanes, jobPrograms } from "../job-programs.ts";
import { ProblemError } from "../problem.ts";
import { prepareWorkspace } from "../test-workspace.ts";
import { enqueueJob, findJob, readFailure, runJobsUntil, runNextJob } from "./jobs.ts";

prepareWorkspace();

const enqueue = (subject: string) => enqueueJob(connections().db, { kind: "count", subject });

test("a job that waits or runs is there once, and says how far it is and how it ended", async () => {
  await enqueue("a");
  await enqueue("a");
  const seen: unknown[] = [];
  const count = async ({ subject }: { subject: string }, report: (share: number, stage: string) => Promise<void>) => {
    await report(0.5, "half");
    seen.push([subject, (await findJob("count", subject))?.progress, (await findJob("count", subject))?.stage]);
    await enqueue("a");
  };
  expect(await runNextJob({ count })).toBe(true);
  expect(await runNextJob({ count })).toBe(false);
  expect(seen).toEqual([["a", 0.5, "half"]]);
  expect(await findJob("count", "a")).toMatchObject({ status: "done", progress: 1 });
});

test("what a job throws is kept with it, and it may be asked for again", async () => {
  await enqueue("broken");
  await runNextJob({
    count: async () => {
      throw new Error("no such number");
    },
  });
  expect(await findJob("count", "broken")).toMatchObject({
    status: "failed",
    failure: { kind: "unforeseen", figures: { text: "no such number" } },
  });
  await enqueue("broken");
  await runNextJob({ count: async () => {} });
  expect(await findJob("count", "broken")).toMatchObject({ status: "done" });
});

test("a job whose connection broke waits again, and is done", async () => {
  await enqueue("cut");
  let tries = 0;
  const count = async () => {
    if (++tries === 1) await connections().sql`select pg_terminate_backend(pg_backend_pid())`;
  };
  await runNextJob({ count });
  expect(await findJob("count", "cut")).toMatchObject({ status: "queued", failure: null });
  await runNextJob({ count });
  expect(await findJob("count", "cut")).toMatchObject({ status: "done", attempts: 2 });
});

test("a job waits for the files that are away, however often it asks, and is done once they are back", async () => {
  await enqueue("files away");
  let isAway = true;
  const count = async () => {
    if (isAway) throw new ProblemError("unavailable", "the files' bucket is away");
  };
  const { sql } = connections();
  for (let asked = 0; asked < 5; asked++) {
    expect(await runNextJob({ count })).toBe(true);
    expect(await runNextJob({ count })).toBe(false);
    expect(await findJob("count", "files away")).toMatchObject({ status: "queued", failure: null });
    await sql`update jobs set not_before = now() where subject = 'files away'`;
  }
  isAway = false;
  await runNextJob({ count });
  expect(await findJob("count", "files away")).toMatchObject({ status: "done" });
});

test.each([
  ["53100", { kind: "disk-full", figures: {} }],
  ["57P01", { kind: "database-away", figures: { attempts: 3 } }],
])("a job that ends by %s keeps which of the known failures it was", async (code, failure) => {
  await enqueue(code);
  const count = async () => {
    throw Object.assign(new Error("the cause"), { code });
  };
  for (let attempt = 1; attempt <= 3; attempt++) await runNextJob({ count });
  expect(await findJob("count", code)).toMatchObject({ status: "failed", failure });
});

test("a job of a kind that nothing does says so, and one from before failures had kinds keeps its sentence", async () => {
  await enqueue("orphan");
  await runNextJob({});
  const orphan = (await findJob("count", "orphan"))!;
  expect(readFailure(orphan)).toEqual({ kind: "no-program", figures: { job: "count" } });
  expect(readFailure({ failure: null, error: "it broke" })).toEqual({
    kind: "earlier-text",
    figures: { text: "it broke" },
  });
  expect(readFailure({ failure: null, error: null })).toBeNull();
});

test("several workers do each job once", async () => {
  const names = Array.from({ length: 12 }, (_, at) => `job ${at}`);
  for (const name of names) await enqueue(name);
  const done: string[] = [];
  const stop = new AbortController();
  const count = async ({ subject }: { subject: string }) => {
    done.push(subject);
    if (done.length === names.length) stop.abort();
  };
  await Promise.all([1, 2, 3].map(() => runJobsUntil(stop.signal, { count })));
  expect(done.sort()).toEqual(names.sort());
});

test("a long job holds up none of another lane, and each kind is in one", async () => {
  await enqueue("long");
  await connections().db.transaction((tx) => enqueueJob(tx, { kind: "other", subject: "short" }));
  const done: string[] = [];
  const note = async ({ subject }: { subject: string }) => void done.push(subject);
  const programs = { count: note, other: note };
  expect(await runNextJob(programs, { but: ["count"] })).toBe(true);
  expect(await runNextJob(programs, { but: ["count"] })).toBe(false);
  expect(done).toEqual(["short"]);
  expect(await runNextJob(programs, { only: ["count"] })).toBe(true);
  expect(await runNextJob(programs, { only: ["count"] })).toBe(false);
  expect(done).toEqual(["short", "long"]);
  for (const kind of Object.keys(jobPrograms))
    expect(
      Object.values(jobLanes).filter((lane) => ("only" in lane ? lane.only.includes(kind) : !lane.but.includes(kind))),
    ).toHaveLength(1);
});

test("a job whose worker died is taken by another once its lease lapses, and given up after three", async () => {
  await enqueue("deadly");
  const { sql } = connections();
  for (let death = 1; death <= 3; death++) {
    const [claimed] = await sql`update jobs set status = 'running', attempts = attempts + 1,
      lease_until = now() + interval '1 minute' where subject = 'deadly' returning attempts`;
    expect(claimed).toEqual({ attempts: death });
    expect(await runNextJob({})).toBe(false);
    await sql`update jobs set lease_until = now() - interval '1 second' where subject = 'deadly'`;
  }
  let ran = false;
  await runNextJob({
    count: async () => {
      ran = true;
    },
  });
  expect(ran).toBe(false);
  expect(await findJob("count", "deadly")).toMatchObject({
    status: "failed",
    failure: { kind: "workers-died", figures: { workers: 3 } },
  });
});
