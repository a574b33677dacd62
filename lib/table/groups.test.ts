import { expect, test } from "vitest";
import { systemActor } from "../access/actor.ts";
import { appendBatch } from "../metrics/append.ts";
import { refreshSummaries } from "../metrics/compact.ts";
import { updateProject } from "../projects/projects.ts";
import { batchOf, newProject, newRun, prepareWorkspace } from "../test-workspace.ts";
import { groupRuns } from "./groups.ts";

prepareWorkspace();

const accuracy = "validation/accuracy.max";

async function projectWith(
  given: { config: Record<string, string | number>; seed?: number; value: number; commit?: string }[],
) {
  const project = await newProject();
  for (const { config, seed = null, value, commit } of given) {
    const code = commit ? { commit } : null;
    const { run, writer } = await newRun(project, { config, seed, code } as never);
    await appendBatch(systemActor, run.id, batchOf(writer, 1, "validation", [0], { accuracy: [value] }));
    await refreshSummaries(run.id);
  }
  return project;
}

test("groups have the mean, deviation and interval of all their runs, and one run has neither", async () => {
  const project = await projectWith([
    { config: { family: "cnn", lr: 1 }, value: 0.9 },
    { config: { family: "cnn", lr: 2 }, value: 0.94 },
    { config: { family: "cnn", lr: 3 }, value: 0.95 },
    { config: { family: "rnn" }, value: 0.8 },
    { config: {}, value: Number.NaN },
  ]);
  const { groups, isCut } = await groupRuns(systemActor, project.id, { by: ["config.family"], summaries: [accuracy] });
  expect(isCut).toBe(false);
  expect(groups.map(({ key, count }) => [key["config.family"], count])).toEqual([
    ["cnn", 3],
    ["rnn", 1],
    [null, 1],
  ]);
  // mean 0.93, sd 0.0264575, t(0.975, 2) = 4.3026527
  expect(groups[0]!.summaries[accuracy]).toMatchObject({ n: 3, nonFinite: 0 });
  expect(groups[0]!.summaries[accuracy]!.mean).toBeCloseTo(0.93, 12);
  expect(groups[0]!.summaries[accuracy]!.sd).toBeCloseTo(0.026457513110645928, 12);
  expect(groups[0]!.summaries[accuracy]!.low).toBeCloseTo(
    0.93 - (4.302652729911275 * 0.026457513110645928) / Math.sqrt(3),
    9,
  );
  expect(groups[1]!.summaries[accuracy]).toEqual({ n: 1, mean: 0.8, sd: null, low: null, high: null, nonFinite: 0 });
});

test("replicates are runs that differ in their seed alone; other code is said", async () => {
  const project = await projectWith([
    { config: { lr: 1, seed: 1 }, seed: 1, value: 0.9, commit: "a" },
    { config: { lr: 1, seed: 2 }, seed: 2, value: 0.8, commit: "a" },
    { config: { lr: 2, seed: 1 }, seed: 1, value: 0.7, commit: "a" },
    { config: { lr: 2, seed: 2 }, seed: 2, value: 0.6, commit: "b" },
    { config: { lr: 3, note: "x" }, value: 0.5 },
    { config: { lr: 3, note: "y" }, value: 0.4 },
  ]);
  const replicates = async () =>
    (await groupRuns(systemActor, project.id, { by: ["replicates"], summaries: [] })).groups.map((group) => [
      group.count,
      group.codeDiffers,
      group.members.map(({ seed }) => seed),
    ]);
  expect((await replicates()).sort()).toEqual(
    [
      [2, false, [2, 1]],
      [2, true, [2, 1]],
      [1, false, [null]],
      [1, false, [null]],
    ].sort(),
  );
  await updateProject(systemActor, project.id, { replicateIgnores: ["note"] });
  expect((await replicates()).map(([count]) => count)).toEqual([2, 2, 2]);
});

test.each([
  [{ by: ["validation/accuracy.max"], summaries: [] }, "by"],
  [{ by: ["name"], summaries: [] }, "by"],
  [{ by: ["status"], summaries: ["config.lr"] }, "summaries"],
  [{ by: ["status"], summaries: [], filter: "config.x =" }, "filter"],
])("%j is refused by name", async (query, field) => {
  const project = await newProject();
  await expect(groupRuns(systemActor, project.id, query)).rejects.toMatchObject({ status: 400, errors: [{ field }] });
});
