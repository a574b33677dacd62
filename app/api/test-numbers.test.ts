/** No token that may not look at the test split learns a test number: every route is asked before an evaluation and after. */

import { Readable } from "node:stream";
import { beforeAll, describe, expect, test } from "vitest";
import { systemActor } from "@/lib/access/actor.ts";
import { putArtifact } from "@/lib/artifacts/artifacts.ts";
import { claimChampion } from "@/lib/champions/claim.ts";
import { createDataset } from "@/lib/datasets/datasets.ts";
import { requireReport } from "@/lib/evaluations/read-report.ts";
import { evaluate, newCheckpointRun, newManifestOf, type TestSample } from "@/lib/evaluations/test-evaluation.ts";
import { exportProject } from "@/lib/exports/export-project.ts";
import { importRecords } from "@/lib/exports/imported.ts";
import { appendBatch } from "@/lib/metrics/append.ts";
import { newReviewed } from "@/lib/reviews/test-review.ts";
import { startThread } from "@/lib/reviews/threads.ts";
import { createWriter } from "@/lib/runs/writers.ts";
import { updateProject } from "@/lib/settings/project-settings.ts";
import { batchOf, newMember, newProject, newToken, prepareWorkspace, TEST_ORIGIN } from "@/lib/test-workspace.ts";
import type { Route } from "@/lib/wire/base/route.ts";
import type { TokenScope } from "@/lib/wire/base/words.ts";
import type { TestMode } from "@/lib/wire/evaluations/looks.ts";
import { type RouteName, routes } from "@/lib/wire/routes.ts";
import { GET as getEvents } from "./events/route.ts";
import { connectAgent, serveAgents, walkAgent } from "./test-agent.ts";
import { type AskedPlace, askRoute, newAskedLoop, newAskedStudy } from "./test-ask.ts";

prepareWorkspace();

const classes = ["cat", "dog", "eel"];
/** 36 of 49 are right: an accuracy of 0.7346…, which nothing else here comes to. */
const TESTS = 49;
const RIGHT = 36;
const tests = Array.from({ length: TESTS }, (_, at) => `test ${String(at).padStart(2, "0")}`);
const labelOf = (at: number) => classes[(at * at) % 3]!;
const samples: TestSample[] = [
  { key: "a", split: "train", label: "cat" },
  { key: "b", split: "train", label: "dog" },
  { key: "v0", split: "validation", label: "cat" },
  { key: "v1", split: "validation", label: "dog" },
  ...tests.map((key, at) => ({ key, split: "test" as const, label: labelOf(at) })),
];
/** The score of the true class, and of the one after it; another for each sample, so that no figure is met by chance. */
const scores = classes.map((name) =>
  tests.map((_, at) => {
    const sure = 0.5123 + 0.4 * ((at * 0.6180339887) % 1);
    const own = at < RIGHT ? sure : 1 - sure;
    if (labelOf(at) === name) return own;
    return labelOf(at) === classes[(classes.indexOf(name) + 2) % 3] ? (1 - own) * 0.987 : (1 - own) * 0.013;
  }),
);

type Place = AskedPlace & { tokens: Partial<Record<TokenScope, Record<string, string>>>; opened: string };

async function newPlace(testMode: TestMode, scopes: TokenScope[]): Promise<Place> {
  const project = await newProject("Animals", "accuracy");
  await updateProject(systemActor, project.id, { testMode });
  const manifest = await newManifestOf(project, samples);
  const unsealed = await newManifestOf(project, samples.slice(0, 8));
  const { run } = await newCheckpointRun(project, manifest, { name: "run" });
  const content = Readable.from([Buffer.from("weights")]);
  await putArtifact(systemActor, run, { path: "a/weights.bin", contentType: null, expectedSha256: null, content });
  const writer = crypto.randomUUID();
  await createWriter(systemActor, run, { writer, mode: "join" });
  await appendBatch(systemActor, run, batchOf(writer, 1, "validation", [9, 10], { accuracy: [0.25, 0.75] }));
  // a client that logs its test accuracy: quarantined, and found nowhere either
  await appendBatch(systemActor, run, batchOf(writer, 2, null, [9, 10], { test_accuracy: [0.5, RIGHT / TESTS] }));
  const validation = { split: "validation", task: "classification", form: "class", classes } as const;
  const predictions = { sequence: 1, keys: ["v0", "v1"], classes: ["cat", "cat"] };
  const { id } = await evaluate(run, { input: { ...validation, classes }, batch: predictions });
  const tokens: Place["tokens"] = {};
  for (const scope of scopes) tokens[scope] = { authorization: `Bearer ${(await newToken(project, scope)).secret}` };
  const dataset = await createDataset(systemActor, { project: project.id, name: "more", version: "1" });
  const { actor: reviewer } = await newMember("member");
  const reviewed = await newReviewed(project.id, run, { actor: reviewer, asker: systemActor });
  const place = { project, run, writer, evaluated: run, evaluation: id, manifest: manifest.id, unsealed: unsealed.id };
  const study = { ...(await newAskedStudy(project, unsealed.id)), ...(await newAskedLoop(project)) };
  const others = { ...reviewed, ...study, dataset: dataset.id, share: id };
  return { ...place, ...others, validation, predictions, tokens, opened: "" };
}

const openTest = async (place: Place) =>
  evaluate(place.run, {
    input: {
      split: "test",
      task: "classification",
      form: "scores",
      scoresAre: "probabilities",
      classes,
      purpose: "final",
      reason: "the recipe is settled",
    },
    batch: { sequence: 1, keys: tests, scores },
  });

/** The test evaluation once more, as the record of another installation would be brought to the run. */
async function importAnew({ project, opened }: Place): Promise<void> {
  let text = "";
  const all = { runs: [], archived: true };
  for await (const line of exportProject(systemActor, project.id, all, "1.0.0")) text += line;
  const record = text.split("\n").find((line) => line.includes('"kind":"evaluation"') && line.includes(opened))!;
  const { report } = JSON.parse(record) as { report: unknown };
  expect(figuresOf(report)).toContain(RIGHT / TESTS);
  const elsewhere = { ...JSON.parse(record), project: "elsewhere" };
  await importRecords(systemActor, project.id, { records: [elsewhere] });
}

/** What is asked beside the first form of a route: by the name of the metric that is quarantined, and of the test split. */
const more = ({ project, run, manifest, opened }: Place): Partial<Record<RouteName, string[]>> => ({
  getPoints: ["-/test_accuracy", "test/accuracy"].map((key) => `?series=${encodeURIComponent(key)}`),
  getProjectPoints: [`?series=${encodeURIComponent("-/test_accuracy")}&run=${run}`],
  listRuns: ["test_accuracy", "test/accuracy", "validation/accuracy"].map(
    (key) => `?project=${project.id}&sort=${encodeURIComponent(key)}`,
  ),
  exportRuns: ["", "?sort=test_accuracy", "?filter=test_accuracy%3E0.7"],
  exportManifest: ["csv", "jsonl", "canonical"].map((format) => `?project=${project.id}&format=${format}`),
  getManifestSamples: [`?project=${project.id}&split=test`],
  getEvaluable: [`?manifest=${manifest}`],
  listThreads: opened ? [`?subject=evaluation:${opened}`] : [],
});

const reading = (Object.keys(routes) as RouteName[]).filter((name) => (routes[name] as Route).method === "GET");
const changing = (Object.keys(routes) as RouteName[]).filter(
  (name) => (routes[name] as Route).method !== "GET" && name !== "finishRun",
);

/** Every answer to a token, by what was asked. */
async function walk(place: Place, headers: Record<string, string>, names: RouteName[]): Promise<Map<string, string>> {
  const answers = new Map<string, string>();
  const evaluations = [place.evaluation, ...(place.opened ? [place.opened] : [])];
  for (const name of names)
    for (const evaluation of routes[name].path.includes("{evaluation}") ? evaluations : [place.evaluation])
      for (const search of [undefined, ...(more(place)[name] ?? [])]) {
        const response = await askRoute({ ...place, evaluation }, name, headers, search);
        const of = evaluation === place.opened ? " of the test evaluation" : "";
        answers.set(`${name}${of} ${search ?? ""}`, `${response.status} ${await response.text()}`);
      }
  return answers;
}

const isFraction = (number: number) => Number.isFinite(number) && number > 0 && !Number.isInteger(number);
const numbersIn = (text: string): number[] =>
  (steady(text).match(/\b\d+\.\d{3,}(e-?\d+)?/gi) ?? []).map(Number).filter(isFraction);

/** Every fraction in a report. */
function figuresOf(report: unknown): number[] {
  const found = new Set<number>();
  const collect = (value: unknown): void => {
    if (typeof value === "number" && isFraction(value)) found.add(value);
    else if (value && typeof value === "object") Object.values(value).forEach(collect);
  };
  collect(report);
  return [...found];
}

/** As it is, rounded to four digits, in per cent, or its rest to 1. */
const isNear = (number: number, figure: number): boolean =>
  [figure, 100 * figure, 1 - figure].some((form) => Math.abs(number - form) < 2e-5 * Math.max(1, Math.abs(form)));

/** What a token of scope evaluate sent is its own, and depends on no label: it may have it back. */
const isSentBack = (asked: string, scope: TokenScope): boolean =>
  scope === "evaluate" && asked.startsWith("exportPredictions of the test evaluation");

const meets = (figures: number[], text: string): number[] =>
  numbersIn(text).filter((number) => figures.some((figure) => isNear(number, figure)));

/** Times and ids aside. */
const steady = (text: string): string =>
  text
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME")
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "ID");

type Case = { mode: TestMode; scopes: TokenScope[] };

describe.each([
  { mode: "shut", scopes: ["ingest", "read"] },
  { mode: "one-bit", scopes: ["ingest", "read", "evaluate"] },
  { mode: "ladder", scopes: ["ingest", "read"] },
] as Case[])("in mode $mode", ({ mode, scopes }) => {
  let place: Place;
  const before = new Map<TokenScope, Map<string, string>>();
  let figures: number[];
  let events = "";

  beforeAll(async () => {
    place = await newPlace(mode, scopes);
    for (const scope of scopes) before.set(scope, await walk(place, place.tokens[scope]!, reading));
    const { cookie } = await newMember("viewer");
    const stop = new AbortController();
    const request = new Request(`${TEST_ORIGIN}/api/events`, { headers: { cookie }, signal: stop.signal });
    const stream = await getEvents(request, { params: Promise.resolve({}) });
    const heard = stream.text();
    place.opened = (await openTest(place)).id;
    await importAnew(place);
    const said = { anchor: "panel:headline", text: `its accuracy is ${RIGHT / TESTS}` };
    await startThread(systemActor, place.project.id, { subject: `evaluation:${place.opened}`, ...said });
    stop.abort();
    events = await heard;
    const { report } = await requireReport(systemActor, place.run, place.opened);
    // what was answered before is no test number: examples of the contract, figures of validation
    const known = [...new Set([...before.values()].flatMap((answers) => [...answers.values()].flatMap(numbersIn)))];
    figures = figuresOf(report.panels).filter((figure) => !known.some((number) => isNear(number, figure)));
  });

  test("the report holds the number, and the events that it made hold none", () => {
    expect(figures).toContain(RIGHT / TESTS);
    expect(figures.length).toBeGreaterThan(20);
    expect(meets(figures, `"accuracy":${RIGHT / TESTS}`)).toHaveLength(1);
    expect(events).toContain("data:");
    expect(meets(figures, events)).toEqual([]);
  });

  test.each(scopes)("a token of scope %s finds it in no answer, and answers are what they were", async (scope) => {
    const after = await walk(place, place.tokens[scope]!, reading);
    for (const [asked, answer] of after)
      if (!isSentBack(asked, scope)) expect(meets(figures, answer), asked).toEqual([]);
    for (const [asked, answer] of before.get(scope)!) {
      const now = after.get(asked)!;
      if (asked.startsWith("listEvaluations")) {
        // the test evaluation stands in the list, without a number; the rest is as it was
        const { evaluations } = JSON.parse(now.slice(4)) as { evaluations: { id: string; released: unknown }[] };
        const [opened, ...others] = evaluations;
        expect(opened).toMatchObject({ id: place.opened, split: "test" });
        expect(opened!.released).toEqual(scope === "evaluate" ? { mode: "one-bit", better: true, loss: null } : null);
        expect(steady(`200 ${JSON.stringify({ evaluations: others })}`)).toBe(steady(answer));
      } else if (asked.startsWith("getLedger")) {
        expect(JSON.parse(now.slice(4))).toMatchObject({ count: 2, looks: [{ purpose: "final" }, { kind: "logged" }] });
      } else if (asked.startsWith("exportProject") && now.startsWith("200")) {
        // the look travels, as the ledger tells it, and the evaluation, made here and come from elsewhere, without a number
        const isNew = (line: string) =>
          line.includes('"look":"evaluation"') || /^{"kind":"evaluation".*"split":"test"/.test(line);
        const lines = now.split("\n");
        const opened = lines.filter(isNew).map((line) => JSON.parse(line) as object);
        expect(opened).toMatchObject([
          { kind: "look", purpose: "final" },
          { kind: "evaluation", project: place.project.slug, report: null },
          { kind: "evaluation", project: "elsewhere", report: null },
        ]);
        const others = lines.filter((line) => !isNew(line)).join("\n");
        const counted = steady(answer).replace('"looks":1,"records":1', '"looks":2,"records":3');
        expect(steady(others), asked).toBe(counted);
      } else expect(steady(now), asked).toBe(steady(answer));
    }
  });

  test("the report of the test split is refused to them by name", async () => {
    for (const scope of scopes)
      for (const name of ["getReport", "getReportCsv", "verifyReport"] as const) {
        const response = await askRoute({ ...place, evaluation: place.opened }, name, place.tokens[scope]!);
        expect([name, scope, response.status]).toEqual([name, scope, 403]);
      }
  });

  test("a champion that was claimed by it is answered without it", async () => {
    const rule = { metric: "accuracy", split: "test", direction: "max" } as const;
    const claim = { run: place.run, evidence: [place.opened], rule, reason: "there is no other" };
    await claimChampion(systemActor, place.project.id, claim);
    for (const scope of scopes) {
      const after = await walk(place, place.tokens[scope]!, reading);
      expect([...after.keys()].filter((asked) => after.get(asked)!.includes("there is no other"))).not.toEqual([]);
      for (const [asked, answer] of after)
        if (!isSentBack(asked, scope)) expect(meets(figures, answer), asked).toEqual([]);
    }
  });

  test("what tokens send is answered without it", async () => {
    for (const scope of scopes)
      for (const [asked, answer] of await walk(place, place.tokens[scope]!, changing))
        expect(meets(figures, answer), asked).toEqual([]);
  });

  // each way that a token is shut out once: a walk asks a hundred questions
  test.each(scopes.filter((scope) => scope === { shut: "ingest", "one-bit": "evaluate" }[mode as string]))(
    "an agent with a token of scope %s finds it by no tool and in no resource, whichever way it asks",
    async (scope) => {
      const served = await serveAgents();
      const agent = await connectAgent(served.url, place.tokens[scope]!);
      const heard = [...(await walkAgent(agent, place, place.opened))];
      await agent.client.close();
      await served.close();
      // a half and its like stand in what is told of validation too, in more forms than routes were asked for before
      const telling = figures.filter((figure) => String(figure).length > 7);
      expect(telling).toContain(RIGHT / TESTS);
      for (const [asked, answer] of heard) expect(meets(telling, answer), asked).toEqual([]);
      const reports = heard.filter(([asked]) => asked.startsWith("evaluations_report") || asked.endsWith("/report"));
      const read = reports.filter(([, answer]) => answer.includes("untrusted")).map(([asked]) => asked);
      expect(read).toHaveLength(3);
      for (const asked of read) expect(asked).toContain(place.evaluation);
    },
  );
});
