/** In which order runs are kept up, what their end waits for, and what one that can't be kept up means for others: nothing. */
import { afterEach, expect, test, vi } from "vitest";
import { connections } from "../../db/connection.ts";
import { systemActor } from "../access/actor.ts";
import { readRunsPage } from "../table/rows.ts";
import { batchOf, bytesOf, newProject, newRun, prepareWorkspace } from "../test-workspace.ts";
import { appendBatch } from "./append.ts";
import { compactRun } from "./compact.ts";
import { endRun } from "./end-run.ts";
import { listSeries } from "./list-series.ts";
import { inTurn, keepUp, type RunBacklog, type RunFailures } from "./upkeep.ts";

prepareWorkspace();
afterEach(() => void vi.restoreAllMocks());

const summary = async (run: string) =>
  (await connections().sql`select metric, count, last from series where run_id = ${run}`)[0];

test("a run whose points can't be read holds up no other run, is said shortly, and is left alone for a while", async () => {
  const said = vi.spyOn(console, "error").mockImplementation(() => {});
  const project = await newProject();
  const made = [];
  for (let at = 0; at < 6; at++) made.push(await newRun(project));
  for (const { run, writer } of made)
    await appendBatch(systemActor, run.id, batchOf(writer, 1, "train", [0, 1], { loss: [2, 1] }));
  const bad = made.slice(0, 3).map(({ run }) => run.id);
  const { sql } = connections();
  await sql`update batches set data = '\\x00'::bytea where run_id = any(${bad})`;
  const failed: RunFailures = new Map();
  await keepUp(new Map(), failed);
  for (const { run } of made.slice(3)) expect(await summary(run.id)).toMatchObject({ count: "2", last: 1 });
  expect([...failed.keys()].sort()).toEqual([...bad].sort());
  expect(said).toHaveBeenCalledTimes(3);
  for (const line of said.mock.calls) expect(line.join(" ").length).toBeLessThan(500);
  await keepUp(new Map(), failed);
  expect(said).toHaveBeenCalledTimes(3);
  await sql`update batches set data = ${bytesOf(batchOf(made[0]!.writer, 1, "train", [0], { loss: [7] }))} where run_id = ${bad[0]!}`;
  failed.get(bad[0]!)!.until = 0;
  await keepUp(new Map(), failed);
  expect(await summary(bad[0]!)).toMatchObject({ last: 7 });
  expect(failed.has(bad[0]!)).toBe(false);
});

test("a batch of more series than a statement has parameters is summed up and compacted, test numbers among them", async () => {
  const { run, writer } = await newRun(await newProject());
  const names = Array.from({ length: 9000 }, (_, at) => (at % 2 === 0 ? `layer${at}` : `test_class${at}`));
  const metrics = Object.fromEntries(names.map((name, at) => [name, [at]]));
  const answer = await appendBatch(systemActor, run.id, batchOf(writer, 1, "train", [0], metrics));
  expect(answer).toMatchObject({ stored: true, points: 9000 });
  expect(answer.quarantined.length).toBe(4500);
  await keepUp(new Map());
  const { series, quarantined } = await listSeries(systemActor, run.id);
  expect([series.length, quarantined.length]).toEqual([4500, 4500]);
  expect(await compactRun(run.id)).toBe(1);
  expect((await listSeries(systemActor, run.id)).series.find(({ metric }) => metric === "layer8")).toMatchObject({
    last: 8,
  });
});

test("a sequence that is in a chunk is a conflict with other points, and known again with the same", async () => {
  const { run, writer } = await newRun(await newProject());
  const send = (sequence: number, value: number) =>
    appendBatch(systemActor, run.id, batchOf(writer, sequence, "train", [sequence], { loss: [value] }));
  for (let sequence = 1; sequence <= 3; sequence++) await send(sequence, sequence);
  await compactRun(run.id);
  for (let sequence = 4; sequence <= 1030; sequence++) await send(sequence, sequence);
  while ((await compactRun(run.id)) > 0);
  for (const sequence of [1, 3, 4, 1024, 1025, 1030]) {
    expect(await send(sequence, sequence)).toMatchObject({ stored: false, duplicate: true });
    await expect(send(sequence, -1)).rejects.toMatchObject({ kind: "conflict" });
  }
  // of a run from before the ledger nothing is known, and a retry is taken for what was stored
  await connections().sql`delete from batch_hashes where run_id = ${run.id} and block = 0`;
  expect(await send(1, -1)).toMatchObject({ duplicate: true });
});

test("a run that ends is in the table with its last point before the answer, while others wait, and those say so", async () => {
  const project = await newProject();
  const made = [];
  for (let at = 0; at < 4; at++) made.push(await newRun(project));
  for (const { run, writer } of made)
    await appendBatch(systemActor, run.id, batchOf(writer, 1, "validation", [0, 1], { accuracy: [0.5, 0.25] }));
  const ended = made[1]!;
  const rows = async () => {
    const page = await readRunsPage(systemActor, project.id, { columns: ["validation/accuracy.max"], sort: "created" });
    return page.rows.map(({ isBehind, values }) => [isBehind, values["validation/accuracy.max"]]);
  };
  await endRun(systemActor, ended.run.id, { status: "finished", writer: ended.writer });
  const waits = [true, undefined];
  expect(await rows()).toEqual([waits, [false, 0.5], waits, waits]);
  // what comes after the end counts as soon
  await appendBatch(systemActor, ended.run.id, batchOf(ended.writer, 2, "validation", [2], { accuracy: [0.75] }));
  expect((await rows())[1]).toEqual([true, 0.5]);
  await keepUp(new Map());
  const there = [false, 0.5];
  expect(await rows()).toEqual([there, [false, 0.75], there, there]);
});

test("runs that have ended go first, then those that wait longest, and projects take turns", () => {
  const run = (name: string, change: Partial<RunBacklog>): RunBacklog => ({
    run_id: name,
    project_id: name.split(" ")[0]!,
    ended: true,
    batches: 1,
    unsummed: 1,
    sequences: "1",
    due: false,
    dead: 0,
    since: 0,
    ...change,
  });
  const waiting = [
    run("import 1", { since: 1 }),
    run("import 2", { since: 2 }),
    run("import 3", { since: 3, unsummed: 0, due: true }),
    run("other old", { since: 0, ended: false }),
    run("other new", { since: 8, ended: false }),
    run("other ended", { since: 9 }),
  ];
  const order = inTurn(waiting).map(({ run_id }) => run_id);
  expect(order).toEqual(["import 1", "other ended", "import 2", "other old", "other new", "import 3"]);
});
