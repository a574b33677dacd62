/** Split manifests at scale, over HTTP: registered, checked, compared; and what memory ten million samples take. */
import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { seededRandom } from "../../lib/statistics/resampling/random.ts";
import { type Context, type Row, rowOf } from "../harness.ts";
import { residentMiB, watchMemory } from "../memory.ts";

/** As many as the trainer sends. */
const SAMPLES_A_REQUEST = 5_000;
/** Requests under way at once: there are two cores, and PostgreSQL works on one. */
const SENDERS = 2;
const POLL_MS = 100;
/** As often as a page asks: each question leaves garbage, which is no sample's. */
const POLL_MANY_MS = 1_000;
const CLASSES = 1000;

type Measured = { registerS: number; checkS: number; diffS: number; peakMiB: number };

export async function run(context: Context): Promise<Row[]> {
  const idle = await residentMiB(context.app.pid);
  const few = await measure(context, "a million", 1_000_000);
  const rows = [
    row(
      "14a",
      "1,000,000 samples registered and split",
      "s",
      15,
      few.registerS,
      "batches of 5,000, then one stratified",
    ),
    row("14b", "1,000,000 samples checked", "s", 30, few.checkS, "the job, from its request to the report"),
    row("14c", "two manifests of 1,000,000 samples compared", "s", 5, few.diffS, "the same samples, another seed"),
  ];
  if (context.mode === "quick") return rows;
  const many = await measure(context, "ten million", 10_000_000);
  return [
    ...rows,
    row(
      "14d",
      "memory of the app above idle, 10,000,000 samples",
      "MiB",
      512,
      many.peakMiB - idle,
      "its resident set before the rows of this group",
    ),
    row("14e", "10,000,000 samples registered and split", "s", null, many.registerS, "as 14a"),
    row("14f", "10,000,000 samples checked", "s", null, many.checkS, "as 14b"),
  ];
}

const row = (id: string, name: string, unit: string, most: number | null, value: number, against: string): Row =>
  rowOf({
    id,
    name,
    unit,
    // memory is the same on every machine, time isn't
    bar: most === null ? null : { atMost: most, ...(unit === "s" ? { by: "loop" as const } : {}) },
    against,
    samples: [value],
  });

async function measure(context: Context, name: string, samples: number): Promise<Measured> {
  const memory = watchMemory(context.app.pid);
  const bodies = samples > 1_000_000 ? null : Array.from(bodiesOf(context.seed, samples));
  const startedAt = performance.now();
  const dataset = { name, version: "1" };
  const { id } = await ask<{ id: string }>(context, "POST", "/api/v1/datasets", dataset);
  await sendSamples(context, id, bodies ?? bodiesOf(context.seed, samples));
  await ask(context, "POST", `/api/v1/datasets/${id}/complete`, {});
  const first = await makeManifest(context, dataset, 1);
  const registeredAt = performance.now();
  context.say(`${name}: registered after ${((registeredAt - startedAt) / 1000).toFixed(1)} s`);
  await untilChecked(context, first, samples > 1_000_000 ? POLL_MANY_MS : POLL_MS);
  const checkedAt = performance.now();
  context.say(`${name}: checked after ${((checkedAt - registeredAt) / 1000).toFixed(1)} s more`);
  const peakMiB = await memory();
  const second = samples > 1_000_000 ? null : await makeManifest(context, dataset, 2);
  if (second) await untilChecked(context, second, POLL_MS);
  const comparedFrom = performance.now();
  if (second) await ask(context, "GET", `/api/v1/manifests/${first}/diff?with=${second}`);
  const diffS = (performance.now() - comparedFrom) / 1000;
  return { registerS: (registeredAt - startedAt) / 1000, checkS: (checkedAt - registeredAt) / 1000, diffS, peakMiB };
}

async function makeManifest(context: Context, dataset: object, seed: number): Promise<string> {
  const given = { name: `seed ${seed}`, dataset, method: "stratified", seed };
  return (await ask<{ id: string }>(context, "POST", "/api/v1/manifests", given)).id;
}

/** Request bodies, made as they are asked for: ten million samples don't fit in memory. */
function* bodiesOf(seed: number, samples: number): Generator<string> {
  for (let from = 0; from < samples; from += SAMPLES_A_REQUEST)
    yield JSON.stringify(columnsOf(seed, from, Math.min(samples, from + SAMPLES_A_REQUEST)));
}

async function sendSamples(context: Context, dataset: string, bodies: Iterable<string>): Promise<void> {
  const left = bodies[Symbol.iterator]();
  const send = async () => {
    for (let next = left.next(); !next.done; next = left.next())
      await ask(context, "POST", `/api/v1/datasets/${dataset}/samples`, next.value);
  };
  await Promise.all(Array.from({ length: SENDERS }, send));
}

/** Samples of many classes and patients with random perceptual hashes: clean, so that all is searched. */
function columnsOf(seed: number, from: number, to: number) {
  const random = seededRandom(seed + from + 1);
  const word = () =>
    Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, "0");
  const at = Array.from({ length: to - from }, (_, index) => from + index);
  return {
    key: at.map((sample) => `images/${String(sample).padStart(8, "0")}.jpg`),
    label: at.map(() => `class ${Math.floor(random() * CLASSES)}`),
    group: at.map((sample) => `patient ${Math.floor(sample / 4)}`),
    contentHash: at.map((sample) => createHash("sha256").update(`${seed} ${sample}`).digest("hex")),
    imageHash: at.map(() => word() + word() + word() + word()),
  };
}

async function untilChecked(context: Context, manifest: string, pollMs: number): Promise<void> {
  type Report = { verdict: string | null; progress: { status: string; error: string | null } };
  for (;;) {
    const { progress } = await ask<Report>(context, "GET", `/api/v1/manifests/${manifest}/report`);
    if (progress.status === "done") return;
    if (progress.status === "failed") throw new Error(`the checks failed: ${progress.error}`);
    await delay(pollMs);
  }
}

async function ask<Answer>(
  { app, tokens }: Context,
  method: string,
  path: string,
  body?: object | string,
): Promise<Answer> {
  const response = await fetch(`${app.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${tokens.ingest}`, "content-type": "application/json" },
    ...(body ? { body: typeof body === "string" ? body : JSON.stringify(body) } : {}),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Answer;
}
