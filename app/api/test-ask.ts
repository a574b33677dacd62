/** Requests to every route of the contract, for tests that ask all of them. */
import path from "node:path";
import { v4 as uuidv4, v7 as uuidv7 } from "uuid";
import { systemActor } from "@/lib/access/actor.ts";
import { newLoopStudy, newRefereed, newRuled } from "@/lib/loops/test-loop.ts";
import { samplesOf } from "@/lib/manifests/test-manifest.ts";
import { registerWorker } from "@/lib/queue/workers.ts";
import { claimNext } from "@/lib/studies/claim.ts";
import { createStudy, updateStudy } from "@/lib/studies/studies.ts";
import { TEST_ORIGIN } from "@/lib/test-workspace.ts";
import type { Route } from "@/lib/wire/base/route.ts";
import { encodeImport, IMPORT_CONTENT_TYPE } from "@/lib/wire/imports.ts";
import type { Project } from "@/lib/wire/projects.ts";
import { type RouteName, routes } from "@/lib/wire/routes.ts";
import { checkNames } from "@/lib/wire/studies/answers.ts";

type Handler = (request: Request, context: { params: Promise<object> }) => Promise<Response>;

/** What there is to ask about, by id. */
export type AskedPlace = {
  project: Project;
  /** It has the file `a/weights.bin`. */
  run: string;
  writer: string;
  /** A run with a checkpoint, and a complete evaluation of it. */
  evaluated: string;
  evaluation: string;
  manifest: string;
  /** Another manifest, to be compared with. */
  unsealed: string;
  dataset: string;
  /** Of the evaluation's report. */
  share: string;
  /** A review of the run, a thread on it with its first comment, and a rule on runs. */
  review: string;
  thread: string;
  comment: string;
  alert: string;
  /** What opens an evaluation of that run, and what its predictions were sent as. */
  validation: object;
  predictions: object;
} & AskedStudy &
  AskedLoop;

/** An open study, a worker that has claimed one of its trials, and the lease of that. */
export type AskedStudy = Record<"study" | "worker" | "trial" | "lease", string>;
/** A study whose loop has begun, with a run that ended; a study whose loop hasn't, with a run of its first recipe. */
export type AskedLoop = Record<"loop" | "candidate" | "unbegun" | "first" | "hidden" | "hiddenRun", string> & {
  /** Of the manifest `hidden`, whose referee split has these keys; the run was scored on it. */
  hiddenKeys: string[];
};

export async function newAskedLoop(project: Project): Promise<AskedLoop> {
  const { study: loop, candidate } = await newRuled(project);
  const { study: unbegun, first } = await newLoopStudy(project);
  return { loop, candidate, unbegun, first, ...(await newRefereed(project)) };
}

const rate = { kind: "float", path: "learningRate", low: 0.001, high: 0.1 };

export async function newAskedStudy(project: Project, manifest: string): Promise<AskedStudy> {
  const plan = { title: "Rates", manifest, space: [rate], objective };
  const { id: study } = await createStudy(systemActor, { project: project.id, ...plan, trialsBudget: 1000 });
  await updateStudy(systemActor, study, { status: "open" });
  const { id: worker } = await registerWorker(systemActor, { project: project.id, name: "a worker" });
  const { trial } = await claimNext(systemActor, { worker });
  return { study, worker, trial: trial!.trial, lease: trial!.lease };
}

const objective = { metric: "loss", split: "validation", direction: "min" };

const refereeRoutes: RouteName[] = ["registerRefereeSplit", "getRefereeSplit"];
const loopRoutes: RouteName[] = ["getLoop", "submitCandidate", "ruleOnCandidate", "queueAskedRuns"];

/** Asks the handler of a route as a caller would, with what it answers with success if the caller may. */
export async function askRoute(
  place: AskedPlace,
  name: RouteName,
  headers: Record<string, string>,
  search?: string,
): Promise<Response> {
  const route: Route = routes[name];
  const folder = route.path.replace("{path}", "[...path]").replace(/\{(\w+)\}/g, "[$1]");
  const module = (await import(
    /* @vite-ignore */ path.resolve(import.meta.dirname, "../..", `app${folder}/route.ts`)
  )) as Record<string, Handler>;
  const isOfEvaluation = route.path.includes("/evaluations");
  const params = {
    project: place.project.slug,
    run: name === "postRefereePredictions" ? place.hiddenRun : isOfEvaluation ? place.evaluated : place.run,
    evaluation: place.evaluation,
    manifest: refereeRoutes.includes(name) ? place.hidden : place.manifest,
    dataset: place.dataset,
    share: place.share,
    review: place.review,
    thread: place.thread,
    comment: place.comment,
    alert: place.alert,
    study: name === "startLoop" ? place.unbegun : loopRoutes.includes(name) ? place.loop : place.study,
    ruling: "1",
    worker: place.worker,
    trial: place.trial,
    path: ["a", "weights.bin"],
  };
  const query = {
    listRuns: `?project=${place.project.id}`,
    getEvaluable: `?manifest=${place.manifest}`,
    getPoints: "?series=train/loss",
    getProjectPoints: `?series=train/loss&run=${place.run}`,
    uploadDatasetSamples: "?format=jsonl",
    previewTable: "?format=jsonl",
    listDatasets: `?project=${place.project.id}`,
    listManifests: `?project=${place.project.id}`,
    getManifestReport: `?project=${place.project.id}`,
    diffManifests: `?project=${place.project.id}&with=${place.unsealed}`,
    getThumbnail: `?project=${place.project.id}&key=a`,
    exportPredictions: "?format=csv",
    exportManifest: `?project=${place.project.id}&format=csv`,
    getManifest: `?project=${place.project.id}`,
    getLedger: `?project=${place.project.id}`,
    confirmLook: `?project=${place.project.id}`,
    registerRefereeSplit: `?project=${place.project.id}`,
    getRefereeSplit: `?project=${place.project.id}`,
    getManifestSamples: `?project=${place.project.id}`,
    listThreads: `?subject=run:${place.run}`,
  };
  const body = bodiesAt(place)[name];
  const url = `${TEST_ORIGIN}${route.path}${search ?? (query as Record<string, string>)[name] ?? ""}`;
  const init = body === undefined ? {} : { body: isPlain(body) ? body : JSON.stringify(body) };
  const type: Record<string, string> = name === "importRuns" ? { "content-type": IMPORT_CONTENT_TYPE } : {};
  const request = new Request(url, { method: route.method, headers: { ...headers, ...type }, ...init });
  return module[route.method]!(request, { params: Promise.resolve(params) });
}

/** A body that goes out as it is. */
const isPlain = (body: unknown): body is string | Uint8Array<ArrayBuffer> =>
  typeof body === "string" || body instanceof Uint8Array;

function bodiesAt(place: AskedPlace): Partial<Record<RouteName, unknown>> {
  const { project, run, writer, predictions, validation, worker, trial, lease } = place;
  return {
    createProject: { name: "New" },
    createToken: { name: "a node", scope: "ingest" },
    updateProject: { description: "changed" },
    declareMetrics: { metrics: [] },
    createRun: { id: uuidv7(), project: project.id },
    updateRun: { notes: "changed" },
    tagRun: { add: ["seen"] },
    createWriter: { writer: uuidv4(), mode: "join" },
    appendMetrics: {
      writer,
      sequence: Math.ceil(Math.random() * 1e9),
      groups: [{ steps: [0], times: [0], metrics: { loss: [1] } }],
    },
    createStudy: { project: project.id, title: "Rates", objective },
    updateStudy: { title: "Learning rates" },
    concludeStudy: {
      conclusion: "They don't matter.",
      decision: "adopt",
      chosenTrial: trial,
      checks: Object.fromEntries(checkNames.map((name) => [name, "no"])),
      withoutCurves: "there are none",
    },
    addTrials: { values: [{ learningRate: 0.01 }] },
    askStudy: {},
    answerStudy: { answers: [{ kind: "check", about: "stability", answer: "no loss rose" }] },
    startLoop: { run: place.first },
    registerRefereeSplit: { seed: 1 },
    postRefereePredictions: { keys: place.hiddenKeys, classes: place.hiddenKeys?.map(() => "cat") },
    submitCandidate: { config: { rate: 3 } },
    ruleOnCandidate: { runs: [place.candidate] },
    queueTrial: { project: project.id, config: {} },
    updateTrial: { priority: 1 },
    registerWorker: { project: project.id, name: "another" },
    updateWorker: { isDraining: false },
    claimTrial: { worker },
    renewTrial: { lease },
    tellTrial: { lease, outcome: "finished" },
    heartbeat: { writer },
    finishRun: { status: "finished" },
    linkArtifact: { path: `${uuidv4()}.bin`, sha256: "0".repeat(64) },
    putArtifact: "weights",
    createEvaluation: validation,
    createShare: { days: 1 },
    confirmLook: { reason: "the labels were mended" },
    importLooks: {
      looks: [
        {
          id: uuidv7(),
          at: "2026-01-05T09:00:00.000Z",
          actor: "Ada",
          look: "pick",
          purpose: null,
          reason: "seen elsewhere",
          testDigest: "0".repeat(64),
          confirmation: null,
        },
      ],
    },
    importRuns: encodeImport([
      { run: { id: uuidv7(), name: "of old" }, writer: { writer: uuidv4() }, batches: [], files: [] },
    ]),
    importModel: {
      name: "signs",
      versions: [{ version: 3, run, source: "file:///elsewhere/model", files: "model", stage: "production" }],
      aliases: [{ alias: "best", version: 3 }],
    },
    importRecords: {
      records: [
        {
          kind: "override",
          id: uuidv7(),
          project: "elsewhere",
          by: "Ada",
          at: "2026-01-05T09:00:00.000Z",
          manifest: place.manifest,
          reason: "its copies are known",
        },
      ],
    },
    lookAtPick: { run, reason: "a paper cites it" },
    appendPredictions: predictions,
    verifyReport: { sha256: "0".repeat(64) },
    createCheckpoint: { path: "a/weights.bin", step: 1, epoch: 1 },
    addDatasetSamples: samplesOf({ d: "train" }),
    uploadDatasetSamples: '{"key":"e","text":"a text"}\n',
    previewTable: '{"key":"e","text":"a text"}\n',
    createDataset: { project: project.id, name: "cats", version: "1" },
    askReview: { kind: "runs", subjects: [run], title: "Which?" },
    updateReview: { about: "changed" },
    decideReview: { approves: true },
    startThread: { subject: `run:${run}`, text: "why?" },
    updateThread: { isResolved: true },
    addComment: { text: "because" },
    editComment: { text: "changed" },
    createAlert: { event: "failed" },
    markSeen: { seen: "all" },
    createManifest: {
      project: project.id,
      name: "cats",
      dataset: { name: "cats", version: "1" },
      method: "given",
      samples: samplesOf({ a: "train" }),
    },
  };
}
