/** Predictions at scale, over HTTP: streamed in beside a server that writes the same bodies to disk, and their report. */
import { createHash } from "node:crypto";
import { mkdtemp, open, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { seededRandom } from "../../lib/statistics/resampling/random.ts";
import type { Evaluation, EvaluationCreate } from "../../lib/wire/evaluations/evaluations.ts";
import {
  encodePredictions,
  keysText,
  PREDICTIONS_CONTENT_TYPE,
  packTexts,
} from "../../lib/wire/evaluations/predictions.ts";
import { asOwner } from "../app.ts";
import { type Context, type Row, rowOf, shown } from "../harness.ts";
import { residentMiB, watchMemory } from "../memory.ts";
import { reportPageRows } from "./report-page.ts";

const CLASSES = Array.from({ length: 10 }, (_, index) => `class ${index}`);
const SAMPLES_A_REQUEST = 5_000;
const ROWS_A_BATCH = 100_000;
const SENDERS = 2;
const POLL_MS = 20;

export async function run(context: Context): Promise<Row[]> {
  const few = await prepare(context, "ten thousand", 10_000);
  await untilJobsAreDone(context);
  const small = await evaluate(context, few, { hasKeys: true });
  const many = await prepare(context, "a million", context.mode === "quick" ? 200_000 : 1_000_000);
  // the checks of its manifest are no part of a report
  await untilJobsAreDone(context);
  const idle = await residentMiB(context.app.pid);
  const inOrder = await evaluate(context, many, { hasKeys: false });
  const byKey = await evaluate(context, many, { hasKeys: true });
  const n = shown(many.keys.length);
  const path = `/projects/${context.project.slug}/runs/${many.run}/evaluations/${byKey.id}`;
  const written = "a server that reads the same bodies and writes each to disk with fsync";
  return [
    row("19a", "report of 10,000 × 10 scores, from the last batch on", "s", 2, small.reportS, "until it can be read"),
    row(
      "19b",
      `${n} × 10 scores in the manifest's order ÷ writing them`,
      "×",
      2,
      inOrder.storedS / inOrder.writtenS,
      written,
    ),
    row("19c", `${n} × 10 scores with keys ÷ writing them`, "×", 6, byKey.storedS / byKey.writtenS, written),
    row("19d", `report of ${n} × 10 scores`, "s", 20, inOrder.reportS, "from the last batch until it can be read"),
    row(
      "19e",
      `memory of the app above idle, ${n} × 10 scores`,
      "MiB",
      256,
      inOrder.peakMiB - idle,
      "its resident set before, threads included",
    ),
    ...(await reportPageRows(context, path, n)),
  ];
}

const row = (id: string, name: string, unit: string, most: number, value: number, against: string): Row =>
  rowOf({
    id,
    name,
    unit,
    // a ratio and memory are the same on every machine, time isn't
    bar: { atMost: most, ...(unit === "s" ? { by: "loop" as const } : {}) },
    against,
    samples: [value],
  });

async function untilJobsAreDone({ app }: Context): Promise<void> {
  await asOwner(app.ownerUrl, async (sql) => {
    while ((await sql`select from jobs where status in ('queued', 'running') limit 1`).length > 0) await delay(POLL_MS);
  });
}

type World = { run: string; keys: string[]; truth: Int32Array };

/** A run with a checkpoint on a manifest whose samples are all in validation, but for one in train. */
async function prepare(context: Context, name: string, samples: number): Promise<World> {
  const random = seededRandom(context.seed);
  const truth = Int32Array.from({ length: samples }, () => Math.floor(random() * CLASSES.length));
  const keys = Array.from({ length: samples }, (_, at) => `images/${String(at).padStart(8, "0")}.jpg`);
  const dataset = { name: `evaluated, ${name}`, version: "1" };
  const { id } = await ask<{ id: string }>(context, "POST", "/api/v1/datasets", dataset);
  for (let from = 0; from < samples; from += SAMPLES_A_REQUEST) {
    const key = keys.slice(from, from + SAMPLES_A_REQUEST);
    await ask(context, "POST", `/api/v1/datasets/${id}/samples`, {
      key,
      label: key.map((_, at) => CLASSES[truth[from + at]!]!),
      split: key.map(() => "validation"),
      contentHash: key.map((one) => createHash("sha256").update(`${name} ${one}`).digest("hex")),
    });
  }
  await ask(context, "POST", `/api/v1/datasets/${id}/complete`, {});
  const manifest = await ask<{ id: string }>(context, "POST", "/api/v1/manifests", { name, dataset, method: "given" });
  const run = await ask<{ id: string }>(context, "POST", "/api/v1/runs", { name, manifest: manifest.id });
  const file = "checkpoints/best.safetensors";
  await ask(context, "PUT", `/api/v1/runs/${run.id}/artifacts/${file}`, name);
  await ask(context, "POST", `/api/v1/runs/${run.id}/checkpoints`, { path: file, step: 1, epoch: 1 });
  return { run: run.id, keys, truth };
}

type Evaluated = { id: string; storedS: number; writtenS: number; reportS: number; peakMiB: number };

async function evaluate(context: Context, world: World, { hasKeys }: { hasKeys: boolean }): Promise<Evaluated> {
  const bodies = bodiesOf(context.seed, world, hasKeys);
  const writtenS = await writeBodies(bodies);
  const keysDigest = hasKeys ? null : createHash("sha256").update(keysText(world.keys)).digest("hex");
  const scores = { task: "classification", form: "scores", scoresAre: "probabilities", classes: CLASSES } as const;
  const input: EvaluationCreate = { split: "validation", ...scores, keysDigest };
  const place = `/api/v1/runs/${world.run}/evaluations`;
  const { id } = await ask<Evaluation>(context, "POST", place, input);
  const memory = watchMemory(context.app.pid);
  const storedS = await send(bodies, (body) => ask(context, "POST", `${place}/${id}/predictions`, body));
  const completedAt = performance.now();
  await ask(context, "POST", `${place}/${id}/complete`);
  for (;;) {
    const { status, failure } = await ask<Evaluation>(context, "GET", `${place}/${id}`);
    if (status === "failed") throw new Error(`the report failed: ${failure}`);
    if (status === "done") break;
    await delay(POLL_MS);
  }
  const reportS = (performance.now() - completedAt) / 1000;
  context.say(
    `${world.keys.length} rows ${hasKeys ? "with keys" : "in order"}: stored in ${storedS.toFixed(2)} s, written in ${writtenS.toFixed(2)} s, reported in ${reportS.toFixed(1)} s`,
  );
  return { id, storedS, writtenS, reportS, peakMiB: await memory() };
}

/** Batches whose highest score is that of the true class in nine of ten rows. */
function bodiesOf(seed: number, { keys, truth }: World, hasKeys: boolean): Uint8Array<ArrayBuffer>[] {
  const random = seededRandom(seed + 1);
  const bodies: Uint8Array<ArrayBuffer>[] = [];
  for (let first = 0; first < keys.length; first += ROWS_A_BATCH) {
    const rows = Math.min(ROWS_A_BATCH, keys.length - first);
    const scores = CLASSES.map(() => new Float32Array(rows).fill(0.4 / 9));
    for (let at = 0; at < rows; at++) {
      const isRight = random() < 0.9;
      const index = isRight ? truth[first + at]! : Math.floor(random() * CLASSES.length);
      scores[index]![at] = 0.6;
    }
    const place = hasKeys ? { first: null, keys: packTexts(keys.slice(first, first + rows)) } : { first, keys: null };
    bodies.push(encodePredictions({ sequence: bodies.length + 1, rows, form: "scores", scores, ...place }));
  }
  return bodies;
}

/** Seconds until every body was sent and answered. */
async function send(
  bodies: Uint8Array<ArrayBuffer>[],
  post: (body: Uint8Array<ArrayBuffer>) => Promise<unknown>,
): Promise<number> {
  const startedAt = performance.now();
  const left = bodies.values();
  const sender = async () => {
    for (const body of left) await post(body);
  };
  await Promise.all(Array.from({ length: SENDERS }, sender));
  return (performance.now() - startedAt) / 1000;
}

/** The same bodies to a server that does nothing but keep them: read whole, written, fsynced, answered. */
async function writeBodies(bodies: Uint8Array<ArrayBuffer>[]): Promise<number> {
  const folder = await mkdtemp(path.join(tmpdir(), "holdout-bench-"));
  let files = 0;
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const file = await open(path.join(folder, String(++files)), "wx");
    await file.writeFile(Buffer.concat(pieces));
    await file.sync();
    await file.close();
    response.end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    return await send(bodies, async (body) => (await fetch(url, { method: "POST", body })).text());
  } finally {
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true });
  }
}

/** Asks the bench's app with the token of scope ingest; predictions are bytes. Throws what a refusal says. */
export async function ask<Answer>(
  { app, tokens }: Context,
  method: string,
  place: string,
  body?: object | string | Uint8Array<ArrayBuffer>,
): Promise<Answer> {
  const isPlain = typeof body === "string" || body instanceof Uint8Array || body === undefined;
  const response = await fetch(`${app.url}${place}`, {
    method,
    headers: {
      authorization: `Bearer ${tokens.ingest}`,
      "content-type": body instanceof Uint8Array ? PREDICTIONS_CONTENT_TYPE : "application/json",
    },
    ...(body === undefined ? {} : { body: isPlain ? body : JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${place}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Answer;
}
