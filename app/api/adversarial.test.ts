/** Bodies that somebody sends to break something, to every route that takes JSON: each has an answer below 500. */
import { v7 as uuidv7 } from "uuid";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { createDataset } from "@/lib/datasets/datasets.ts";
import { newEvaluated } from "@/lib/evaluations/test-evaluation.ts";
import { newReviewed } from "@/lib/reviews/test-review.ts";
import { newMember, newProject, newToken, prepareWorkspace, TEST_ORIGIN } from "@/lib/test-workspace.ts";
import type { Route } from "@/lib/wire/base/route.ts";
import { routes } from "@/lib/wire/routes.ts";
import { type AskedStudy, newAskedStudy } from "./test-ask.ts";
import { POST as addDatasetSamples } from "./v1/datasets/[dataset]/samples/route.ts";
import { POST as createDatasetRoute } from "./v1/datasets/route.ts";
import { POST as markSeen } from "./v1/inbox/route.ts";
import { POST as confirmLook } from "./v1/manifests/[manifest]/looks/route.ts";
import { POST as registerRefereeSplit } from "./v1/manifests/[manifest]/referee-split/route.ts";
import { POST as createManifest } from "./v1/manifests/route.ts";
import { POST as createAlert } from "./v1/projects/[project]/alerts/route.ts";
import { POST as lookAtPick } from "./v1/projects/[project]/doubts/looks/route.ts";
import { PUT as declareMetrics } from "./v1/projects/[project]/metrics/route.ts";
import { POST as importModel } from "./v1/projects/[project]/models/route.ts";
import { POST as importRecords } from "./v1/projects/[project]/records/route.ts";
import { POST as decideReview } from "./v1/projects/[project]/reviews/[review]/decisions/route.ts";
import { PATCH as updateReview } from "./v1/projects/[project]/reviews/[review]/route.ts";
import { POST as askReview } from "./v1/projects/[project]/reviews/route.ts";
import { PATCH as updateProject } from "./v1/projects/[project]/route.ts";
import { PATCH as editComment } from "./v1/projects/[project]/threads/[thread]/comments/[comment]/route.ts";
import { POST as addComment } from "./v1/projects/[project]/threads/[thread]/comments/route.ts";
import { PATCH as updateThread } from "./v1/projects/[project]/threads/[thread]/route.ts";
import { POST as startThread } from "./v1/projects/[project]/threads/route.ts";
import { POST as createToken } from "./v1/projects/[project]/tokens/route.ts";
import { POST as createProject } from "./v1/projects/route.ts";
import { POST as linkArtifact } from "./v1/runs/[run]/artifacts/route.ts";
import { POST as createCheckpoint } from "./v1/runs/[run]/checkpoints/route.ts";
import { POST as appendPredictions } from "./v1/runs/[run]/evaluations/[evaluation]/predictions/route.ts";
import { POST as createShare } from "./v1/runs/[run]/evaluations/[evaluation]/shares/route.ts";
import { POST as verifyReport } from "./v1/runs/[run]/evaluations/[evaluation]/verify/route.ts";
import { POST as createEvaluation } from "./v1/runs/[run]/evaluations/route.ts";
import { POST as finishRun } from "./v1/runs/[run]/finish/route.ts";
import { POST as heartbeat } from "./v1/runs/[run]/heartbeat/route.ts";
import { POST as importLooks } from "./v1/runs/[run]/looks/route.ts";
import { POST as appendMetrics } from "./v1/runs/[run]/metrics/route.ts";
import { POST as postRefereePredictions } from "./v1/runs/[run]/referee-predictions/route.ts";
import { PATCH as updateRun } from "./v1/runs/[run]/route.ts";
import { POST as tagRun } from "./v1/runs/[run]/tags/route.ts";
import { POST as createWriter } from "./v1/runs/[run]/writers/route.ts";
import { POST as createRun } from "./v1/runs/route.ts";
import { POST as answerStudy } from "./v1/studies/[study]/answers/route.ts";
import { POST as askStudy } from "./v1/studies/[study]/ask/route.ts";
import { POST as submitCandidate } from "./v1/studies/[study]/candidates/route.ts";
import { POST as concludeStudy } from "./v1/studies/[study]/conclusion/route.ts";
import { POST as startLoop } from "./v1/studies/[study]/loop/route.ts";
import { PATCH as updateStudy } from "./v1/studies/[study]/route.ts";
import { POST as ruleOnCandidate } from "./v1/studies/[study]/rulings/route.ts";
import { POST as addTrials } from "./v1/studies/[study]/trials/route.ts";
import { POST as createStudy } from "./v1/studies/route.ts";
import { POST as renewTrial } from "./v1/trials/[trial]/renew/route.ts";
import { PATCH as updateTrial } from "./v1/trials/[trial]/route.ts";
import { POST as tellTrial } from "./v1/trials/[trial]/tell/route.ts";
import { POST as claimTrial } from "./v1/trials/claim/route.ts";
import { POST as queueTrial } from "./v1/trials/route.ts";
import { PATCH as updateWorker } from "./v1/workers/[worker]/route.ts";
import { POST as registerWorker } from "./v1/workers/route.ts";

prepareWorkspace();
afterEach(() => void vi.restoreAllMocks());

type Handler = (request: Request, context: { params: Promise<Record<string, string>> }) => Promise<Response>;
const doors = {
  createProject,
  createToken,
  updateProject,
  declareMetrics,
  createRun,
  updateRun,
  tagRun,
  importLooks,
  importModel,
  importRecords,
  createWriter,
  appendMetrics,
  heartbeat,
  finishRun,
  linkArtifact,
  createCheckpoint,
  createDataset: createDatasetRoute,
  addDatasetSamples,
  createManifest,
  confirmLook,
  lookAtPick,
  createEvaluation,
  appendPredictions,
  createShare,
  verifyReport,
  askReview,
  updateReview,
  decideReview,
  startThread,
  updateThread,
  addComment,
  editComment,
  createAlert,
  markSeen,
  createStudy,
  updateStudy,
  concludeStudy,
  addTrials,
  askStudy,
  answerStudy,
  startLoop,
  ruleOnCandidate,
  submitCandidate,
  registerRefereeSplit,
  postRefereePredictions,
  queueTrial,
  updateTrial,
  claimTrial,
  renewTrial,
  tellTrial,
  registerWorker,
  updateWorker,
} as unknown as Record<string, Handler>;
const fixture = {} as { params: Record<string, string>; cookie: string; asked: AskedStudy };

beforeAll(async () => {
  const { actor, cookie } = await newMember("admin");
  const project = await newProject();
  await newToken(project, "ingest");
  const { run, evaluation, manifest } = await newEvaluated(project);
  const dataset = await createDataset(actor, { project: project.slug, name: "d", version: "1" });
  const reviewed = await newReviewed(project.id, run, { actor, asker: actor });
  const asked = await newAskedStudy(project, manifest.id);
  const ids = { run, evaluation, manifest: manifest.id, dataset: dataset.id, ...reviewed, ...asked };
  Object.assign(fixture, { cookie, params: { project: project.slug, ...ids }, asked });
});

test("every route that takes JSON is tried", () => {
  const promised = Object.entries(routes as Record<string, Route>).filter(([, route]) => route.request);
  expect(Object.keys(doors).sort()).toEqual(promised.map(([name]) => name).sort());
});

const half = '"\\ud800"';
const hardTexts = ["", "{", "]", "nul", "\ufeff{}", '"', "{}{}", "\u0000", "[".repeat(50_000), '{"a":'.repeat(50_000)];
/** JSON texts that stand where something else is expected. */
const hardValues = [
  ...["null", "true", "0", "-1", "1.5", "1e308", "1e400", "-0", "9007199254740993", "1e-400", "NaN", "-Infinity"],
  ...['""', '" "', '"\\u0000"', half, '"\\udbff\\ud800"', '"\\u202e"', '"\\ufeff"', '"__proto__"', '"constructor"'],
  ...['"../../etc/passwd"', '"0000-01-01T00:00:00Z"', '"9999-99-99T99:99:99Z"', '"%00"', '"\'; drop table runs; --"'],
  ...["[]", "[null]", "[[[[]]]]", "{}", '{"__proto__":1}', '{"a":1,"a":2}', `{${half}:1}`, '{"":{"":{"":0}}}'],
  ...['{"toJSON":1,"then":1,"constructor":{"prototype":{}}}', '{"length":1e9}', `"${"x".repeat(70_000)}"`],
  ...[`${"[".repeat(101)}${"]".repeat(101)}`, `[${"0,".repeat(40_000)}0]`],
];
const mark = "@hole@";

/** The body with one of its fields, at whatever depth, given as `mark`. */
function* withHoles(value: unknown, put: (hole: unknown) => unknown): Generator<unknown> {
  yield put(mark);
  if (typeof value !== "object" || value === null) return;
  for (const [key, below] of Object.entries(value)) {
    const change = (hole: unknown) =>
      put(Array.isArray(value) ? value.map((one, at) => (String(at) === key ? hole : one)) : { ...value, [key]: hole });
    yield* withHoles(below, change);
  }
}

/** A field is given every so manieth of the hard values, in turn; all of them where randomised tests run in full. */
const TURNS_MAX = process.env.HOLDOUT_TEST_SLOW ? 1 : 7;

/** Whole bodies, and the route's example with one field after the other replaced by one hard value after the other. */
function bodiesOf(name: string): string[] {
  const [example] = (routes as Record<string, Route>)[name]!.request!.meta()!.examples as object[];
  // so that what is right otherwise goes as far as the database
  const { project } = fixture.params;
  const thread = { subject: `run:${fixture.params.run}`, anchor: "whole" };
  const { worker, lease, trial } = fixture.asked;
  const usable = {
    startThread: thread,
    lookAtPick: { run: fixture.params.run },
    askReview: { subjects: [fixture.params.run], chosenRun: null },
    createRun: { id: uuidv7(), project, manifest: null, parent: null },
    createDataset: { project },
    createStudy: { project, manifest: null, parent: null },
    concludeStudy: { chosenTrial: trial, chosenRun: null },
    startLoop: { run: fixture.params.run },
    queueTrial: { project, manifest: null, copyOf: null },
    registerWorker: { project },
    claimTrial: { worker },
    renewTrial: { lease },
    tellTrial: { lease },
  };
  const fresh = { ...example, ...usable[name as keyof typeof usable] };
  const holes = [...withHoles(fresh, (body) => body)].map((body) => JSON.stringify(body));
  // of few fields each is given more of them, so that every value stands somewhere
  const turns = Math.min(TURNS_MAX, holes.length);
  const filled = holes.flatMap((body, at) =>
    hardValues.filter((_, which) => (which + at) % turns === 0).map((hard) => body.replace(`"${mark}"`, () => hard)),
  );
  return [...hardTexts, ...filled];
}

test.each(Object.keys(doors))("%s has an answer below 500 for each of many bad bodies", async (name) => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  const { method } = (routes as Record<string, Route>)[name]!;
  const bodies = bodiesOf(name);
  expect(bodies.length).toBeGreaterThan(25);
  const failed: string[] = [];
  for (const body of bodies) {
    const headers = { cookie: fixture.cookie, origin: TEST_ORIGIN, "content-type": "application/json" };
    const request = new Request(`${TEST_ORIGIN}/api/v1`, { method, body, headers });
    const { status } = await doors[name]!(request, { params: Promise.resolve(fixture.params) });
    if (status >= 500) failed.push(`${status} ${body.slice(0, 300)}`);
  }
  expect(failed).toEqual([]);
});
