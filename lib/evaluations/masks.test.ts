/** Segmentation: true masks live with the dataset, predicted ones are held against them, and nothing else is taken. */
import { createHash } from "node:crypto";
import { decode, encode } from "fast-png";
import { beforeAll, expect, test } from "vitest";
import { connections } from "../../db/connection.ts";
import { systemActor } from "../access/actor.ts";
import { addSamples, createDataset } from "../datasets/datasets.ts";
import { registerManifest } from "../manifests/register.ts";
import { listSamples } from "../manifests/samples.ts";
import { newProject, prepareWorkspace } from "../test-workspace.ts";
import type { EvaluationCreate } from "../wire/evaluations/evaluations.ts";
import type { Project } from "../wire/projects.ts";
import { createEvaluation } from "./evaluations.ts";
import { readOverlay } from "./live/overlay.ts";
import { readEvaluated, requireComplete } from "./read-evaluated.ts";
import { doJobs, evaluate, newCheckpointRun } from "./test-evaluation.ts";

prepareWorkspace();
let project: Project;
beforeAll(async () => {
  project = await newProject();
});

const WIDTH = 4;
/** Rows of pixels, a digit each; `i` is nobody's. */
function png(...rows: string[]): string {
  const pixels = Uint8Array.from(rows.join(""), (digit) => (digit === "i" ? 255 : Number(digit)));
  const [width, height] = [rows[0]!.length, rows.length];
  const file = encode({ width, height, data: pixels, channels: 1, depth: 8 });
  return Buffer.from(file).toString("base64");
}
const truths = { a: png("0011", "0011"), b: png("2222", "2222"), c: png("00ii", "0011") };

let versions = 0;
/** A run on a manifest whose validation samples have these masks. */
async function runOf(
  masks: Record<string, string | null>,
  sealed = false,
): Promise<{ run: string; manifest: string; dataset: string }> {
  const dataset = { name: "scenes", version: String(++versions) };
  const { id } = await createDataset(systemActor, { project: project.id, ...dataset });
  const key = [...Object.keys(masks), "train"];
  const hashes = key.map((one) => createHash("sha256").update(`${versions} ${one}`).digest("hex"));
  const samples = { key, contentHash: hashes, mask: [...Object.values(masks), null], sealed: key.map(() => sealed) };
  await addSamples(systemActor, id, samples);
  const manifest = await registerManifest(systemActor, {
    project: project.id,
    name: "scenes",
    dataset,
    method: "given",
    samples: {
      key,
      split: key.map((one) => (one === "train" ? "train" : "validation")),
      label: key.map(() => null),
      contentHash: hashes,
    },
  });
  await doJobs();
  const { run } = await newCheckpointRun(project, manifest);
  return { run, manifest: manifest.id, dataset: id };
}

const classes = ["ground", "one", "two"];
const input: EvaluationCreate = { split: "validation", task: "segmentation", form: "mask", classes };
const predict = (masks: string[]) => ({ sequence: 1, keys: Object.keys(truths), masks });

test("each image is measured by itself, and ignored pixels by nobody", async () => {
  const { run } = await runOf(truths);
  const told = [png("0011", "0111"), png("2222", "2200"), png("0001", "0011")];
  const { id, status } = await evaluate(run, { input, batch: predict(told) });
  expect(status).toBe("done");
  const { evaluation, file } = await requireComplete(run, id);
  const shares: number[] = [];
  const evaluated = await readEvaluated(evaluation, file, async (share) => void shares.push(share));
  if (evaluated.task !== "segmentation") throw new Error(evaluated.task);
  expect(evaluated.ignoredClass).toBe(255);
  expect(shares.at(-1)).toBe(1);
  expect(evaluated.images.map(({ pixels }) => [...Array.from(pixels.cells)])).toEqual([
    [3, 1, 0, 0, 4, 0, 0, 0, 0],
    [0, 0, 0, 0, 0, 0, 2, 0, 6],
    [4, 0, 0, 0, 2, 0, 0, 0, 0],
  ]);
  expect(evaluated.images[0]).toMatchObject({ width: WIDTH, height: 2 });
  // what was told where nobody knows is of no class: the third image is right in every pixel that counts
  expect(evaluated.images[2]!.boundaryF1).toEqual([1, 1, null]);
  expect(evaluated.images[2]!.boundaryIou).toEqual([1, 1, null]);
});

test("an image is shown with the true mask, the told one and where they differ, and a sealed one to nobody", async () => {
  const { run } = await runOf(truths);
  const told = [png("0011", "0111"), truths.b, png("0022", "0011")];
  const { id } = await evaluate(run, { input, batch: predict(told) });
  const shown = async (key: string) => {
    const { width, height, data } = decode(await readOverlay(systemActor, run, id, key));
    return { width, height, rows: rowsOf(data as Uint8Array, width) };
  };
  const grey = [128, 128, 128];
  // class 1 is dark red over grey
  const red = [Math.round(0.4 * 128 + 0.6 * 128), 51, 51];
  const [white, black] = [
    [255, 255, 255],
    [0, 0, 0],
  ];
  const gap = [white, white];
  const a = await shown("a");
  expect(a).toMatchObject({ width: 3 * WIDTH + 4, height: 2 });
  expect(a.rows[1]).toEqual([grey, grey, red, red, ...gap, grey, red, red, red, ...gap, black, white, black, black]);
  const c = await shown("c");
  expect(c.rows[0]!.slice(-WIDTH)).toEqual([black, black, grey, grey]);
  await expect(readOverlay(systemActor, run, id, "train")).rejects.toMatchObject({ status: 404 });
  const sealed = await runOf(truths, true);
  const { id: hidden } = await evaluate(sealed.run, { input, batch: predict(told) });
  await expect(readOverlay(systemActor, sealed.run, hidden, "a")).rejects.toMatchObject({ status: 403 });
});

const rowsOf = (data: Uint8Array, width: number) =>
  Array.from({ length: data.length / width / 3 }, (_, y) =>
    Array.from({ length: width }, (_, x) => [...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)]),
  );

test.each([
  [
    "another size",
    [png("0011", "0011"), png("22", "22"), png("0000", "0000")],
    '1 of the masks have another size than the true ones: "b"; of the first: 2 × 2 where the true one has 4 × 2',
  ],
  [
    "a class that is none",
    [png("0013", "0011"), truths.b, png("0000", "000i")],
    '2 of the masks have pixels of no class: "a", "c"; of the first: 0 to 2 are right',
  ],
  [
    "no picture",
    [Buffer.from("text").toString("base64"), truths.b, truths.a],
    '1 of the masks can\'t be read: "a"; of the first: it is no PNG',
  ],
])("a predicted mask of %s is refused by name, and nothing of its batch is stored", async (_what, masks, why) => {
  const { run } = await runOf(truths);
  await expect(evaluate(run, { input, batch: predict(masks) })).rejects.toMatchObject({
    status: 400,
    detail: expect.stringContaining(why),
  });
  expect(await connections().sql`select from prediction_batches where run_id = ${run}`).toHaveLength(0);
});

test("a split without masks, or with more classes than are named, isn't opened", async () => {
  const { run } = await runOf({ ...truths, d: null, e: null });
  await expect(createEvaluation(systemActor, run, input)).rejects.toMatchObject({
    detail: expect.stringContaining('2 of the validation samples have none: "d", "e"'),
  });
  const few = await runOf(truths);
  await expect(createEvaluation(systemActor, few.run, { ...input, classes: ["ground", "one"] })).rejects.toMatchObject({
    detail: expect.stringContaining('2 are named, and the true masks know 3; those of 1 samples go beyond: "b"'),
  });
});

test("a mask is stored once, is refused where it is none, and whether a sealed one is the same is for no answer to say", async () => {
  const { dataset, manifest } = await runOf(truths);
  const add = (given: object, into = dataset) => addSamples(systemActor, into, given);
  const newest = async () => {
    const [{ hash } = { hash: "" }] = await connections().sql<{ hash: string }[]>`
      select encode(content_hash, 'hex') as hash from dataset_samples where key = 'a' order by dataset_number desc limit 1`;
    return { key: ["a"], contentHash: [hash] };
  };
  const again = await newest();
  expect(await add({ ...again, mask: [truths.a] })).toEqual({ added: 0, there: 1 });
  await expect(add({ ...again, mask: [truths.b] })).rejects.toMatchObject({ errors: [{ field: "mask" }] });
  // a dataset of before has no masks, and what is registered of it again is the same
  const before = await runOf({ ...truths, a: null });
  const late = { ...(await newest()), mask: [truths.a] };
  expect(await add(late, before.dataset)).toEqual({ added: 0, there: 1 });
  const other = { key: ["new"], contentHash: [createHash("sha256").update("new").digest("hex")] };
  await expect(add({ ...other, mask: [Buffer.from("no mask").toString("base64")] })).rejects.toMatchObject({
    errors: [{ field: "mask.0", detail: expect.stringContaining('"new" is no PNG') }],
  });
  expect((await listSamples(systemActor, project.id, manifest, { key: "new" })).samples).toEqual([]);
  const sealed = await runOf(truths, true);
  const guess = { ...(await newest()), sealed: [true], mask: [truths.b] };
  expect(await add(guess, sealed.dataset)).toEqual({ added: 0, there: 1 });
  const { samples } = await listSamples(systemActor, project.id, sealed.manifest, {});
  expect(JSON.stringify(samples)).not.toContain("mask");
});
