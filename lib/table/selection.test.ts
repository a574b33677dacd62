import { expect, test } from "vitest";
import type { Actor } from "../access/actor.ts";
import { systemActor } from "../access/actor.ts";
import { listAudit } from "../access/audit.ts";
import { archiveRuns, deleteRuns, restoreRuns, tagRuns, unarchiveRuns, untagRuns } from "../runs/bulk.ts";
import { newMember, newProject, newRun, prepareWorkspace } from "../test-workspace.ts";
import type { Project } from "../wire/projects.ts";
import { readRunsPage } from "./rows.ts";
import { selectRuns } from "./selection.ts";

prepareWorkspace();

/** Three runs `a`, `b`, `c` with `lr` 1, 2, 3; their ids in that order. */
async function threeRuns(): Promise<{ project: Project; ids: [string, string, string] }> {
  const project = await newProject("Acts");
  const ids: string[] = [];
  for (const [index, name] of ["a", "b", "c"].entries())
    ids.push((await newRun(project, { name, config: { lr: index + 1 } })).run.id);
  return { project, ids: ids as [string, string, string] };
}

/** Runs of a selection, for an act on them. */
const select = (project: Project, selection: unknown, actor: Actor = systemActor) =>
  selectRuns(actor, project.id, selection, { permission: "runs.delete" });

const shown = async (project: Project, query: object = {}) =>
  (await readRunsPage(systemActor, project.id, { columns: [], sort: "name", ...query })).rows.map(({ name }) => name);

test("tagging what matches is undone by taking the tag off what was changed", async () => {
  const { project, ids } = await threeRuns();
  await tagRuns(systemActor, project.id, await select(project, { ids: [ids[2]] }), "baseline");
  const changed = await tagRuns(
    systemActor,
    project.id,
    await select(project, { filter: "config.lr >= 2" }),
    " baseline ",
  );
  expect(changed).toEqual({ ids: [ids[1]] });
  expect(await shown(project, { filter: "tags = baseline" })).toEqual(["b", "c"]);
  expect(await untagRuns(systemActor, project.id, changed, "baseline")).toEqual(changed);
  expect(await shown(project, { filter: "tags = baseline" })).toEqual(["c"]);
});

test("archived runs are shown when asked for, and come back", async () => {
  const { project, ids } = await threeRuns();
  const changed = await archiveRuns(systemActor, project.id, await select(project, { filter: "config.lr <= 2" }));
  expect(changed.ids.toSorted()).toEqual(ids.slice(0, 2).toSorted());
  expect(await shown(project)).toEqual(["c"]);
  expect(await shown(project, { archived: true })).toEqual(["a", "b", "c"]);
  expect(await archiveRuns(systemActor, project.id, await select(project, { filter: "", archived: true }))).toEqual({
    ids: [ids[2]],
  });
  await unarchiveRuns(systemActor, project.id, changed);
  expect(await shown(project)).toEqual(["a", "b"]);
});

test("deleting leaves one audit row that says how many and by which filter, and is undone by the ids", async () => {
  const { project } = await threeRuns();
  const changed = await deleteRuns(systemActor, project.id, await select(project, { filter: "config.lr in (1, 3)" }));
  expect(await shown(project, { archived: true })).toEqual(["b"]);
  const [act] = (await listAudit(systemActor)).rows;
  expect(act).toMatchObject({ action: "runs.delete", detail: { runs: 2, filter: "config.lr in (1, 3)" } });
  const restored = await restoreRuns(systemActor, project.id, changed);
  expect(restored.ids.toSorted()).toEqual(changed.ids.toSorted());
  expect(await shown(project)).toEqual(["a", "b", "c"]);
});

test("an act that changes nothing leaves no audit row", async () => {
  const { project } = await threeRuns();
  const before = (await listAudit(systemActor)).rows[0];
  expect(await untagRuns(systemActor, project.id, await select(project, { filter: "" }), "nothing")).toEqual({
    ids: [],
  });
  expect(await archiveRuns(systemActor, project.id, await select(project, { filter: "config.lr > 5" }))).toEqual({
    ids: [],
  });
  expect((await listAudit(systemActor)).rows[0]).toEqual(before);
});

test("a run of another project, a bad tag and a viewer are refused, and nothing is changed", async () => {
  const { project, ids } = await threeRuns();
  const other = await threeRuns();
  const mixed = { ids: [ids[0], other.ids[0]] };
  await expect(select(project, mixed)).rejects.toMatchObject({ status: 404 });
  await expect(select(project, { ids: ["a"] })).rejects.toMatchObject({ status: 404 });
  expect(await archiveRuns(systemActor, project.id, { ids: [other.ids[0]] })).toEqual({ ids: [] });
  await expect(tagRuns(systemActor, project.id, { ids }, "")).rejects.toMatchObject({ status: 400 });
  await expect(tagRuns(systemActor, project.id, { ids }, "a\nb")).rejects.toMatchObject({ status: 400 });
  const { actor } = await newMember("viewer");
  await expect(select(project, { ids }, actor)).rejects.toMatchObject({ status: 403 });
  await expect(deleteRuns(actor, project.id, { ids })).rejects.toMatchObject({ status: 403 });
  expect(await shown(project)).toEqual(["a", "b", "c"]);
  expect(await shown(other.project)).toEqual(["a", "b", "c"]);
});
