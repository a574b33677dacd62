import { expect, test } from "vitest";
import { connections } from "../../db/connection.ts";
import { systemActor } from "../access/actor.ts";
import { setProjectRole } from "../access/project-roles.ts";
import { declareMetrics } from "../projects/declarations.ts";
import { deleteRun, purgeRun } from "../runs/deleted.ts";
import { createRun, updateRun } from "../runs/runs.ts";
import { listPurgedRuns } from "../runs/tombstones.ts";
import { createView, updateView } from "../table/views.ts";
import { newMember, newProject, newRun, newToken, prepareWorkspace } from "../test-workspace.ts";
import { exportAudit, readAuditPage } from "./audit-page.ts";
import { updateProject } from "./project-settings.ts";

prepareWorkspace();

test("the audit is asked by whom, what and when, and names what was acted on, even what is purged", async () => {
  const { actor } = await newMember("admin");
  const project = await newProject("Signs");
  const machine = await newToken(project, "ingest");
  await createRun(machine.actor, { name: "by a machine" });
  const { run } = await newRun(project, { name: "to go", config: { lr: 0.1 } });
  await updateRun(actor, run.id, { notes: "50%_odd" });
  await deleteRun(actor, run.id);
  await purgeRun(actor, run.id);
  const acts = async (query: object) => (await readAuditPage(actor, query)).rows.map(({ action }) => action);
  const people = await readAuditPage(actor, { by: "people" });
  expect(people.rows.map(({ action }) => action)).toEqual(["run.purge", "run.delete", "run.update", "link.invitation"]);
  expect(people.rows[0]).toMatchObject({
    kind: "run",
    named: { name: "to go" },
    project: { name: "Signs", slug: project.slug },
  });
  const machines = (await readAuditPage(actor, { by: "machines", what: "run.start" })).rows;
  expect(machines.map(({ named }) => named)).toContainEqual({ name: "by a machine", slug: project.slug, number: null });
  expect(await acts({ who: actor.name.toUpperCase(), what: "run. UPDATE" })).toEqual(["run.update"]);
  expect(await acts({ what: "%_odd" })).toEqual(["run.update"]);
  const today = people.rows[0]!.at.slice(0, 10);
  expect(await acts({ by: "people", from: today, until: today })).toHaveLength(4);
  expect(await acts({ until: "2020-01-01" })).toEqual([]);
  expect(await acts({ from: "2099-01-01" })).toEqual([]);
  const first = await readAuditPage(actor, { by: "people", size: 1 });
  expect(await acts({ by: "people", before: first.next! })).toHaveLength(3);
  const csv = (await exportAudit(actor, { by: "people" })).split("\r\n");
  expect(csv).toHaveLength(6);
  expect(csv[1]).toContain(`run.purge,to go,run:${run.id},Signs`);
  await expect(readAuditPage(actor, { from: "soon" })).rejects.toMatchObject({ status: 400 });
  const { actor: member } = await newMember("member");
  await expect(exportAudit(member, {})).rejects.toMatchObject({ status: 403 });
});

test("a change of a project, its metrics, a run, a view or a role says what was before and what is now", async () => {
  const { actor } = await newMember("admin");
  const { actor: other } = await newMember("viewer");
  const [project, elsewhere] = [await newProject("Before"), await newProject("Elsewhere")];
  const { run } = await newRun(project, { name: "as it was" });
  await updateProject(actor, project.id, { name: "After", testBudget: project.testBudget });
  const declare = (unit: string) =>
    declareMetrics(actor, project.id, { metrics: [{ name: "loss", direction: "min", unit }] });
  await declare("");
  await declare("nat");
  await updateRun(actor, run.id, { name: "as it is", notes: "" });
  const view = await createView(actor, project.id, { name: "mine", query: "", isShared: true });
  await updateView(actor, view.id, { name: "ours" });
  await setProjectRole(actor, project.id, other.id, "none");
  await updateProject(actor, elsewhere.id, { name: "Elsewhere 2" });
  const { rows } = await readAuditPage(actor, { by: "people", project: project.id });
  const changes = rows
    .filter(({ detail }) => "to" in detail)
    .map(({ action, detail }) => [action, detail.from, detail.to]);
  const loss = (unit: string) => ({ loss: { direction: "min", unit } });
  expect(changes).toEqual([
    ["member.project-role", "viewer", "none"],
    ["view.update", { name: "mine" }, { name: "ours" }],
    ["run.update", { name: "as it was" }, { name: "as it is" }],
    ["metrics.declare", loss(""), loss("nat")],
    ["metrics.declare", { loss: null }, loss("")],
    ["project.update", { name: "Before" }, { name: "After" }],
  ]);
  const found = await readAuditPage(actor, { what: `run.update run:${run.id}` });
  expect(found.rows.map(({ subject }) => subject)).toEqual([`run:${run.id}`]);
  expect(await exportAudit(actor, { what: "project.update", project: project.id })).toContain('"{""name"":""After""}"');
});

test("a purged run is listed with its config by its project alone, the latest first", async () => {
  const { actor } = await newMember("admin");
  const project = await newProject("Purging");
  for (const name of ["first", "second"]) {
    const { run } = await newRun(project, { name, config: { lr: { of: name } } });
    await deleteRun(actor, run.id);
    await purgeRun(actor, run.id);
  }
  const purged = await listPurgedRuns(systemActor, project.id);
  expect(purged.map(({ name }) => name)).toEqual(["second", "first"]);
  expect(purged[0]).toMatchObject({ config: { lr: { of: "second" } }, purgedBy: actor.name });
  const other = await newToken(await newProject("Other"), "read");
  await expect(listPurgedRuns(other.actor, project.id)).rejects.toMatchObject({ status: 404 });
  expect(await connections().db.query.runs.findMany({ where: (run, { eq }) => eq(run.projectId, project.id) })).toEqual(
    [],
  );
});
