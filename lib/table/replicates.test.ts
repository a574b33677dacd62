import { expect, test } from "vitest";
import { systemActor } from "../access/actor.ts";
import { listAudit } from "../access/audit.ts";
import { updateProject } from "../settings/project-settings.ts";
import { newProject, newRun, prepareWorkspace } from "../test-workspace.ts";
import { groupRuns } from "./groups.ts";
import { previewReplicates } from "./replicates.ts";
import { readRunsPage } from "./rows.ts";

prepareWorkspace();

async function projectWith(configs: Record<string, unknown>[]) {
  const project = await newProject();
  for (const [index, config] of configs.entries())
    await newRun(project, { name: `run ${index}`, config, seed: index } as never);
  return project;
}

const sizes = async (project: { id: string }) =>
  (await groupRuns(systemActor, project.id, { by: ["replicates"], summaries: [] })).groups.map(({ count }) => count);

test("a path left aside takes all below it with it, as the preview said, and what counts again splits the runs again", async () => {
  const project = await projectWith([
    { lr: 1, data: { root: "/a", workers: 1 } },
    { lr: 1, data: { root: "/b", workers: 2 } },
    { lr: 1, database: "x", data: { root: "/b", workers: 2 } },
  ]);
  expect(await sizes(project)).toEqual([1, 1, 1]);
  expect(await previewReplicates(systemActor, project.id, ["data", "nothing"])).toEqual({
    runs: 3,
    before: { sets: 3, single: 3 },
    after: { sets: 2, single: 1 },
    unknown: ["nothing"],
  });
  expect(await sizes(project)).toEqual([1, 1, 1]);
  const updated = await updateProject(systemActor, project.id, { replicateIgnores: ["data"] });
  expect(updated.replicateIgnores).toEqual(["data"]);
  expect(await sizes(project)).toEqual([2, 1]);
  await newRun(project, { config: { lr: 1, data: { root: "/c" } } } as never);
  expect(await sizes(project)).toEqual([3, 1]);
  await updateProject(systemActor, project.id, { replicateIgnores: [] });
  expect(await sizes(project)).toEqual([1, 1, 1, 1]);
  const acts = (await listAudit(systemActor, {})).rows.filter(({ action }) => action === "project.update");
  expect(acts.map(({ detail }) => detail)).toEqual([
    { from: { replicateIgnores: ["data"] }, to: { replicateIgnores: [] } },
    { from: { replicateIgnores: [] }, to: { replicateIgnores: ["data"] } },
  ]);
});

test("a set whose runs have one seed between them is said to be one value", async () => {
  const project = await newProject();
  for (const seed of [1, 1]) await newRun(project, { config: { lr: 1 }, seed });
  for (const seed of [1, 2]) await newRun(project, { config: { lr: 2 }, seed });
  const { before } = await previewReplicates(systemActor, project.id, []);
  expect(before).toEqual({ sets: 2, single: 1 });
});

test.each([
  [["a", "a"], "expected each path once"],
  [[""], "Too small"],
  [["a\u0000"], "no control characters"],
  [Array.from({ length: 101 }, (_, index) => `k${index}`), "Too big"],
])("the paths %j are refused", async (paths, detail) => {
  const project = await newProject();
  for (const refused of [
    () => updateProject(systemActor, project.id, { replicateIgnores: paths }),
    () => previewReplicates(systemActor, project.id, paths),
  ])
    await expect(refused()).rejects.toMatchObject({ status: 400, detail: expect.stringContaining(detail) });
});

test("a filter by a set's digest finds its runs, and no other text is taken for one", async () => {
  const project = await projectWith([{ lr: 1 }, { lr: 1 }, { lr: 2 }]);
  const { groups } = await groupRuns(systemActor, project.id, { by: ["replicates"], summaries: [] });
  const digest = groups[0]!.key.replicates;
  const found = async (filter: string) =>
    (await readRunsPage(systemActor, project.id, { columns: ["replicates"], sort: "name", filter })).rows;
  const rows = await found(`replicates = "${digest}"`);
  expect(rows.map(({ name }) => name)).toEqual(["run 0", "run 1"]);
  expect(rows[0]!.values.replicates).toBe(digest);
  expect((await found(`replicates != "${digest}"`)).map(({ name }) => name)).toEqual(["run 2"]);
  await expect(found("replicates = abc")).rejects.toMatchObject({
    errors: [{ field: "filter", detail: expect.stringContaining("64 hexadecimal digits") }],
  });
});
