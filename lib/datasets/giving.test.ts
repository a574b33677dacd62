/** Datasets belong to the projects that were given them: what others reach of them is nothing. */
import { beforeEach, expect, test } from "vitest";
import { connections } from "../../db/connection.ts";
import { systemActor } from "../access/actor.ts";
import { listAudit } from "../access/audit.ts";
import { diffManifests } from "../manifests/diff.ts";
import { readCanonicalText } from "../manifests/manifests.ts";
import { registerManifest } from "../manifests/register.ts";
import { exportManifest, readThumbnail } from "../manifests/samples.ts";
import { samplesOf } from "../manifests/test-manifest.ts";
import { deleteProject, purgeProject } from "../projects/deleted.ts";
import { newMember, newProject, newToken, prepareWorkspace } from "../test-workspace.ts";
import type { Project } from "../wire/projects.ts";
import { addSamples, completeDataset, createDataset, listDatasets } from "./datasets.ts";
import { giveDataset, listGivenDatasets, takeDatasetAway } from "./giving.ts";
import { uploadSamples } from "./upload.ts";

prepareWorkspace();

const named = { name: "cats", version: "1" };
const splits = { a: "train", b: "validation", c: "test" } as const;
const thumbnail = (grey: number) => Buffer.alloc(32 * 32, grey).toString("base64");
const place = {} as { alpha: Project; beta: Project; dataset: string };

/** Alpha has a dataset with samples; Beta has none. */
beforeEach(async () => {
  place.alpha = await newProject("Alpha");
  place.beta = await newProject("Beta");
  place.dataset = (await createDataset(systemActor, { project: place.alpha.id, ...named })).id;
  await addSamples(systemActor, place.dataset, { ...samplesOf(splits), thumbnail: [1, 2, 3].map(thumbnail) });
});

const manifestOf = (project: Project, actor: Parameters<typeof registerManifest>[0] = systemActor) =>
  registerManifest(actor, { project: project.id, name: "cats", dataset: named, method: "given" });
const manifestFrom = (project: Project, actor: Parameters<typeof registerManifest>[0] = systemActor) =>
  registerManifest(actor, {
    project: project.id,
    name: "c",
    dataset: named,
    method: "given",
    samples: samplesOf(splits),
  });
const gift = (project: Project) => ({ dataset: place.dataset, project: project.id });

test.each(["ingest", "admin"] as const)(
  "a %s token of another project neither adds to a dataset nor completes it",
  async (scope) => {
    const { actor } = await newToken(place.beta, scope);
    const late = samplesOf({ late: "train" });
    const file = new Blob(['{"key":"late","text":"late"}\n']).stream();
    await expect(addSamples(actor, place.dataset, late)).rejects.toMatchObject({ status: 404 });
    await expect(uploadSamples(actor, place.dataset, { format: "jsonl" }, file)).rejects.toMatchObject({ status: 404 });
    await expect(completeDataset(actor, place.dataset)).rejects.toMatchObject({ status: 404 });
    expect(await addSamples(systemActor, place.dataset, late)).toEqual({ added: 1, there: 0 });
  },
);

test("a project registers no manifest of another's dataset, and so exports none of its samples", async () => {
  await completeDataset(systemActor, place.dataset);
  const { actor } = await newToken(place.beta, "admin");
  for (const register of [manifestOf, manifestFrom])
    for (const who of [actor, systemActor])
      await expect(register(place.beta, who)).rejects.toMatchObject({ status: 400, errors: [{ field: "dataset" }] });
  const { id } = await manifestFrom(place.alpha);
  await expect(exportManifest(actor, undefined, id, "csv").next()).rejects.toMatchObject({ status: 404 });
  await expect(readCanonicalText(actor, undefined, id).next()).rejects.toMatchObject({ status: 404 });
  await expect(readThumbnail(actor, undefined, id, "a")).rejects.toMatchObject({ status: 404 });
  await expect(diffManifests(actor, undefined, id, id)).rejects.toMatchObject({ status: 404 });
});

test("two projects each have a dataset of one name, and neither sees the other's", async () => {
  const { actor } = await newToken(place.beta, "ingest");
  const own = await createDataset(actor, { ...named, temporal: true });
  expect(own).toMatchObject({ ...named, temporal: true });
  expect(own.id).not.toBe(place.dataset);
  expect((await createDataset(actor, named)).id).toBe(own.id);
  expect((await listDatasets(actor, undefined)).map(({ id }) => id)).toEqual([own.id]);
  expect((await listDatasets(systemActor, place.alpha.id)).map(({ id }) => id)).toEqual([place.dataset]);
});

test("of many who register one name at the same time all get the same dataset", async () => {
  const make = () => createDataset(systemActor, { project: place.beta.id, name: "at once", version: "1" });
  const made = await Promise.all(Array.from({ length: 8 }, make));
  expect(new Set(made.map(({ id }) => id)).size).toBe(1);
});

test("equal samples make the same manifest in two projects, and each sees the thumbnails of its own dataset", async () => {
  const { actor } = await newToken(place.beta, "ingest");
  const own = await createDataset(actor, named);
  await addSamples(actor, own.id, { ...samplesOf(splits), thumbnail: [7, 8, 9].map(thumbnail) });
  const [ofAlpha, ofBeta] = [await manifestFrom(place.alpha), await manifestFrom(place.beta, actor)];
  expect(ofBeta.id).toBe(ofAlpha.id);
  const [theirs, mine] = await Promise.all(
    [place.alpha, place.beta].map((project) => readThumbnail(systemActor, project.id, ofAlpha.id, "a")),
  );
  expect(Buffer.from(mine!)).not.toEqual(Buffer.from(theirs!));
});

test("what differs from another project's dataset is said without that dataset's name", async () => {
  await manifestFrom(place.alpha);
  const { actor } = await newToken(place.beta, "ingest");
  const other = { name: "mine", version: "1" };
  await createDataset(actor, { ...other, temporal: true });
  const samples = samplesOf(splits);
  const refused = registerManifest(actor, { name: "c", dataset: other, method: "given", samples });
  await expect(refused).rejects.toMatchObject({
    status: 409,
    detail: expect.stringContaining("another project's dataset"),
  });
  await expect(refused).rejects.not.toMatchObject({ detail: expect.stringContaining("cats") });
});

test("an admin gives a dataset to a project and takes it away, and the audit says both", async () => {
  const { actor: admin } = await newMember("admin");
  const { actor: token } = await newToken(place.beta, "ingest");
  for (let time = 0; time < 2; time++) await giveDataset(admin, gift(place.beta));
  expect(await addSamples(token, place.dataset, samplesOf({ late: "train" }))).toEqual({ added: 1, there: 0 });
  for (let time = 0; time < 2; time++) await takeDatasetAway(admin, gift(place.beta));
  await expect(addSamples(token, place.dataset, samplesOf({ later: "train" }))).rejects.toMatchObject({ status: 404 });
  const { rows } = await listAudit(admin, {});
  const said = rows.filter(({ subject }) => subject === `dataset:${place.dataset}`).map(({ action }) => action);
  expect(said).toEqual(["dataset.take-away", "dataset.give", "dataset.create"]);
});

test("a dataset that no project has stands first, until it is given", async () => {
  const { actor: admin } = await newMember("admin");
  await takeDatasetAway(admin, gift(place.alpha));
  await createDataset(systemActor, { project: place.beta.id, name: "newer", version: "1" });
  expect((await listGivenDatasets(admin)).datasets[0]).toMatchObject({ id: place.dataset, ...named, projects: [] });
  const { name, version } = named;
  const found = async (q: string) => (await listGivenDatasets(admin, { q })).datasets.map(({ id }) => id);
  expect(await found(`${version} ${name.toUpperCase()}`)).toContain(place.dataset);
  expect(await found("%_\0'")).toEqual([]);
  expect(await listGivenDatasets(admin, { limit: 0 })).toMatchObject({ datasets: [{ id: place.dataset }] });
  await giveDataset(admin, gift(place.beta));
  const holders = (await listGivenDatasets(admin)).datasets.find(({ id }) => id === place.dataset)?.projects;
  expect(holders).toEqual([{ id: place.beta.id, name: "Beta", isDeleted: false, manifestCount: 0 }]);
});

test("a dataset isn't taken from a project that has a manifest of it, nor given where its name is taken", async () => {
  await manifestFrom(place.alpha);
  await expect(takeDatasetAway(systemActor, gift(place.alpha))).rejects.toMatchObject({ status: 409 });
  await createDataset(systemActor, { project: place.beta.id, ...named });
  await expect(giveDataset(systemActor, gift(place.beta))).rejects.toMatchObject({
    status: 409,
    errors: [{ field: "project" }],
  });
  const rows = connections().sql`delete from project_datasets where dataset_id = ${place.dataset}`;
  await expect(rows).rejects.toMatchObject({ code: "23503" });
});

test.each(["viewer", "member"] as const)("a %s gives nothing away", async (role) => {
  const { actor } = await newMember(role);
  for (const act of [giveDataset, takeDatasetAway])
    await expect(act(actor, gift(place.beta))).rejects.toMatchObject({ status: 403 });
  await expect(listGivenDatasets(actor)).rejects.toMatchObject({ status: 403 });
});

test.each([{}, { dataset: "cats" }, { dataset: 1, project: null }])(
  "%j is refused by the field's name",
  async (input) => {
    const refused = { status: 400, errors: expect.arrayContaining([expect.objectContaining({ field: "dataset" })]) };
    await expect(giveDataset(systemActor, input as never)).rejects.toMatchObject(refused);
  },
);

test("purging a project removes the datasets that it alone had, and no other's", async () => {
  const countSamples = async () => {
    const [row] = await connections().sql`
      select count(*)::int as n from dataset_samples s join datasets d on d.number = s.dataset_number where d.id = ${place.dataset}`;
    return row!.n as number;
  };
  const purge = async (project: Project) => {
    await deleteProject(systemActor, project.id);
    await purgeProject(systemActor, project.id);
  };
  await giveDataset(systemActor, gift(place.beta));
  await manifestFrom(place.beta);
  await purge(place.beta);
  expect(await countSamples()).toBe(3);
  await manifestFrom(place.alpha);
  await purge(place.alpha);
  expect(await countSamples()).toBe(0);
  expect((await listGivenDatasets(systemActor)).datasets.find(({ id }) => id === place.dataset)).toBeUndefined();
});
