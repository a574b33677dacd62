/**
 * The training of this tab, whichever page of it is open: the worker goes on while somebody looks at the run, and ends
 * with the tab.
 */
import { runApi } from "@/app/paths.ts";
import type { BrowserSettings } from "@/lib/runs/browser-settings.ts";
import type { BrowserRun } from "@/lib/runs/start-in-browser.ts";
import type { RunFinish } from "@/lib/wire/runs.ts";
import {
  type BackendName,
  type BackendTried,
  backendNames,
  type Ending,
  type FromWorker,
  type Progress,
  type ToWorker,
} from "./messages.ts";
import type { Sending } from "./page-writer.ts";

/** `delivering`: it has ended, and its last points wait for the server. */
export type TrainingStatus = "idle" | "preparing" | "training" | "delivering" | "ended";

export type TrainedRun = { id: string; name: string; slug: string; settings: BrowserSettings };

export type Training = {
  status: TrainingStatus;
  /** The run that trains, or trained last. */
  run: TrainedRun | null;
  tried: BackendTried[];
  progress: Progress | null;
  /** Of the last batch, each time that the page was told. */
  trainLoss: number[];
  /** One an epoch. */
  validationAccuracy: number[];
  /** What keeps points from the server, and how many wait; null: nothing does. */
  sending: Sending | null;
  ending: Ending | null;
  /** Whether the server has taken the end. */
  delivered: boolean;
  /** What ended in this tab, the oldest first. `accuracy`: on validation, at the last epoch. */
  earlier: (TrainedRun & { outcome: Ending["outcome"]; accuracy: number | null })[];
};

const nothing: Training = {
  status: "idle",
  run: null,
  tried: [],
  progress: null,
  trainLoss: [],
  validationAccuracy: [],
  sending: null,
  ending: null,
  delivered: false,
  earlier: [],
};

const SHOWN_MAX = 400;

let state = nothing;
let worker: Worker | null = null;
const listeners = new Set<() => void>();

export const readTraining = (): Training => state;
/** What the server draws, which knows of no tab. */
export const noTraining = (): Training => nothing;

export function subscribeTraining(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function change(to: Partial<Training>): void {
  state = { ...state, ...to };
  for (const listener of listeners) listener();
}

/**
 * Starts the worker, and resolves once it knows what computes. Rejects where nothing does. `wanted`: the one backend that
 * may be taken, by name; null: the first that does.
 */
export function prepareTraining(wanted: string | null): Promise<void> {
  const forced = backendNames.find((name) => name === wanted) ?? null;
  if (wanted !== null && forced === null)
    return Promise.reject(new Error(`there is no backend "${wanted}", only ${backendNames.join(", ")}`));
  change({ ...nothing, earlier: state.earlier, status: "preparing" });
  worker ??= startWorker();
  const of = worker;
  return new Promise((resolve, reject) => {
    of.onmessage = ({ data }: MessageEvent<FromWorker>) => {
      if (data.kind === "ready") resolve();
      if (data.kind === "unable") reject(new Error(data.why));
      hear(data);
    };
    of.onerror = (event) => {
      reject(new Error(event.message || "its worker doesn't start in this browser"));
      if (state.status !== "preparing") fail(event.message);
    };
    tell({ kind: "prepare", forced: forced satisfies BackendName | null });
  });
}

const startWorker = (): Worker => new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
const tell = (message: ToWorker): void => worker?.postMessage(message);

/** Hands the run to the worker. Its token isn't kept here. */
export function beginTraining(slug: string, { id, name, secret, expiresAt, settings }: BrowserRun): void {
  change({ status: "training", run: { id, name, slug, settings } });
  tell({ kind: "train", order: { run: id, secret, expiresAt, settings } });
}

export const stopTraining = (): void => tell({ kind: "stop" });

/** Nothing was begun after all. */
export function giveUpTraining(): void {
  worker?.terminate();
  worker = null;
  change({ status: "idle" });
}

function hear(said: FromWorker): void {
  if (said.kind === "ready") change({ tried: said.tried });
  else if (said.kind === "progress") hearProgress(said.progress);
  else if (said.kind === "sending") change({ sending: said.problem === null ? null : said });
  else if (said.kind === "trained") change({ status: "delivering", ending: said.ending });
  else if (said.kind === "ended") hearEnd(said.delivered);
}

function hearProgress(progress: Progress): void {
  const { train, validation } = progress;
  const { trainLoss, validationAccuracy } = state;
  change({
    progress: { ...progress, validation: validation ?? state.progress?.validation ?? null },
    trainLoss: [...trainLoss, train.loss].slice(-SHOWN_MAX),
    validationAccuracy: validation ? [...validationAccuracy, validation.accuracy] : validationAccuracy,
  });
}

function hearEnd(delivered: boolean): void {
  const { run, ending, validationAccuracy, earlier } = state;
  const ended = run && ending ? [{ ...run, outcome: ending.outcome, accuracy: validationAccuracy.at(-1) ?? null }] : [];
  change({ status: "ended", delivered, earlier: [...earlier, ...ended] });
}

/** The worker itself is broken: it can't end its run any more. */
function fail(message: string): void {
  const why = `its worker broke: ${message || "the browser doesn't say why"}`;
  endFromPage({ status: "failed", failure: { reason: "crashed", message: why } });
  change({ status: "delivering", ending: { outcome: "failed", why } });
  hearEnd(true);
}

/** Ends the run as the signed-in member, for a worker that is about to be gone; the request outlives the page. */
function endFromPage(finish: RunFinish): void {
  worker?.terminate();
  worker = null;
  const run = state.run?.id;
  if (run === undefined) return;
  const headers = { "content-type": "application/json" };
  // a tab that is closed hears no answer; what falls silent is marked by the server
  void fetch(`${runApi(run)}/finish`, { method: "POST", keepalive: true, headers, body: JSON.stringify(finish) }).catch(
    () => {},
  );
}

if (typeof window !== "undefined")
  window.addEventListener("pagehide", () => {
    if (state.status !== "training" && state.status !== "delivering") return;
    const why = "its page was closed";
    endFromPage({ status: "killed", failure: { reason: "other", message: why } });
    change({ status: "delivering", ending: { outcome: "stopped", why } });
    hearEnd(true);
  });
