/** The histories of other trackers come in over the API itself: all of it once, whatever breaks on the way. */
import {
  cpSync,
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { packTar } from "modern-tar";
import { packTar as packFolder } from "modern-tar/fs";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { connections } from "../db/connection.ts";
import { newProject, newToken, prepareWorkspace } from "../lib/test-workspace.ts";
import { artifactListSchema } from "../lib/wire/artifacts.ts";
import { seriesListSchema } from "../lib/wire/points/series.ts";
import { runListSchema } from "../lib/wire/runs.ts";
import { importCommand } from "../trainer/src/cli/import.ts";
import { readMlflow } from "../trainer/src/import/mlflow/mlflow.ts";
import { type Report, type Survey, surveyOf } from "../trainer/src/import/survey.ts";
import { startTrainer } from "../trainer/src/test/test-program.ts";
import { ApiServer } from "./test/api-server.ts";

prepareWorkspace();
const fixtures = path.join(import.meta.dirname, "../trainer/src/import/fixtures");
const folder = mkdtempSync(path.join(tmpdir(), "holdout-import-"));
const server = new ApiServer();
let token: string;

beforeAll(async () => {
  await server.up();
  process.env.HOLDOUT_URL = server.url; // the server's own address, by which it knows its Host
});
beforeEach(async () => {
  token = (await newToken(await newProject(), "ingest")).secret;
  server.loses = () => false;
  server.refuses = () => false;
});
afterEach(() => vi.restoreAllMocks());
afterAll(async () => {
  await server.down();
  rmSync(folder, { recursive: true, force: true });
});

async function run(...argv: string[]): Promise<{ code: number; said: string }> {
  const said: string[] = [];
  vi.spyOn(console, "log").mockImplementation((line: string) => void said.push(line));
  const code = await importCommand([...argv, "--url", server.url, "--token", token]);
  return { code, said: said.join("\n") };
}

async function imported(...argv: string[]): Promise<{ code: number; preview: Survey; report: Report }> {
  const { code, said } = await run(...argv, "--yes", "--json");
  return { code, ...(JSON.parse(said) as { preview: Survey; report: Report }) };
}

async function ask(address: string): Promise<unknown> {
  const answer = await fetch(`${server.url}/api/v1/${address}`, { headers: { authorization: `Bearer ${token}` } });
  return answer.json();
}
const runsHere = async () => runListSchema.parse(await ask("runs")).runs;

test("a preview sends nothing, and says what will come, what won't, and what goes to quarantine", async () => {
  const before = server.asked.length;
  const { code, said } = await run("mlflow", path.join(fixtures, "mlflow-3"));
  expect(code).toBe(0);
  expect(said).toContain("holds 5 runs, 47 points, 1 file");
  expect(said).toMatch(/3 points of test metrics will be quarantined.*test\/acc/);
  expect(said).toContain("1 point: a step below 0");
  expect(said).toContain("Nothing was sent");
  expect(server.asked.length).toBe(before);
});

test("an MLflow store comes in whole: read is stored and left out by name; again, it adds nothing", async () => {
  const store = path.join(fixtures, "mlflow-2");
  const first = await imported("mlflow", store);
  expect(first.code).toBe(0);
  const nothing = { runs: 0, points: 0, files: 0 };
  expect(first.report).toMatchObject({
    read: { runs: 5, points: 47, files: 1 },
    stored: { runs: 5, points: 45, files: 1 },
    there: nothing,
    refused: nothing,
    quarantined: ["test/acc"],
  });
  const runs = await runsHere();
  // in the order in which they began, newest first
  expect(runs.map(({ name, status }) => [name, status])).toEqual([
    ["with data", "finished"],
    ["of a deleted experiment", "running"],
    ["gone", "finished"],
    ["second", "failed"],
    ["first", "finished"],
  ]);
  const [one] = runs.filter(({ name }) => name === "first");
  expect(one).toMatchObject({
    config: { lr: 1e-5, epochs: 3 },
    notes: "The first **try**.",
    // when it ran, and not when it came in
    startedAt: "2026-01-05T09:00:00.000Z",
    endedAt: "2026-01-05T09:01:00.000Z",
    environment: { "mlflow user": "ada", "mlflow started": "2026-01-05T09:00:00.000Z" },
  });
  const { series, quarantined } = seriesListSchema.parse(await ask(`runs/${one!.id}/series`));
  expect(series.map(({ split, metric, count }) => [split, metric, count])).toEqual([
    ["validation", "acc", 3],
    [null, "before", 1],
    [null, "loss", 30],
    [null, "odd", 2],
    [null, "twice", 1],
  ]);
  expect(quarantined).toEqual([{ split: "test", metric: "acc", count: 3, reason: "test" }]);
  const { artifacts } = artifactListSchema.parse(await ask(`runs/${one!.id}/artifacts`));
  expect(artifacts.map(({ path: at }) => at)).toEqual(["import/mlflow.json", "reports/notes.txt"]);
  const acts = () => connections().sql`select count(*)::int as count from audit`;
  const [before] = await acts();
  const again = await imported("mlflow", store);
  expect(again.report).toMatchObject({ stored: nothing, there: first.report.stored, refused: nothing });
  expect(await acts()).toEqual([before]);
  expect((await runsHere()).map(({ id }) => id)).toEqual(runs.map(({ id }) => id));
});

test("a history in an archive is the history in its folder, and one that would write elsewhere sends nothing", async () => {
  const store = path.join(fixtures, "tensorboard");
  const archive = path.join(folder, "history.tar");
  await pipeline(packFolder([{ type: "directory", source: store, target: "tensorboard" }]), createWriteStream(archive));
  const first = await imported("tensorboard", archive);
  expect(first.code).toBe(0);
  expect(first.report.stored.runs).toBeGreaterThan(0);
  const again = await imported("tensorboard", store);
  expect(again.report).toMatchObject({ stored: { runs: 0, points: 0, files: 0 }, there: first.report.stored });
  const bad = path.join(folder, "bad.tar");
  const out = { header: { name: "../out.txt", size: 1 }, body: "x" };
  writeFileSync(bad, await packTar([out]));
  const before = server.asked.length;
  await expect(run("tensorboard", bad, "--yes")).rejects.toThrow(
    /bad\.tar can't be unpacked: "\.\.\/out\.txt" leads out/,
  );
  expect(server.asked.length).toBe(before);
});

test("an import that was killed goes on where it stopped, and every point is stored once", async () => {
  const logs = path.join(fixtures, "tensorboard");
  const of = ["import", "tensorboard", logs, "--yes", "--token", token];
  const killed = async (spool: string, when: (at: string) => boolean) => {
    const { child, said, ended } = startTrainer(of, {
      cwd: folder,
      url: server.url,
      spoolDir: path.join(folder, spool),
    });
    server.loses = ({ path: at }) => when(at) && child.kill("SIGKILL");
    expect(await ended, said()).toBe(null);
    server.loses = () => false;
  };
  // it dies when its runs are stored, and never hears of that
  await killed("spool", (at) => at.endsWith("/runs"));
  const nothing = { runs: 0, points: 0, files: 0 };
  const { report } = await imported("tensorboard", logs);
  expect(report).toMatchObject({ read: { runs: 4, points: 43 }, stored: nothing, refused: nothing });
  expect(report.there).toMatchObject({ runs: 4, points: 37 });
  expect(await pointsHere()).toEqual({ points: 37, overwritten: [0] });
  // a server that takes no runs together gets each by itself; it dies when the second batch is stored
  token = (await newToken(await newProject(), "ingest")).secret;
  of.splice(-1, 1, token);
  server.refuses = ({ path: at }) => at.includes("/projects/") && at.endsWith("/runs");
  let batches = 0;
  await killed("spool-again", (at) => at.endsWith("/metrics") && ++batches >= 2);
  server.refuses = () => false;
  const second = await imported("tensorboard", logs);
  expect(second.report.refused).toEqual(nothing);
  expect(second.report.there.points).toBeGreaterThan(0);
  expect(second.report.stored.points + second.report.there.points).toBe(37);
  expect(await pointsHere()).toEqual({ points: 37, overwritten: [0] });
  expect((await runsHere()).map(({ name, status }) => [name, status]).sort()).toEqual([
    ["fit", "finished"],
    ["restarted", "finished"],
    ["session", "failed"],
    ["tuned", "finished"],
  ]);
});

/** How many points all runs have, and how often one was written over. */
async function pointsHere() {
  const lists = await Promise.all(
    (await runsHere()).map(async ({ id }) => seriesListSchema.parse(await ask(`runs/${id}/series`))),
  );
  const points = lists.flatMap(({ series, quarantined }) => [...series, ...quarantined]);
  const overwritten = lists.flatMap(({ series }) => series.map(({ overwrittenCount }) => overwrittenCount));
  return { points: points.reduce((sum, { count }) => sum + count, 0), overwritten: [...new Set(overwritten)] };
}

test("a run that grew is topped up, and one whose points are others is named; deleted runs may stay out", async () => {
  const store = path.join(folder, "grown");
  cpSync(path.join(fixtures, "mlflow-3"), store, { recursive: true });
  const first = await imported("mlflow", store, "--withoutDeleted");
  expect(first.report.stored).toMatchObject({ runs: 3, points: 43 });
  expect(first.report.leftOut).toContainEqual(expect.objectContaining({ unit: "run", count: 2, why: "deleted there" }));
  const { id, environment } = (await runsHere()).find(({ name }) => name === "second")!;
  const experiment = readdirSync(store).find((name) => /^\d{5,}$/.test(name))!;
  const metric = (name: string) => path.join(store, experiment, environment["mlflow run"]!, "metrics", name);
  const again = () => imported("mlflow", store, "--withoutDeleted");
  const line = (step: number, value: number) => `${1767607200000 + step} ${value} ${step}\n`;
  // twice, with a step written again and a series that is new; the second time it is killed in the middle
  writeFileSync(metric("loss"), line(0, 3) + line(1, 2) + line(1, 1.5));
  writeFileSync(metric("val_loss"), line(0, 5));
  expect((await again()).report).toMatchObject({ stored: { runs: 0, points: 3 }, there: { points: 43 } });
  writeFileSync(metric("loss"), line(0, 3) + line(1, 2) + line(1, 1.5) + line(2, 1));
  // it dies when its writer is known, and before that one's first batch
  const { child, said, ended } = startTrainer(
    ["import", "mlflow", store, "--withoutDeleted", "--yes", "--token", token],
    {
      cwd: folder,
      url: server.url,
      spoolDir: path.join(folder, "spool-2"),
    },
  );
  server.loses = ({ body }) => String(body).includes('"mode":"resume"') && child.kill("SIGKILL");
  expect(await ended, said()).toBe(null);
  server.loses = () => false;
  writeFileSync(metric("loss"), line(0, 3) + line(1, 2) + line(1, 1.5) + line(2, 1) + line(3, 0.5));
  const { code, report } = await again();
  expect(code).toBe(0);
  expect(report.stored.points + report.there.points).toBe(43 + 5);
  expect((await again()).report).toMatchObject({ stored: { runs: 0, points: 0 }, there: { points: 48 } });
  const { series } = seriesListSchema.parse(await ask(`runs/${id}/series`));
  expect(
    series.map(({ split, metric: name, count, last, overwrittenCount }) => [
      split,
      name,
      count,
      last,
      overwrittenCount,
    ]),
  ).toEqual([
    [null, "loss", 4, 0.5, 1],
    ["validation", "loss", 1, 5, 0],
  ]);
  expect((await runsHere()).find((run) => run.id === id)?.status).toBe("failed");
  writeFileSync(metric("loss"), line(0, 4) + line(1, 2));
  const changed = await again();
  expect(changed.code).toBe(6);
  expect(changed.report).toMatchObject({ stored: { runs: 0, points: 0 }, refused: { runs: 1, points: 3 } });
  expect(changed.report.leftOut).toContainEqual(
    expect.objectContaining({ unit: "point", count: 3, why: expect.stringContaining("are others now") }),
  );
});

test("a run of many points and a file of many bytes go by themselves, and the others together", async () => {
  const store = path.join(folder, "large");
  cpSync(path.join(fixtures, "mlflow-2"), store, { recursive: true });
  const small = await surveyOf(readMlflow, store);
  const homes = new Map<string, string>();
  for await (const { run } of readMlflow(store)) if (run) homes.set(run.name, run.sourceId);
  const experiment = readdirSync(store).find((name) => existsSync(path.join(store, name, homes.get("first")!)))!;
  const home = (name: string, ...parts: string[]) => path.join(store, experiment, homes.get(name)!, ...parts);
  const lines = Array.from({ length: 150_001 }, (_, step) => `1767603600000 ${step / 2} ${step}\n`);
  writeFileSync(home("second", "metrics", "long"), lines.join(""));
  mkdirSync(home("first", "artifacts"), { recursive: true });
  writeFileSync(home("first", "artifacts", "weights.bin"), Buffer.alloc(100_000, 7));
  const before = server.asked.length;
  const { code, report } = await imported("mlflow", store);
  expect(code).toBe(0);
  expect(report.stored).toMatchObject({ points: small.read.points - 2 + 150_001, files: 2 });
  const asked = server.asked.slice(before).map(({ path: at }) => at);
  expect(asked.filter((at) => at.includes("/projects/") && at.endsWith("/runs"))).toHaveLength(1);
  expect(asked.filter((at) => at.endsWith("/metrics")).length).toBeGreaterThan(2);
  const first = (await runsHere()).find(({ name }) => name === "first")!;
  const { artifacts } = artifactListSchema.parse(await ask(`runs/${first.id}/artifacts`));
  expect(artifacts.find(({ path: at }) => at === "weights.bin")).toMatchObject({ sizeBytes: 100_000 });
  const again = await imported("mlflow", store);
  expect(again.report).toMatchObject({ stored: { runs: 0, points: 0, files: 0 }, there: report.stored });
});

test("W&B's runs and tables come in by the same way", async () => {
  const offline = await imported("wandb", path.join(fixtures, "wandb"));
  expect(offline.report).toMatchObject({ read: { runs: 2, points: 130 }, stored: { runs: 2, points: 126, files: 2 } });
  const table = path.join(folder, "points.csv");
  writeFileSync(table, "run,step,loss,lr\na,0,0.5,0.1\na,1,0.4,0.1\nb,0,0.3,0.2\n");
  const { code, said } = await run("csv", table, "--map", "lr=nothing");
  expect([code, server.asked.length > 0]).toEqual([0, true]);
  expect(said).toMatch(/loss +metric\n +lr +nothing \(left out, as was said\)/);
  await expect(run("csv", table, "--map", "lr=wrong")).rejects.toThrow("expected COLUMN=ROLE");
  const { report } = await imported("csv", table);
  expect(report).toMatchObject({ read: { runs: 2, points: 3 }, stored: { runs: 2, points: 3 } });
  expect((await runsHere()).map(({ name, config }) => [name, config]).slice(0, 4)).toContainEqual(["b", { lr: 0.2 }]);
});
