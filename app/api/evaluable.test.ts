/** Who may be evaluated on which test split: asked as a program asks. */
import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { systemActor } from "@/lib/access/actor.ts";
import { putArtifact } from "@/lib/artifacts/artifacts.ts";
import { overrideManifest } from "@/lib/checks/report.ts";
import { check, clean, type Row } from "@/lib/datasets/test-samples.ts";
import { requireEvaluable } from "@/lib/evaluations/may-evaluate.ts";
import { diffManifests } from "@/lib/manifests/diff.ts";
import { registerManifest } from "@/lib/manifests/register.ts";
import { deleteRun, purgeRun } from "@/lib/runs/deleted.ts";
import { newProject, newRun, newToken, prepareWorkspace, TEST_ORIGIN } from "@/lib/test-workspace.ts";
import type { Problem } from "@/lib/wire/base/problem.ts";
import type { Manifest } from "@/lib/wire/data/manifests.ts";
import type { WordedEvaluable } from "@/lib/wire/evaluations/evaluable.ts";
import type { Project } from "@/lib/wire/projects.ts";
import { GET } from "./v1/runs/[run]/evaluable/route.ts";

prepareWorkspace();

type Place = { project: Project; token: string };

async function newPlace(): Promise<Place> {
  const project = await newProject();
  return { project, token: (await newToken(project, "read")).secret };
}

async function ask<Answer = WordedEvaluable>({ token }: Place, run: string, query: string): Promise<Answer> {
  const request = new Request(`${TEST_ORIGIN}/api/v1/runs/${run}/evaluable?${query}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  return (await GET(request, { params: Promise.resolve({ run }) })).json() as Promise<Answer>;
}

/** A checked manifest of `rows`, in `project`. */
const manifestOf = async ({ project }: Place, rows: Row[], given = {}): Promise<Manifest> =>
  (await check(rows, given, false, project)).manifest;

/** A run on the manifest, that began as another's weights where `parent` is given. */
async function runOn({ project }: Place, manifest: Manifest | null, parent?: string): Promise<string> {
  const began = parent ? { parent: { run: parent, checkpoint: "weights.bin" } } : {};
  const { run } = await newRun(project, { manifest: manifest?.id ?? null, ...began });
  await putArtifact(systemActor, run.id, {
    path: "weights.bin",
    contentType: null,
    expectedSha256: null,
    content: Readable.from([Buffer.from(run.id)]),
  });
  return run.id;
}

/** Clean samples, of which some are in another split or hold another content. */
const cleanBut = (changes: Record<string, Partial<Row>>): Row[] =>
  clean(100).map((row) => ({ ...row, ...changes[row.key] }));
/** Test samples of `clean(100)`, in the order of their keys. */
const TESTED = ["s00016", "s00017", "s00018", "s00019"] as const;

const nothingAgainst = { evaluable: true, reasons: [], leak: { count: 0, samples: [] } };

test("a run may be evaluated on the test split of the manifest that it cites, and of one with other train samples", async () => {
  const place = await newPlace();
  const own = await manifestOf(place, clean(100));
  const smaller = await manifestOf(place, clean(100).slice(2));
  const run = await runOn(place, own);
  expect(await ask(place, run, `manifest=${own.id}`)).toEqual({ run, manifest: own.id, ...nothingAgainst });
  expect(await ask(place, run, `manifest=${smaller.id}`)).toMatchObject(nothingAgainst);
  await requireEvaluable(systemActor, run, own.id);
});

test("test samples that the run was trained or tuned on are listed, by key and by content, and it is refused", async () => {
  const place = await newPlace();
  const asked = await manifestOf(place, clean(100));
  const cited = await manifestOf(
    place,
    cleanBut({
      [TESTED[0]]: { split: "train", content: "the same key, encoded anew" },
      [TESTED[1]]: { split: "validation" },
      [TESTED[2]]: { content: "another" },
      s00000: { content: TESTED[2] },
    }),
  );
  const run = await runOn(place, cited);
  const answer = await ask(place, run, `manifest=${asked.id}`);
  const figures = { manifest: "planted", tests: 20, leaking: 3, first: TESTED.slice(0, 3) };
  expect(answer).toMatchObject({ evaluable: false, reasons: [{ kind: "leak", field: "manifest", figures }] });
  expect(answer.leak).toEqual({
    count: 3,
    samples: [
      { key: TESTED[0], manifest: cited.id, split: "train", as: TESTED[0] },
      { key: TESTED[1], manifest: cited.id, split: "validation", as: TESTED[1] },
      { key: TESTED[2], manifest: cited.id, split: "train", as: "s00000" },
    ],
  });
  await expect(requireEvaluable(systemActor, run, asked.id)).rejects.toMatchObject({
    status: 409,
    detail: expect.stringContaining(`run ${run} can't be evaluated on the test split of manifest ${asked.id}`),
    errors: [{ field: "manifest", detail: expect.stringContaining(TESTED.slice(0, 3).join(", ")) }],
  });
});

test("the comparison of two manifests says whose runs are refused on whose test split", async () => {
  const place = await newPlace();
  const one = await manifestOf(place, clean(100));
  const other = await manifestOf(place, cleanBut({ [TESTED[0]]: { split: "train" } }));
  const risks = async (before: Manifest, after: Manifest) =>
    (await diffManifests(systemActor, place.project.id, before.id, after.id)).counts;
  expect(await risks(one, other)).toMatchObject({ leakRisk: 1, leakRiskInBefore: 1 });
  expect(await risks(other, one)).toMatchObject({ leakRisk: 1, leakRiskInBefore: 0 });
  expect(await ask(place, await runOn(place, one), `manifest=${other.id}`)).toMatchObject(nothingAgainst);
  expect(await ask(place, await runOn(place, other), `manifest=${one.id}`)).toMatchObject({ leak: { count: 1 } });
});

test("what a run's weights come from was trained on counts as the run's own, however far back", async () => {
  const place = await newPlace();
  const own = await manifestOf(place, clean(100));
  const first = await manifestOf(place, cleanBut({ [TESTED[3]]: { split: "train" } }));
  const parent = await runOn(place, own, await runOn(place, first));
  const run = await runOn(place, own, parent);
  const answer = await ask(place, run, `manifest=${own.id}`);
  expect(answer.reasons.map(({ kind }) => kind)).toEqual(["leak"]);
  expect(answer.leak).toEqual({
    count: 1,
    samples: [{ key: TESTED[3], manifest: first.id, split: "train", as: TESTED[3] }],
  });
});

test("a key means the same sample in versions of one dataset alone", async () => {
  const place = await newPlace();
  const asked = await manifestOf(place, clean(100));
  const rows = clean(100).map((row) => ({ ...row, split: row.split === "test" ? ("train" as const) : row.split }));
  const cited = await manifestOf(
    place,
    rows.map((row) => ({ ...row, content: row.key === TESTED[1] ? row.key : `shoe ${row.key}` })),
    { dataset: { name: "shoes", version: "1" } },
  );
  const { counts } = await diffManifests(systemActor, place.project.id, asked.id, cited.id);
  expect(counts).toMatchObject({ leakRisk: 1, leakRiskInBefore: 1 });
  const { leak } = await ask(place, await runOn(place, cited), `manifest=${asked.id}`);
  expect(leak).toEqual({
    count: 1,
    samples: [{ key: TESTED[1], manifest: cited.id, split: "train", as: TESTED[1] }],
  });
});

test("a run that cites no manifest, or whose weights come from one that doesn't or is gone, is refused", async () => {
  const place = await newPlace();
  const manifest = await manifestOf(place, clean(100));
  const uncited = await runOn(place, null);
  const run = await runOn(place, manifest, uncited);
  for (const asked of [uncited, run])
    expect(await ask(place, asked, `manifest=${manifest.id}`)).toMatchObject({
      evaluable: false,
      reasons: [{ kind: "uncited", field: "run", detail: expect.stringContaining("cites no manifest") }],
    });
  await deleteRun(systemActor, uncited);
  await purgeRun(systemActor, uncited);
  expect((await ask(place, run, `manifest=${manifest.id}`)).reasons).toMatchObject([
    { kind: "uncited", detail: expect.stringContaining(`run ${uncited}, which its weights come from, is gone`) },
  ]);
});

test("a blocked manifest is refused until a member overrides the block, whatever copies it holds", async () => {
  const place = await newPlace();
  const usable = await manifestOf(place, clean(100).slice(2));
  const blocked = await manifestOf(place, cleanBut({ s00001: { content: "a copy" }, s00017: { content: "a copy" } }));
  const run = await runOn(place, usable);
  const refused = await ask(place, run, `manifest=${blocked.id}`);
  expect(refused).toMatchObject({ evaluable: false, reasons: [{ kind: "blocked", field: "manifest" }] });
  await overrideManifest(systemActor, place.project.id, blocked.id, { reason: "one known copy, harmless here" });
  expect(await ask(place, run, `manifest=${blocked.id}`)).toMatchObject(nothingAgainst);
  expect(await ask(place, await runOn(place, blocked), `manifest=${blocked.id}`)).toMatchObject(nothingAgainst);
});

test("a manifest is refused while its checks, which may block it, run", async () => {
  const place = await newPlace();
  const checked = await manifestOf(place, clean(100));
  const unchecked = await registerManifest(systemActor, {
    project: place.project.id,
    name: "another",
    dataset: checked.dataset,
    method: "stratified",
    seed: 7,
  });
  const answer = await ask(place, await runOn(place, unchecked), `manifest=${unchecked.id}`);
  expect(answer.reasons.map(({ kind }) => kind)).toEqual(["unchecked"]);
});

test("what is asked badly is said by its name", async () => {
  const place = await newPlace();
  const manifest = await manifestOf(place, clean(100));
  const run = await runOn(place, manifest);
  expect(await ask<Problem>(place, run, "manifest=digits")).toMatchObject({
    status: 400,
    errors: [{ field: "manifest" }],
  });
  expect(await ask<Problem>(place, run, `manifest=${"0".repeat(64)}`)).toMatchObject({ status: 404 });
});
