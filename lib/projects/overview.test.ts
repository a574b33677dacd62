import { expect, test } from "vitest";
import { systemActor } from "../access/actor.ts";
import { appendBatch } from "../metrics/append.ts";
import { refreshSummaries } from "../metrics/compact.ts";
import { archiveRuns, deleteRuns } from "../runs/bulk.ts";
import { batchOf, newMember, newProject, newRun, prepareWorkspace } from "../test-workspace.ts";
import { listOverviews } from "./overview.ts";
import { createProject } from "./projects.ts";

prepareWorkspace();

test("the list says each project's best run, the newest runs' bests in order, and what runs, whatever stands beside", async () => {
  const { actor } = await newMember("member");
  const low = await createProject(systemActor, { name: "Low", primaryMetric: "loss", primaryDirection: "min" });
  const values = [0.5, 0.2, 0.1, 0.3];
  const made = [];
  for (const [at, value] of values.entries()) {
    const { run, writer } = await newRun(low, { name: `run ${at}` });
    await appendBatch(systemActor, run.id, batchOf(writer, 1, "validation", [0, 1], { loss: [value + 1, value] }));
    await appendBatch(systemActor, run.id, batchOf(writer, 2, "train", [0], { loss: [0] }));
    await refreshSummaries(run.id);
    made.push(run);
  }
  await newRun(low, { name: "without values" });
  // the best of all is deleted: the next best stands in its place
  await deleteRuns(systemActor, low.id, { ids: [made[2]!.id] });
  const empty = await newProject("Empty", "accuracy");
  const [second, first] = await listOverviews(actor);
  expect(second).toMatchObject({ id: empty.id, best: null, trend: [], activeAt: null, running: { runs: [], by: [] } });
  expect(first).toMatchObject({
    id: low.id,
    best: { run: made[1]!.id, name: "run 1", value: 0.2 },
    trend: [0.5, 0.2, 0.3],
    runCount: 4,
    runningCount: 4,
  });
  expect(first!.running.runs.map(({ name }) => name)).toEqual(["without values", "run 3", "run 1", "run 0"]);
  expect(first!.running.by).toHaveLength(1);
  expect(Date.parse(first!.activeAt!)).toBeGreaterThan(Date.parse(made[3]!.createdAt) - 1);
});

test("an archived run is no project's best, as on the page of a run, and of equal ones the oldest is", async () => {
  const { actor } = await newMember("member");
  const high = await createProject(systemActor, { name: "High", primaryMetric: "accuracy", primaryDirection: "max" });
  const made = [];
  for (const value of [0.7, 0.8, 0.8, 0.9]) {
    const { run, writer } = await newRun(high, { name: `reached ${value}` });
    await appendBatch(systemActor, run.id, batchOf(writer, 1, "validation", [0], { accuracy: [value] }));
    await refreshSummaries(run.id);
    made.push(run);
  }
  await archiveRuns(systemActor, high.id, { ids: [made[3]!.id] });
  const found = (await listOverviews(actor)).find(({ id }) => id === high.id);
  expect(found).toMatchObject({ best: { run: made[1]!.id, value: 0.8 }, trend: [0.7, 0.8, 0.8] });
});
