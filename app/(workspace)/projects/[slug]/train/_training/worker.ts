/** Trains in a worker of the browser, so that the page stays free. It alone holds the token of its run. */
import * as core from "@tensorflow/tfjs-core";
import * as layers from "@tensorflow/tfjs-layers";
import { v4 as uuidv4 } from "uuid";
import { readAnswer, Unreachable } from "@/lib/sending/answers.ts";
import type { Send } from "@/lib/sending/writer-calls.ts";
import type { RunFinish } from "@/lib/wire/runs.ts";
import { browserBackends, firstBackend } from "./backend.ts";
import type { BackendName, BackendTried, Ending, FromWorker, Progress, ToWorker, TrainOrder } from "./messages.ts";
import { PageWriter } from "./page-writer.ts";
import { train } from "./train.ts";

/** The page hears of an update at most this often. */
const SAY_MS = 100;
/** How long the training computes before it lets requests go on. */
const REST_AFTER_MS = 30;
/** So long before the token ends, the training does: its last points must still arrive. */
const SPARE_MS = 60_000;
const REQUEST_MS = 15_000;

let backends: Promise<BackendTried[]> | null = null;
let stopped: string | null = null;

const say = (message: FromWorker): void => self.postMessage(message);
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

self.onmessage = ({ data }: MessageEvent<ToWorker>) => {
  if (data.kind === "prepare") void prepare(data.forced);
  else if (data.kind === "train") void run(data.order);
  else stopped = "stopped in the browser";
};

function prepare(forced: BackendName | null): Promise<void> {
  core.enableProdMode();
  backends ??= firstBackend(browserBackends({ core, layers }, forced), forced);
  return backends.then(
    (tried) => say({ kind: "ready", tried }),
    (error: unknown) => say({ kind: "unable", why: error instanceof Error ? error.message : String(error) }),
  );
}

async function run({ run: runId, secret, expiresAt, settings }: TrainOrder): Promise<void> {
  stopped = null;
  const registration = { writer: uuidv4(), mode: "start" as const, environment: environment(await backends!) };
  const writer = new PageWriter(
    sender(self.location.origin, secret),
    runId,
    registration,
    (sending) => say({ kind: "sending", ...sending }),
    pause,
  );
  const until = Date.parse(expiresAt) - SPARE_MS;
  const onProgress = saying(writer);
  const whyStop = () => stopped ?? (Date.now() > until ? "an hour is the limit of a training in the browser" : null);
  const ending = await train({ core, layers }, settings, { onProgress, rest: resting(), whyStop }).catch(
    (error: unknown): Ending => ({ outcome: "failed", why: error instanceof Error ? error.message : String(error) }),
  );
  say({ kind: "trained", ending });
  say({ kind: "ended", delivered: await writer.end(finishOf(ending)) });
}

/** Logs each update, and tells the page of some. */
function saying(writer: PageWriter): (progress: Progress) => void {
  let saidAt = 0;
  return (progress) => {
    const { step, train: measured, validation } = progress;
    writer.log("train", step, measured);
    if (validation) writer.log("validation", step, validation);
    if (!validation && performance.now() - saidAt < SAY_MS) return;
    saidAt = performance.now();
    say({ kind: "progress", progress });
  };
}

/** Lets messages, timers and answers be heard now and then: a computation alone never does. */
function resting(): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < REST_AFTER_MS) return;
    await pause(0);
    since = performance.now();
  };
}

function finishOf({ outcome, why }: Ending): RunFinish {
  if (outcome === "finished") return { status: "finished" };
  if (outcome === "stopped") return { status: "killed", failure: { reason: "other", message: why } };
  const reason = why.startsWith("the loss is") ? "diverged" : "crashed";
  return { status: "failed", failure: { reason, message: why } };
}

function environment(tried: BackendTried[]): Record<string, string> {
  const lines = tried.map(({ name, taken, reason }) => `${name}${taken ? "" : " not"} taken: ${reason}`);
  return {
    source: "trained in the browser",
    "user agent": navigator.userAgent.slice(0, 1000),
    backend: tried.at(-1)!.name,
    "backends tried": lines.join("; ").slice(0, 1900),
    "tfjs-core": core.version_core,
    "tfjs-layers": layers.version_layers,
  };
}

/** Sends with the run's own token, and nothing of the member's session. */
const sender =
  (url: string, secret: string): Send =>
  async ({ method, path, body, contentType }) => {
    const headers = { authorization: `Bearer ${secret}`, "content-type": contentType };
    try {
      const signal = AbortSignal.timeout(REQUEST_MS);
      const init = { method, body: body as BodyInit, headers, signal, credentials: "omit", cache: "no-store" } as const;
      const response = await fetch(url + path, init);
      const { status, statusText } = response;
      const raw = { status, statusText, retryAfter: response.headers.get("retry-after"), text: await response.text() };
      return readAnswer(url, `${method} ${path}`, raw);
    } catch (cause) {
      if (!(cause instanceof TypeError || cause instanceof DOMException)) throw cause;
      throw new Unreachable("The server doesn't answer", null, { cause });
    }
  };
