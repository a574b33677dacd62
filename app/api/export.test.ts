import { expect, test } from "vitest";
import { systemActor } from "@/lib/access/actor.ts";
import { listAudit } from "@/lib/access/audit.ts";
import { appendBatch } from "@/lib/metrics/append.ts";
import { compactWhole } from "@/lib/metrics/compact.ts";
import { tagRuns } from "@/lib/runs/bulk.ts";
import { createRun } from "@/lib/runs/runs.ts";
import { batchOf, newProject, newRun, newToken, prepareWorkspace, TEST_ORIGIN } from "@/lib/test-workspace.ts";
import type { TokenScope } from "@/lib/wire/base/words.ts";
import { type ExportLine, exportLineSchema } from "@/lib/wire/exports.ts";
import type { Project } from "@/lib/wire/projects.ts";
import { GET } from "./v1/projects/[project]/export.jsonl/route.ts";

prepareWorkspace();

async function asked(project: Project, scope: TokenScope, query = ""): Promise<Response> {
  const { secret } = await newToken(project, scope);
  const request = new Request(`${TEST_ORIGIN}/api/v1/projects/${project.slug}/export.jsonl?${query}`, {
    headers: { authorization: `Bearer ${secret}` },
  });
  return GET(request, { params: Promise.resolve({ project: project.slug }) });
}

async function linesOf(project: Project, scope: TokenScope, query = ""): Promise<ExportLine[]> {
  const response = await asked(project, scope, query);
  expect(response.status).toBe(200);
  const text = await response.text();
  expect(text.endsWith("\n")).toBe(true);
  return text
    .slice(0, -1)
    .split("\n")
    .map((line) => exportLineSchema.parse(JSON.parse(line)));
}

const of = <Kind extends ExportLine["kind"]>(lines: ExportLine[], kind: Kind) =>
  lines.filter((line): line is Extract<ExportLine, { kind: Kind }> => line.kind === kind);

test("a project goes out whole, and quarantined numbers to who may see test numbers alone, as an act", async () => {
  const project = await newProject("Signs", "accuracy");
  const { run, writer } = await newRun(project, {
    name: "first",
    notes: "a **note**",
    config: { lr: 0.5, optimizer: { name: "adam" } },
    seed: 7,
    metrics: [{ name: "loss", direction: "min", unit: "nat" }],
  });
  await tagRuns(systemActor, project.id, { ids: [run.id] }, "baseline");
  const odd = [Number.NaN, -0, Number.NEGATIVE_INFINITY, 0.1];
  await appendBatch(systemActor, run.id, batchOf(writer, 1, "train", [0, 1, 2, 3], { loss: odd }));
  await appendBatch(systemActor, run.id, batchOf(writer, 2, "train", [3], { loss: [0.25] }));
  await appendBatch(systemActor, run.id, batchOf(writer, 3, null, [1, 2], { test_acc: [0.5, 0.734] }));
  const read = await linesOf(project, "read");
  expect(read.map(({ kind }) => kind)).toEqual([
    "holdout",
    "project",
    "run",
    "look",
    "series",
    "series",
    "points",
    "end",
  ]);
  expect(read[0]).toMatchObject({ format: 1, quarantined: "left out" });
  expect(read[1]).toMatchObject({
    slug: project.slug,
    declared: [{ name: "accuracy" }, { name: "loss", unit: "nat" }],
  });
  expect(read[2]).toMatchObject({ id: run.id, notes: "a **note**", seed: 7, tags: ["baseline"], user: "system" });
  expect(read[3]).toMatchObject({ look: "logged", reason: "-/test_acc", actor: "system", testDigest: null });
  expect(read[4]).toMatchObject({ metric: "loss", summary: { direction: "min", overwrittenCount: 1, last: 0.25 } });
  expect(read[5]).toMatchObject({ metric: "test_acc", quarantine: "test", count: 2, summary: null });
  expect(of(read, "points")[0]).toMatchObject({ steps: [0, 1, 2, 3], values: ["NaN", -0, "-Infinity", 0.25] });
  expect(read.at(-1)).toEqual({
    kind: "end",
    runs: 1,
    looks: 1,
    records: 0,
    series: 2,
    points: 4,
    leftOut: { series: 1, points: 2 },
  });
  expect(JSON.stringify(read)).not.toContain("0.734");
  const acts = async () => (await listAudit(systemActor, {})).rows.filter(({ action }) => action === "project.export");
  expect(await acts()).toEqual([]);

  const whole = await linesOf(project, "evaluate");
  expect(whole[0]).toMatchObject({ quarantined: "included" });
  expect(of(whole, "points")[1]).toMatchObject({ metric: "test_acc", steps: [1, 2], values: [0.5, 0.734] });
  expect(whole.at(-1)).toMatchObject({ points: 6, leftOut: { series: 0, points: 0 } });
  expect(await acts()).toMatchObject([{ projectId: project.id, detail: { quarantined: true, runs: "all" } }]);
  expect((await linesOf(project, "evaluate", "quarantined=0"))[0]).toMatchObject({ quarantined: "left out" });
  const refused = await asked(project, "read", "quarantined=1");
  expect([refused.status, (await refused.json()).detail]).toEqual([403, expect.stringContaining("quarantined=1")]);
});

test("a series that is read in parts is whole: each point once, in order, those that came last too", async () => {
  const project = await newProject();
  const { run, writer } = await newRun(project);
  const steps = Array.from({ length: 45_000 }, (_, at) => at * 3);
  await appendBatch(systemActor, run.id, batchOf(writer, 1, "train", steps, { loss: steps.map((step) => step / 7) }));
  await compactWhole(run.id);
  const later = steps.map((step) => 135_000 + step);
  await appendBatch(systemActor, run.id, batchOf(writer, 2, "train", later, { loss: later.map((step) => step / 7) }));
  await compactWhole(run.id);
  await appendBatch(systemActor, run.id, batchOf(writer, 3, "train", [10, 300_000], { loss: [1, 2], lr: [3, 4] }));
  const points = of(await linesOf(project, "read"), "points");
  const loss = points.filter(({ metric }) => metric === "loss");
  const expected = [...new Set([...steps, ...later, 10, 300_000])].sort((a, b) => a - b);
  expect(loss.flatMap((part) => part.steps)).toEqual(expected);
  expect(loss.flatMap((part) => part.values).slice(0, 5)).toEqual([0, 3 / 7, 6 / 7, 9 / 7, 1]);
  expect(Math.max(...points.map((part) => part.steps.length))).toBe(5_000);
  expect(points.filter(({ metric }) => metric === "lr")).toMatchObject([{ steps: [10, 300_000], values: [3, 4] }]);
});

test("runs that match, or that are named, go out oldest first; what can't be asked is a problem", async () => {
  const project = await newProject();
  const ids: string[] = [];
  for (let seed = 0; seed < 18; seed++)
    ids.push((await createRun(systemActor, { project: project.id, seed, config: { big: seed > 0 } })).id);
  const runs = (lines: ExportLine[]) => of(lines, "run").map(({ id }) => id);
  expect(runs(await linesOf(project, "read", "filter=config.big+%3D+true"))).toEqual(ids.slice(1));
  expect(runs(await linesOf(project, "read", `run=${ids[4]}&run=${ids[2]}`))).toEqual([ids[2], ids[4]]);
  const statuses = async (query: string) => (await asked(project, "read", query)).status;
  expect(await statuses("filter=config.big+%3D")).toBe(400);
  expect(await statuses(`run=${ids[0]}&filter=a`)).toBe(400);
  expect(await statuses("run=0199f3a2-1c00-7000-8000-0000000000aa")).toBe(404);
});
