/** What leaves a project comes back as it was: over the API, as the command writes and reads it. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { v7 as uuidv7 } from "uuid";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { connections } from "../db/connection.ts";
import { systemActor } from "../lib/access/actor.ts";
import { createWorkspaceToken } from "../lib/access/tokens.ts";
import { newChampion } from "../lib/champions/test-champion.ts";
import { overrideManifest } from "../lib/checks/report.ts";
import { check, clean } from "../lib/datasets/test-samples.ts";
import { readLedger } from "../lib/evaluations/ledger.ts";
import { evaluate, newManifestOf } from "../lib/evaluations/test-evaluation.ts";
import { appendBatch } from "../lib/metrics/append.ts";
import { endRun } from "../lib/metrics/end-run.ts";
import { getProject } from "../lib/projects/projects.ts";
import { tagRuns } from "../lib/runs/bulk.ts";
import { updateProject } from "../lib/settings/project-settings.ts";
import { batchOf, newProject, newRun, newToken, prepareWorkspace } from "../lib/test-workspace.ts";
import { type ExportLine, exportLineSchema } from "../lib/wire/exports.ts";
import { DEFAULT_PREFIXES } from "../lib/wire/points/key-rule.ts";
import type { Project } from "../lib/wire/projects.ts";
import { exportCommand } from "../trainer/src/cli/export.ts";
import { importCommand } from "../trainer/src/cli/import.ts";
import { isRecord, type Line } from "../trainer/src/export/exported-lines.ts";
import type { Written } from "../trainer/src/export/write-export.ts";
import { readHoldout } from "../trainer/src/import/holdout/holdout.ts";
import type { ImportedRun } from "../trainer/src/import/imported.ts";
import { readMlflow } from "../trainer/src/import/mlflow/mlflow.ts";
import type { Report } from "../trainer/src/import/survey.ts";
import { ApiServer } from "./test/api-server.ts";

prepareWorkspace();
const folder = mkdtempSync(path.join(tmpdir(), "holdout-export-"));
const server = new ApiServer();
const at = (name: string) => path.join(folder, name);
let project: Project;
let token: string;

beforeAll(async () => {
  await server.up();
  process.env.HOLDOUT_URL = server.url; // the server's own address, by which it knows its Host
  project = await newProject("Signs", "accuracy");
  const keyPrefixes = { train: ["tr_"], validation: ["dev_", "val_"] };
  await updateProject(systemActor, project.id, {
    description: "Forty-three classes.",
    smallestDifference: 0.01,
    keyPrefixes,
  });
  token = (await newToken(project, "evaluate")).secret;
  await logRuns();
});
afterEach(() => vi.restoreAllMocks());
afterAll(async () => {
  await server.down();
  rmSync(folder, { recursive: true, force: true });
});

/** One that finished, with every kind of value; one that failed; one that runs. */
async function logRuns(): Promise<void> {
  const sample = { key: "a", split: "train", label: "cat" } as const;
  const manifest = await newManifestOf(project, [sample, { ...sample, key: "b", split: "test" }]);
  const { run, writer } = await newRun(project, {
    name: "first",
    notes: "a **note**",
    config: { lr: 1e-5, optimizer: { name: "adam", betas: [0.9, 0.999] }, empty: {}, none: null, "a/b?": true },
    seed: 7,
    manifest: manifest.id,
    metrics: [{ name: "loss", direction: "min", unit: "nat" }],
    code: { commit: "0123abcd", branch: "main", command: "train.py" },
  });
  for (const tag of ["b", "a"]) await tagRuns(systemActor, project.id, { ids: [run.id] }, tag);
  const odd = [Number.NaN, -0, Number.NEGATIVE_INFINITY, 0.1];
  await appendBatch(systemActor, run.id, batchOf(writer, 1, "train", [0, 1, 2, 3], { loss: odd, "loss/a": odd }));
  await appendBatch(systemActor, run.id, batchOf(writer, 2, null, [1, 9], { test_acc: [0.5, 0.625], lr: [1, 2] }));
  await endRun(systemActor, run.id, { writer, status: "finished" });
  const failed = await newRun(project, { name: "second" });
  const failure = { reason: "diverged", message: "loss is NaN", stack: "", signal: null };
  await endRun(systemActor, failed.run.id, { status: "failed", failure });
  await newRun(project, { name: "third" });
}

async function told<Answer>(command: (argv: string[]) => Promise<number>, ...argv: string[]): Promise<Answer> {
  const said: string[] = [];
  vi.spyOn(console, "log").mockImplementation((line: string) => void said.push(line));
  await command([...argv, "--json", "--url", server.url]);
  return JSON.parse(said.join("\n")) as Answer;
}

const exported = (out: string, ...argv: string[]) => told<Written>(exportCommand, "--out", at(out), ...argv);

const linesOf = (file: string): ExportLine[] =>
  readFileSync(at(file), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => exportLineSchema.parse(JSON.parse(line)));

const passing = ["id", "run", "slug", "user", "createdAt", "startedAt", "endedAt", "heartbeatAt", "files", "attempts"];

/**
 * What an import makes anew or tells of itself is left out: ids and times, looks, and what a run says of where it came from.
 */
const lasting = (lines: ExportLine[]): object[] =>
  lines.slice(1).flatMap((line) => {
    if (line.kind === "look") return [];
    const kept = Object.fromEntries(Object.entries(line).filter(([name]) => !passing.includes(name)));
    if (line.kind === "project") return { ...kept, name: null };
    if (line.kind !== "run") return kept;
    const environment = Object.entries(line.environment).filter(([name]) => !/^holdout |manifest/.test(name));
    return { ...kept, project: null, manifest: null, environment: Object.fromEntries(environment) };
  });

test("a project that is exported and imported is the same, but for ids, times and a manifest that isn't there", async () => {
  const written = await exported("signs.jsonl", "--token", token);
  expect(written).toMatchObject({ quarantined: "included", runs: 3, series: 4, points: 12 });
  const other = await newProject("Others");
  const admin = (await newToken(other, "admin")).secret;
  const imports = () =>
    told<{ report: Report }>(importCommand, "holdout", at("signs.jsonl"), "--yes", "--token", admin);
  const { report } = await imports();
  expect(report).toMatchObject({ stored: { runs: 3, points: 12 }, quarantined: ["-/test_acc"] });
  expect(report.leftOut.map(({ why }) => why)).toEqual([
    expect.stringMatching(/^its split manifest: .*not registered/),
    "looks at a test split: a token of scope evaluate brings them",
  ]);
  // who imports may not see test numbers: they are there, and stay where they are
  const seeing = (await newToken(other, "evaluate")).secret;
  await exported("others.jsonl", "--token", seeing);
  const [before, after] = [linesOf("signs.jsonl"), linesOf("others.jsonl")];
  expect(lasting(after)).toEqual(lasting(before));
  const [origin] = before.filter((line) => line.kind === "run");
  const [copy] = after.filter((line) => line.kind === "run");
  expect(copy!.environment).toMatchObject({
    "holdout run": origin!.id,
    "holdout user": "system",
    "holdout created": origin!.createdAt,
    "holdout manifest": origin!.manifest,
  });
  const acts = () => connections().sql`select count(*)::int as count from audit`;
  const [known] = await acts();
  const again = await imports();
  expect(again.report).toMatchObject({ stored: { runs: 0, points: 0 }, there: { runs: 3, points: 12 } });
  expect((await acts())[0]!.count - known!.count).toBe(0);
});

test("a setting that an admin alone may change is named, and keeps no other away", async () => {
  const other = await newProject("By a workspace's token");
  const { secret } = await createWorkspaceToken(systemActor, { name: "moves" });
  const [signs, into] = [at("signs.jsonl"), ["--project", other.id, "--token", secret]];
  const { report } = await told<{ report: Report }>(importCommand, "holdout", signs, "--yes", ...into);
  expect(report.leftOut.find(({ where }) => where.includes("keyPrefixes"))?.why).toMatch(/admin/);
  const { description, keyPrefixes } = (await getProject(systemActor, other.id))!;
  expect([description, keyPrefixes]).toEqual(["Forty-three classes.", DEFAULT_PREFIXES]);
});

test("looks travel along: each counts at its test split once, and the series that made it makes no other", async () => {
  const origin = linesOf("signs.jsonl").find((line) => line.kind === "look")!;
  // as an installation would write it that this one has no look of
  const id = uuidv7();
  writeFileSync(at("elsewhere.jsonl"), readFileSync(at("signs.jsonl"), "utf8").replaceAll(origin.id, id));
  const other = await newProject("Elsewhere");
  const seeing = (await newToken(other, "evaluate")).secret;
  const imports = () => told(importCommand, "holdout", at("elsewhere.jsonl"), "--yes", "--token", seeing);
  await imports();
  await imports();
  const rows = await connections().sql`
    select id, at, actor, kind, reason, test_digest, imported_at is not null as imported from looks where project_id = ${other.id}`;
  expect(rows).toEqual([
    {
      id,
      at: new Date(origin.at),
      actor: "system",
      kind: "logged",
      reason: "-/test_acc",
      test_digest: origin.testDigest,
      imported: true,
    },
  ]);
  const cited = linesOf("signs.jsonl").flatMap((line) => (line.kind === "run" && line.manifest ? [line.manifest] : []));
  const { count, looks } = await readLedger(systemActor, project.id, cited[0]!);
  expect([count, looks.map(({ imported }) => imported)]).toEqual([2, [true, false]]);
});

/** A run whose report and claim are on validation, whose test split was opened, and a manifest that is blocked and overridden. */
async function newStoried(): Promise<{ project: Project; secret: string }> {
  const rows = clean(40).map((row, at) => (at === 1 || at === 17 ? { ...row, content: "a copy", label: "1" } : row));
  const { project, manifest } = await check(rows, {}, false, await newProject("Storied", "accuracy"));
  await overrideManifest(systemActor, project.id, manifest.id, { reason: "its copies are known" });
  const { run } = await newChampion(project);
  const why = { split: "test", purpose: "final", reason: "the recipe is settled" } as const;
  await evaluate(run, {
    input: { task: "classification", form: "class", classes: ["cat", "dog"], ...why },
    batch: { sequence: 1, keys: ["t"], classes: ["dog"] },
  });
  return { project, secret: (await newToken(project, "evaluate")).secret };
}

/** A report that leads with this accuracy. */
const headed = (value: number) => ({
  metrics: expect.arrayContaining([expect.objectContaining({ metric: "accuracy", value })]),
});

const recordsOf = (lines: ExportLine[]) => (lines as Line[]).filter(isRecord);

test("evaluations, claims and overrides travel along as they are, once, and on from where they came to", async () => {
  const { project: storied, secret } = await newStoried();
  await exported("storied.jsonl", "--token", secret);
  const before = recordsOf(linesOf("storied.jsonl"));
  expect(before).toMatchObject([
    { kind: "override", project: storied.slug, by: "system", reason: "its copies are known" },
    { kind: "evaluation", split: "validation", look: null, report: headed(0.75) },
    { kind: "evaluation", split: "test", purpose: "final", report: headed(1) },
    {
      kind: "claim",
      number: 1,
      rule: { metric: "accuracy", split: "validation" },
      evidence: [expect.any(String)],
      signOffs: [{ approves: true, word: "the report is sound" }],
      words: [{ word: "look at the dogs next" }],
    },
  ]);
  const other = await newProject("Elsewhere again");
  const seeing = (await newToken(other, "evaluate")).secret;
  const imports = () => told(importCommand, "holdout", at("storied.jsonl"), "--yes", "--token", seeing);
  await imports();
  await imports();
  await exported("on.jsonl", "--token", seeing);
  const textsOf = (file: string) =>
    readFileSync(at(file), "utf8")
      .split("\n")
      .filter((text) => /^{"kind":"(override|evaluation|claim)"/.test(text))
      .map((text) => text.replace(/"run":"[^"]+"/, '"run":"ITS RUN"'));
  expect(textsOf("on.jsonl")).toEqual(textsOf("storied.jsonl"));
  expect(textsOf("on.jsonl")).toHaveLength(4);
  const rows = await connections().sql`select from imported_records where project_id = ${other.id}`;
  expect(rows).toHaveLength(4);
  // its look came with the others, and not once more
  const looks = await connections().sql`
    select from looks where project_id in (${storied.id}, ${other.id}) and kind = 'evaluation'`;
  expect(looks).toHaveLength(1);
});

test("without the scope for test splits the runs come in, and their records are left out by name", async () => {
  const other = await newProject("Elsewhere, by another");
  const logging = (await newToken(other, "admin")).secret;
  const { report } = await told<{ report: Report }>(
    importCommand,
    ...["holdout", at("storied.jsonl"), "--yes", "--token", logging],
  );
  expect(report.stored.runs).toBe(1);
  const why = "evaluations, claims and overrides: a token of scope evaluate brings them";
  expect(report.leftOut.filter((one) => one.why === why)).toMatchObject([{ count: 4 }]);
});

test("what came with them in MLflow's form and beside a run holds no test number; Parquet has them in tables", async () => {
  const run = linesOf("storied.jsonl").find((line) => line.kind === "run")!.id;
  const [storied] = await connections().sql<
    { project: string }[]
  >`select project_id as project from runs where id = ${run}`;
  const { actor: _, ...made } = await newToken({ id: storied!.project } as Project, "evaluate");
  await exported("storied", "--format", "mlflow", "--token", made.secret);
  const tags = readdirSync(at("storied"), { recursive: true, encoding: "utf8" }).filter((name) =>
    /tags\/holdout/.test(name),
  );
  const tagged = (name: string) =>
    tags
      .filter((one) => one.endsWith(`tags/holdout.${name}`))
      .flatMap((one) =>
        readFileSync(path.join(at("storied"), one), "utf8")
          .trimEnd()
          .split("\n"),
      )
      .map((line) => JSON.parse(line) as object);
  expect(tagged("evaluations")).toMatchObject([
    { split: "validation", report: { confidence: 0.95 } },
    { split: "test", report: null },
  ]);
  expect(tagged("claims")).toMatchObject([{ number: 1, reason: "there is no other" }]);
  expect(tagged("overrides")).toMatchObject([{ reason: "its copies are known" }]);
  await exported("storied-tables", "--format", "parquet", "--token", made.secret);
  const rows = async (name: string) =>
    parquetReadObjects({ file: await asyncBufferFromFile(at(`storied-tables/${name}.parquet`)), compressors });
  expect(await rows("evaluations")).toMatchObject([
    { run, split: "validation" },
    { run, split: "test" },
  ]);
  expect(await rows("claims")).toMatchObject([{ run, number: 1n, standing: "first" }]);
  expect(await rows("overrides")).toMatchObject([{ by: "system", reason: "its copies are known" }]);
});

test("what an import keeps of a run word for word holds no number of a quarantined series", async () => {
  const kept: string[] = [];
  for await (const { run } of readHoldout(at("signs.jsonl"))) kept.push(JSON.stringify(run?.original));
  expect(kept[0]).toContain('"metric":"test_acc"');
  expect(kept[0]).toContain('"metric":"loss"');
  expect(kept[0]).not.toContain("0.625");
});

test("a file that was cut off, changed or is of this very project is refused, and nothing of it is sent", async () => {
  const text = readFileSync(at("signs.jsonl"), "utf8");
  const imports = (file: string, given = token) => told(importCommand, "holdout", at(file), "--yes", "--token", given);
  writeFileSync(at("cut.jsonl"), text);
  truncateSync(at("cut.jsonl"), text.lastIndexOf('{"kind":"end"'));
  await expect(imports("cut.jsonl")).rejects.toThrow(/cut off after line 14/);
  writeFileSync(at("torn.jsonl"), text.slice(0, -30));
  await expect(imports("torn.jsonl")).rejects.toThrow(/line 15 is no JSON/);
  writeFileSync(at("fewer.jsonl"), text.replace(/\{"kind":"points".*\n/, ""));
  await expect(imports("fewer.jsonl")).rejects.toThrow("its last line says 12 points, and it has");
  writeFileSync(at("newer.jsonl"), text.replace('"format":1', '"format":2'));
  await expect(imports("newer.jsonl")).rejects.toThrow("its format is 2; this version reads format 1");
  const before = server.asked.filter(({ method }) => method !== "GET").length;
  await expect(imports("signs.jsonl")).rejects.toThrow("an export of this very project");
  expect(server.asked.filter(({ method }) => method !== "GET").length).toBe(before);
  await expect(exported("signs.jsonl", "--token", token)).rejects.toThrow("is there already");
});

test("as an MLflow file store it has what MLflow's tools can hold, and says which keys they can't", async () => {
  const { renamed } = await exported("mlruns", "--format", "mlflow", "--token", token);
  expect(renamed.map(({ key, as }) => [key, as])).toEqual([
    ["a/b?", "a/b_"],
    ["train/loss/a", "train/loss_2/a"],
  ]);
  const runs: ImportedRun[] = [];
  for await (const { run, leftOut } of readMlflow(at("mlruns"))) {
    expect(leftOut).toEqual([]);
    if (run) runs.push(run);
  }
  expect(runs.map(({ name, end }) => [name, end?.status]).sort()).toEqual([
    ["first", "finished"],
    ["second", "failed"],
    ["third", undefined],
  ]);
  const first = runs.find(({ name }) => name === "first")!;
  expect(first).toMatchObject({
    notes: "a **note**",
    code: { commit: "0123abcd", branch: "main" },
    config: { lr: 0.00001, "optimizer.name": "adam", "optimizer.betas": "[0.9,0.999]", empty: "{}", "a/b_": "true" },
  });
  const points = Object.fromEntries(first.series.map((one) => [one.metric, one.columns()]));
  expect([...points["train/loss"]!.values]).toEqual([Number.NaN, -0, Number.NEGATIVE_INFINITY, 0.1]);
  expect([...points.acc!.values]).toEqual([0.5, 0.625]);
  expect([...points.acc!.steps]).toEqual([1, 9]);
});

test("as Parquet it is tables; what is quarantined may be left out", async () => {
  const { leftOut } = await exported("tables", "--format", "parquet", "--withoutQuarantined", "--token", token);
  expect(leftOut).toEqual({ series: 1, points: 2 });
  const rows = async (name: string) =>
    parquetReadObjects({ file: await asyncBufferFromFile(at(`tables/${name}.parquet`)), compressors });
  expect(await rows("runs")).toMatchObject([{ name: "first", seed: 7n, tags: '["a","b"]' }, { name: "second" }, {}]);
  expect((await rows("config")).slice(0, 2)).toMatchObject([
    { key: "lr", number: 1e-5, text: null },
    { key: "a/b?", number: null, text: "true" },
  ]);
  const summaries = await rows("summaries");
  expect(summaries.find(({ metric }) => metric === "test_acc")).toMatchObject({
    quarantine: "test",
    count: 2n,
    last: null,
  });
  const points = await rows("points");
  expect(points).toHaveLength(10);
  expect(points.filter(({ metric }) => metric === "loss").map(({ step, value }) => [step, value])).toEqual([
    [0n, Number.NaN],
    [1n, -0],
    [2n, Number.NEGATIVE_INFINITY],
    [3n, 0.1],
  ]);
});
