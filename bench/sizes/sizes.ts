/** What a run, a series, a member, a sample and a prediction take on disk: what docs/SIZING.md counts with. */
import { createHash } from "node:crypto";
import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { v4 as uuidv4 } from "uuid";
import { systemActor } from "../../lib/access/actor.ts";
import { createInvitation } from "../../lib/access/links.ts";
import { spendLink } from "../../lib/access/sign-in.ts";
import { appendBatch } from "../../lib/metrics/append.ts";
import { createRun } from "../../lib/runs/runs.ts";
import { finishRun } from "../../lib/runs/status.ts";
import { createWriter } from "../../lib/runs/writers.ts";
import type { Evaluation } from "../../lib/wire/evaluations/evaluations.ts";
import { encodePredictions, keysText } from "../../lib/wire/evaluations/predictions.ts";
import { asOwner } from "../app.ts";
import { type Context, type Row, rowOf, shown } from "../harness.ts";
import { ask } from "../rows/predictions.ts";
import { lossCurve, randomOf, stepsFrom, timesFrom } from "../series.ts";

const RUNS = 1_000;
const CONFIG_KEYS = 20;
const METRICS = 20;
const STEPS = 1_000;
const MEMBERS = 200;
const SAMPLES_A_REQUEST = 5_000;
const ROWS_A_BATCH = 100_000;
const CLASSES = Array.from({ length: 10 }, (_, index) => `class ${index}`);
const POLL_MS = 100;

export async function run(context: Context): Promise<Row[]> {
  const samples = context.mode === "quick" ? 20_000 : 200_000;
  const runs = context.mode === "quick" ? RUNS / 10 : RUNS;
  const empty = await grownBy(context, () => writeRuns(context, runs, 0));
  const full = await grownBy(context, () => writeRuns(context, runs, METRICS));
  const members = await grownBy(context, writeMembers);
  const dataset = { name: "sizes", version: "1" };
  const keys = Array.from({ length: samples }, (_, at) => `images/${String(at).padStart(8, "0")}.jpg`);
  const registered = await grownBy(context, () => writeSamples(context, dataset, keys));
  let manifest = "";
  const split = await grownBy(context, async () => {
    manifest = await writeManifest(context, dataset);
  });
  const evaluated = await grownBy(context, () => writePredictions(context, manifest, keys));
  const tables = "pg_total_relation_size of all tables after VACUUM, ";
  return [
    row("size-a", "a run that logged nothing", empty.rows / runs, `${tables}${CONFIG_KEYS} config keys, ended`),
    row(
      "size-b",
      `a series of ${shown(STEPS)} points, points included`,
      (full.rows - empty.rows) / runs / METRICS,
      `${tables}runs of ${METRICS} series in float32, less those without`,
    ),
    row("size-c", "a member", members.rows / MEMBERS, `${tables}invited, with a session and the audit's rows`),
    row(
      "size-d",
      "a sample of a dataset",
      registered.rows / samples,
      `${tables}key of 19 letters, label, group, three hashes`,
    ),
    row("size-e", "a sample of a manifest", split.rows / samples, `${tables}checked`),
    row(
      "size-f",
      `a prediction of ${CLASSES.length} scores, as a file`,
      evaluated.files / samples,
      "files of the data folder once the report is done",
    ),
    row("size-g", "a prediction, in the database", evaluated.rows / samples, `${tables}report included`),
  ];
}

const row = (id: string, name: string, value: number, against: string): Row =>
  rowOf({ id, name, unit: "B", bar: null, against, samples: [value] });

type Grown = { rows: number; files: number };

/** Bytes that the database's tables and the data folder's files have more after the work. */
async function grownBy(context: Context, work: () => Promise<void>): Promise<Grown> {
  const before = await bytesOf(context);
  await work();
  await untilJobsAreDone(context);
  const after = await bytesOf(context);
  const most = [...after.tables]
    .map(([name, bytes]) => ({ name, bytes: bytes - (before.tables.get(name) ?? 0) }))
    .sort((a, b) => b.bytes - a.bytes)
    .slice(0, 8);
  context.say(most.map(({ name, bytes }) => `${name} ${Math.round(bytes / 1024)} KiB`).join(", "));
  return { rows: total(after.tables) - total(before.tables), files: after.files - before.files };
}

const total = (sizes: Map<string, number>) => [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0);

async function bytesOf({ app }: Context): Promise<{ tables: Map<string, number>; files: number }> {
  const tables = await asOwner(app.ownerUrl, async (sql) => {
    // its rows wait for a moment: what they once took is no run's
    await sql`vacuum full batches`;
    await sql`vacuum analyze`;
    const sizes = await sql<{ name: string; bytes: string }[]>`
      select relname as name, pg_total_relation_size(oid) as bytes from pg_class
      where relkind = 'r' and relnamespace = 'public'::regnamespace`;
    return new Map(sizes.map(({ name, bytes }) => [name, Number(bytes)]));
  });
  return { tables, files: await bytesIn(path.join(app.dataDir, "blobs")) };
}

async function bytesIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  return sizes.reduce((sum, bytes) => sum + bytes, 0);
}

async function untilJobsAreDone({ app }: Context): Promise<void> {
  await asOwner(app.ownerUrl, async (sql) => {
    while (
      (await sql`select from jobs where status in ('queued', 'running') limit 1`).length > 0 ||
      (await sql`select from batches limit 1`).length > 0
    )
      await delay(POLL_MS);
  });
}

async function writeRuns({ project, seed }: Context, count: number, metrics: number): Promise<void> {
  const config = Object.fromEntries(
    Array.from({ length: CONFIG_KEYS }, (_, index) => [`parameter${index}`, index / 7]),
  );
  for (let at = 0; at < count; at++) {
    const name = `sizes ${metrics} ${at}`;
    const { id } = await createRun(systemActor, { project: project.id, name, config: { ...config, at }, seed: at });
    if (metrics > 0) {
      const writer = uuidv4();
      await createWriter(systemActor, id, { writer });
      const columns = new Map(
        Array.from({ length: metrics }, (_, index) => [
          `metric${index}`,
          lossCurve(seed + at * metrics + index, STEPS),
        ]),
      );
      const groups = [
        { split: "train" as const, steps: stepsFrom(0, STEPS), times: timesFrom(0, STEPS), metrics: columns },
      ];
      await appendBatch(systemActor, id, { writer, sequence: 1, groups });
    }
    await finishRun(systemActor, id, { status: "finished" });
  }
}

async function writeMembers(): Promise<void> {
  for (let at = 0; at < MEMBERS; at++) {
    const email = `sizes-${at}@example.org`;
    const { url } = await createInvitation(systemActor, { email, role: "member" });
    const secret = new URL(url).hash.slice(1);
    const headers = new Headers({ "x-forwarded-for": `10.0.${at >> 8}.${at & 255}` });
    await spendLink({ secret, email, name: `Member ${at}`, password: uuidv4() }, headers);
  }
}

async function writeSamples(context: Context, dataset: object, keys: string[]): Promise<void> {
  const { id } = await ask<{ id: string }>(context, "POST", "/api/v1/datasets", dataset);
  for (let from = 0; from < keys.length; from += SAMPLES_A_REQUEST) {
    const key = keys.slice(from, from + SAMPLES_A_REQUEST);
    await ask(context, "POST", `/api/v1/datasets/${id}/samples`, {
      key,
      label: key.map((_, at) => CLASSES[at % CLASSES.length]!),
      split: key.map(() => "validation"),
      group: key.map((_, at) => `patient ${Math.floor((from + at) / 4)}`),
      byteHash: key.map((one) => digest(`bytes ${one}`)),
      contentHash: key.map((one) => digest(one)),
      imageHash: key.map((one) => digest(`image ${one}`).slice(0, 32)),
    });
  }
  await ask(context, "POST", `/api/v1/datasets/${id}/complete`, {});
}

const digest = (text: string): string => createHash("sha256").update(text).digest("hex");

async function writeManifest(context: Context, dataset: object): Promise<string> {
  const given = { name: "sizes", dataset, method: "given" };
  return (await ask<{ id: string }>(context, "POST", "/api/v1/manifests", given)).id;
}

/** Of a checkpoint of a run that cites the manifest: probabilities that differ from sample to sample, in the keys' order. */
async function writePredictions(context: Context, manifest: string, keys: string[]): Promise<void> {
  const { id: run } = await ask<{ id: string }>(context, "POST", "/api/v1/runs", {
    name: "sizes, evaluated",
    manifest,
  });
  const file = "checkpoints/best.safetensors";
  await ask(context, "PUT", `/api/v1/runs/${run}/artifacts/${file}`, "weights");
  await ask(context, "POST", `/api/v1/runs/${run}/checkpoints`, { path: file, step: 1, epoch: 1 });
  const scores = { task: "classification", form: "scores", scoresAre: "probabilities", classes: CLASSES } as const;
  const place = `/api/v1/runs/${run}/evaluations`;
  const opened = { split: "validation", ...scores, keysDigest: digest(keysText(keys)) };
  const { id } = await ask<Evaluation>(context, "POST", place, opened);
  const random = randomOf(context.seed);
  for (let first = 0, sequence = 1; first < keys.length; first += ROWS_A_BATCH, sequence++) {
    const rows = Math.min(ROWS_A_BATCH, keys.length - first);
    const drawn = Array.from({ length: rows }, () => CLASSES.map(() => random()));
    const sums = drawn.map((row) => row.reduce((sum, value) => sum + value, 0));
    const columns = CLASSES.map((_, index) => Float32Array.from(drawn, (row, at) => row[index]! / sums[at]!));
    const body = encodePredictions({ sequence, rows, form: "scores", scores: columns, first, keys: null });
    await ask(context, "POST", `${place}/${id}/predictions`, body);
  }
  await ask(context, "POST", `${place}/${id}/complete`);
}
