/** What came with an import is kept, shown as the word of elsewhere, and is no result, champion or permission here. */
import { v7 as uuidv7 } from "uuid";
import { expect, test } from "vitest";
import { connections } from "../../db/connection.ts";
import { systemActor } from "../access/actor.ts";
import { listAudit } from "../access/audit.ts";
import { readChampionPage } from "../champions/champion-page.ts";
import { check, clean } from "../datasets/test-samples.ts";
import { listEvaluations } from "../evaluations/evaluations.ts";
import { listRunEvaluations } from "../evaluations/live/listed.ts";
import { countLooksAt } from "../looks/looks.ts";
import { getManifest } from "../manifests/manifests.ts";
import { deleteProject, purgeProject } from "../projects/deleted.ts";
import { deleteRun, purgeRun } from "../runs/deleted.ts";
import { createRun } from "../runs/runs.ts";
import { updateProject } from "../settings/project-settings.ts";
import { newMember, newProject, newRun, newToken, prepareWorkspace } from "../test-workspace.ts";
import type { Project } from "../wire/projects.ts";
import { exportProject } from "./export-project.ts";
import { importRecords, listImportedClaims, listImportedEvaluations, listImportedOverrides } from "./imported.ts";
import { newRecords, recordsOf } from "./test-records.ts";

prepareWorkspace();

const looksAt = async (digest: string) => (await countLooksAt(connections().db, [digest])).get(digest) ?? 0;
const place = (project: Project, run: { id: string }) => ({ id: run.id, projectId: project.id });

test("records are kept as they came, and the same import again adds nothing", async () => {
  const project = await newProject();
  const { run } = await newRun(project);
  const { actor } = await newToken(project, "evaluate");
  const { validation, test: opened, claim, override } = recordsOf(run.id);
  const sent = { records: [validation, opened, claim, override] };
  expect(await importRecords(actor, project.id, sent)).toEqual({ stored: 4, there: 0 });
  expect(await importRecords(actor, project.slug, sent)).toEqual({ stored: 0, there: 4 });
  expect(await listImportedEvaluations(systemActor, place(project, run))).toEqual([opened, validation]);
  expect(await listImportedClaims(systemActor, project.id)).toEqual([{ ...claim, runName: run.name }]);
  expect(await listImportedOverrides(systemActor, project.id, override.manifest)).toEqual([override]);
  const acts = (await listAudit(systemActor, {})).rows.filter(({ action }) => action === "record.import");
  expect(acts).toMatchObject([{ projectId: project.id, detail: { override: 1, evaluation: 2, claim: 1 } }]);
});

test("a record that comes again and says otherwise stands beside the one that was there, and the newest holds", async () => {
  const project = await newProject();
  const { run } = await newRun(project);
  const { claim } = await newRecords(project.id, run.id);
  const refused = { ...claim, signOffs: [{ approves: false, word: "the split leaks", by: "Ben", at: claim.at }] };
  expect(await importRecords(systemActor, project.id, { records: [refused] })).toEqual({ stored: 1, there: 0 });
  expect(await importRecords(systemActor, project.id, { records: [claim] })).toEqual({ stored: 0, there: 1 });
  expect(await listImportedClaims(systemActor, project.id)).toEqual([{ ...refused, runName: run.name }]);
});

test("none of it is a result, a champion or evidence", async () => {
  const project = await newProject("Animals", "accuracy");
  const { manifest } = await check(clean(40), {}, false, project);
  const { run } = await newRun(project, { manifest: manifest.id });
  await newRecords(project.id, run.id, manifest.id);
  expect(await listEvaluations(systemActor, run.id)).toEqual([]);
  const { actor: member } = await newMember("member");
  expect(await listRunEvaluations(member, run.id)).toEqual([]);
  expect(await readChampionPage(member, project, manifest.id)).toMatchObject({ champion: null, claims: [], rules: [] });
});

test("an override that was written elsewhere allows nothing: a blocked manifest takes no run by it", async () => {
  const rows = clean(40).map((row, at) => (at === 1 || at === 17 ? { ...row, content: "a copy", label: "1" } : row));
  const { project, manifest } = await check(rows);
  await newRecords(project.id, (await newRun(project)).run.id, manifest.id);
  expect(await getManifest(systemActor, project.id, manifest.id)).toMatchObject({ verdict: "block", override: null });
  const citing = { id: uuidv7(), project: project.id, manifest: manifest.id };
  await expect(createRun(systemActor, citing)).rejects.toMatchObject({ errors: [{ field: "manifest" }] });
});

test("a test evaluation comes in with its look or not at all", async () => {
  const project = await newProject();
  const { run } = await newRun(project);
  const { test: opened } = recordsOf(run.id);
  const splitDigest = "5".repeat(64);
  const record = { ...opened, splitDigest };
  await importRecords(systemActor, project.id, { records: [record] });
  await importRecords(systemActor, project.id, { records: [{ ...record, report: null }] });
  expect(await looksAt(splitDigest)).toBe(1);
  const other = { ...record, id: uuidv7(), splitDigest: "6".repeat(64) };
  await expect(importRecords(systemActor, project.id, { records: [other] })).rejects.toMatchObject({
    errors: [{ field: "records.0.look" }],
  });
  await expect(importRecords(systemActor, project.id, { records: [{ ...record, look: null }] })).rejects.toMatchObject({
    errors: [{ field: "records.0.look" }],
  });
  expect(await looksAt(other.splitDigest)).toBe(0);
});

test("its numbers are shown, and go out again, to who may see every test number of the project alone", async () => {
  const project = await newProject();
  const { run } = await newRun(project);
  const records = await newRecords(project.id, run.id);
  const hidden = { ...records.test, report: null };
  const { actor: reader } = await newToken(project, "read");
  const { actor: seeing } = await newToken(project, "evaluate");
  const shown = async (actor: typeof reader) => (await listImportedEvaluations(actor, place(project, run)))[0];
  const exported = async (actor: typeof reader) => {
    let text = "";
    for await (const line of exportProject(actor, project.id, { runs: [], archived: true }, "1.0.0")) text += line;
    const lines = text.trimEnd().split("\n");
    return lines.map((line) => JSON.parse(line) as object).filter((line) => "split" in line && line.split === "test");
  };
  expect([await shown(seeing), await exported(seeing)]).toEqual([records.test, [records.test]]);
  expect([await shown(reader), await exported(reader)]).toEqual([hidden, [hidden]]);
  const laddered = await newProject();
  await updateProject(systemActor, laddered.id, { testMode: "ladder" });
  const { run: other } = await newRun(laddered);
  await newRecords(laddered.id, other.id);
  const { actor: member } = await newMember("admin");
  expect((await listImportedEvaluations(member, place(laddered, other)))[0]).toMatchObject({ report: null });
});

test("who may not open test splits brings none, nor into a run of another project, nor from a time to come", async () => {
  const project = await newProject();
  const { run } = await newRun(project);
  const { override, claim } = recordsOf(run.id);
  for (const scope of ["ingest", "read", "admin"] as const) {
    const { actor } = await newToken(project, scope);
    await expect(importRecords(actor, project.id, { records: [override] })).rejects.toMatchObject({ status: 403 });
  }
  const { run: foreign } = await newRun(await newProject());
  await expect(
    importRecords(systemActor, project.id, { records: [override, { ...claim, run: foreign.id }] }),
  ).rejects.toMatchObject({ errors: [{ field: "records.1.run" }] });
  const late = { ...override, at: "2098-01-05T09:00:00.000Z" };
  await expect(importRecords(systemActor, project.id, { records: [late] })).rejects.toMatchObject({
    errors: [{ field: "records.0.at" }],
  });
  expect(await listImportedOverrides(systemActor, project.id, override.manifest)).toEqual([]);
});

test("a run that a record is of goes only with its project", async () => {
  const project = await newProject();
  const { run } = await newRun(project);
  await importRecords(systemActor, project.id, { records: [recordsOf(run.id).claim] });
  await deleteRun(systemActor, run.id);
  await expect(purgeRun(systemActor, run.id)).rejects.toMatchObject({ status: 409 });
  const { actor: admin } = await newMember("admin");
  await deleteProject(admin, project.id);
  await purgeProject(admin, project.id);
  expect(await connections().sql`select from imported_records where project_id = ${project.id}`).toHaveLength(0);
});
