/**
 * The client that logs a run to Holdout. Logging neither blocks nor breaks training: points go to a spool on disk
 * within 300 ms and from there to the server, in order, each stored exactly once, however often either side dies.
 */
import { hostname } from "node:os";
import { join } from "node:path";
import { v4 as uuidv4, v7 as uuidv7 } from "uuid";
import { type Artifact, imagePath } from "../../../lib/wire/artifacts.ts";
import type { Config } from "../../../lib/wire/base/config.ts";
import { artifactPathSchema } from "../../../lib/wire/base/text.ts";
import { type FailureReason, isPlausibleTime, type Split, STEP_MAX, whyNoTime } from "../../../lib/wire/base/words.ts";
import type { CheckpointCreate } from "../../../lib/wire/checkpoints.ts";
import type { MetricDeclaration } from "../../../lib/wire/projects.ts";
import {
  type RunCreate,
  type RunFinish,
  runCreateSchema,
  runFinishSchema,
  writerCreateSchema,
} from "../../../lib/wire/runs.ts";
import { captureCode, captureEnvironment } from "./capture.ts";
import { ConsoleCapture } from "./console-capture.ts";
import { serverAddress, type Target } from "./http.ts";
import { encodePicture, type Picture } from "./images.ts";
import { RunWriter } from "./run-writer.ts";
import { type Post, processStartedAt, WriterSpool } from "./spool.ts";
import { SystemMetrics } from "./system-metrics.ts";

export type ServerOptions = {
  /** Where the server is; default: the environment's `HOLDOUT_URL`, else http://127.0.0.1:3000. */
  url?: string;
  /** A token of scope ingest; default: the environment's `HOLDOUT_TOKEN`. Never written to disk. */
  token?: string;
};

export type SpoolOptions = {
  /** Where points wait for the server; default: `HOLDOUT_SPOOL_DIR`, else `.holdout/spool` in the working folder. */
  spoolDir?: string;
  /** Most bytes that wait there for this writer; default 256 MiB. Beyond it the newest points are counted as lost. */
  spoolBytesMax?: number;
};

export type CreateRunOptions = ServerOptions &
  SpoolOptions & {
    /** Id or slug; default: the token's own project. */
    project?: string;
    /** A UUID of version 7; default: a fresh one. */
    id?: string;
    name?: string;
    notes?: string;
    /** Hyperparameters, nested JSON; fixed from here on. */
    config: Config;
    seed?: number | null;
    /** The id of a registered split manifest. */
    manifest?: string | null;
    /** The run, and its file, whose weights this one's begin as. */
    parent?: { run: string; checkpoint: string } | null;
    /** Directions and units of metrics; those that the project has declared stay as they are. */
    metrics?: MetricDeclaration[];
    /** Whether commit, branch, diff and command line are captured, redacted; default true. */
    code?: boolean;
    /** What the server must know before the run, such as its manifest: sent in this order; each may be repeated. */
    before?: Post[];
  } & CaptureOptions;

export type ResumeRunOptions = ServerOptions &
  SpoolOptions & {
    /** The step from which this attempt goes on: that of the checkpoint which was restored. */
    resumeStep: number;
  } & CaptureOptions;

export type CaptureOptions = {
  /** Entries beside the captured versions and hardware (`backend`, say). */
  environment?: Record<string, string>;
  /** Whether what the process prints is kept with the run, up to 4 MiB, redacted; default true. */
  console?: boolean;
  /** Whether CPU, memory and GPU of the process are logged every ten seconds, as `system/…`; default true. */
  system?: boolean;
};

export type LogEntry = {
  /** `train`, `validation`, or none for what belongs to no split (learning rate, gradient norm). */
  split?: Exclude<Split, "test"> | null;
  /** Optimizer updates so far: an integer from 0 to 2^53-1. */
  step: number;
  /** Values by metric name; NaN and infinities are data. */
  metrics: Record<string, number>;
  /** When it was measured; default now. Milliseconds since 1970, or a Date. */
  time?: number | Date;
};

export type FinishOptions = {
  /** How long to wait for the server, in milliseconds; default 60,000. */
  timeoutMs?: number;
};
export type Delivered = { delivered: boolean };

export type FailOptions = FinishOptions & {
  reason: FailureReason;
  message?: string;
  stack?: string;
  signal?: string | null;
};

export type RunState = {
  /** Points that the server hasn't yet said it stored. */
  pending: number;
  /** Points that were given up: the spool was full, the disk was full, or the server refused them. */
  lost: number;
  /** Whether the last request was answered well. */
  connected: boolean;
  /** Why nothing goes out at present, or null. */
  problem: string | null;
};

export type RunHandle = {
  readonly id: string;
  /** The run's page, once the server has said it; until then null. */
  readonly url: string | null;
  /**
   * Notes values of metrics at a step. Returns at once and never throws because of server, network or disk.
   * Throws a TypeError for what is wrong in the call: split `test`, a step that is no integer from 0 to 2^53-1, a
   * value that is no number.
   */
  log(entry: LogEntry): void;
  /**
   * Stores a file of the run: bytes, or the path of a file that stays unchanged until this resolves. Resolves to what
   * the server holds, or to null when it refused, or wasn't reachable for `timeoutMs` (default 60,000); stderr says
   * which. In the second case the file waits in the spool and goes out later. Rejects if the file can't be read.
   * `finish` waits for it.
   */
  artifact(
    path: string,
    content: Uint8Array | string,
    options?: { contentType?: string; timeoutMs?: number },
  ): Promise<Artifact | null>;
  /**
   * Stores a picture under a key and a step, as the artifact `images/KEY/STEP.png`, which the run's page shows. Returns at
   * once; `finish` waits for it. Throws a TypeError for a key or step that isn't valid.
   */
  image(key: string, step: number, picture: Picture): void;
  /**
   * Declares weights at a step, after putting on disk what was logged so far: a training that goes on from them must not
   * miss what led to them. They are a file that is stored, or `content` (bytes, or the path of a file), which is stored first.
   * Resolves to false when the server refused it or wasn't reachable for a minute; stderr says which.
   */
  checkpoint(checkpoint: CheckpointCreate, content?: Uint8Array | string): Promise<boolean>;
  /** Resolves once everything logged so far is stored by the server, or given up. Waits for as long as that takes. */
  flush(): Promise<void>;
  /**
   * Ends the run as finished, after all that was logged is delivered. When the server can't be reached in time the
   * rest stays in the spool, stderr says how to deliver it, and the promise resolves to `{ delivered: false }`.
   */
  finish(options?: FinishOptions): Promise<Delivered>;
  /** Ends the run as failed, and says why. Delivers as `finish` does. */
  fail(options: FailOptions): Promise<Delivered>;
  /** Ends the run as killed by a signal (`SIGTERM`). Delivers as `finish` does. */
  kill(signal: string, options?: FinishOptions): Promise<Delivered>;
  status(): RunState;
};

/**
 * Starts a run. Succeeds whether or not the server is there: the creation is spooled and delivered with the points.
 * Throws a TypeError that names the field if the config or another option isn't valid, or there is no token.
 */
export async function createRun(options: CreateRunOptions): Promise<RunHandle> {
  const { url, token, spoolDir, spoolBytesMax, code = true, environment, before = [], ...rest } = options;
  const { console: _, system: __, ...content } = rest;
  const target = targetOf({ url, token });
  const captured = await captureEnvironment();
  const id = content.id ?? uuidv7();
  const body: RunCreate = { ...content, id, code: code ? await captureCode(process.cwd()) : null };
  const writer = { writer: uuidv4(), mode: "start" as const, environment: { ...captured, ...environment } };
  check("createRun", runCreateSchema.safeParse(body));
  check("createRun", writerCreateSchema.safeParse(writer));
  return startWriter(target, id, { creation: body, before, registration: writer }, options);
}

export type StartRunOptions = ServerOptions &
  SpoolOptions &
  Pick<CreateRunOptions, "metrics" | "code"> &
  CaptureOptions;

/** Starts a run that the server has already, queued there: its first attempt. Otherwise as `createRun`. */
export async function startRun(runId: string, options: StartRunOptions): Promise<RunHandle> {
  const { metrics = [], code = true } = options;
  const writer = {
    writer: uuidv4(),
    mode: "start" as const,
    environment: { ...(await captureEnvironment()), ...options.environment },
    metrics,
    code: code ? await captureCode(process.cwd()) : null,
  };
  check("startRun", writerCreateSchema.safeParse(writer));
  return startWriter(targetOf(options), runId, { creation: null, before: [], registration: writer }, options);
}

/**
 * Goes on with a run as its next attempt, from `resumeStep`; an ended run is reopened, which is audited. What earlier
 * processes left in the spool is delivered first, under their own names. Throws a TypeError for options that aren't
 * valid; a server that is away is no error.
 */
export async function resumeRun(runId: string, options: ResumeRunOptions): Promise<RunHandle> {
  const target = targetOf(options);
  const environment = { ...(await captureEnvironment()), ...options.environment };
  const writer = {
    writer: uuidv4(),
    mode: "resume" as const,
    resumeStep: options.resumeStep,
    reopen: true,
    environment,
  };
  check("resumeRun", runCreateSchema.shape.id.unwrap().safeParse(runId));
  check("resumeRun", writerCreateSchema.safeParse(writer));
  return startWriter(target, runId, { creation: null, before: [], registration: writer }, options);
}

/** Throws a TypeError where there is no token, or the address is none. */
export function targetOf({ url, token }: ServerOptions): Target {
  const bearer = token ?? process.env.HOLDOUT_TOKEN;
  if (!bearer) throw new TypeError("token: none given; pass { token } or set HOLDOUT_TOKEN (Settings, Tokens)");
  return { url: serverAddress(url), token: bearer };
}

type ParseOutcome = { success: boolean; error?: { issues: { path: PropertyKey[]; message: string }[] } };
function check(call: string, result: ParseOutcome): void {
  const issue = result.error?.issues[0];
  if (issue) throw new TypeError(`${call}: ${[...issue.path, issue.message].map(String).join(": ")}`);
}

function startWriter(
  target: Target,
  runId: string,
  start: { creation: RunCreate | null; before: Post[]; registration: { writer: string } },
  options: SpoolOptions & CaptureOptions,
): RunHandle {
  const {
    spoolDir,
    spoolBytesMax = 256 * 1024 * 1024,
    console: wantsConsole = true,
    system: wantsSystem = true,
  } = options;
  const { registration } = start;
  const root = spoolDir ?? process.env.HOLDOUT_SPOOL_DIR ?? join(process.cwd(), ".holdout", "spool");
  const spool = new WriterSpool(root, runId, registration.writer);
  const mark = { host: hostname(), pid: process.pid, startedAt: processStartedAt(process.pid) };
  const writer = new RunWriter(target, spool, { ...start, process: mark }, spoolBytesMax);
  let newestStep = 0;
  const captures: { stop(): void }[] = [];
  if (wantsConsole) {
    const folder = `console/${new Date().toISOString().replaceAll(/[:.-]/g, "")}-${registration.writer.slice(0, 8)}`;
    let pieces = 0;
    const store = (text: string) => {
      const path = `${folder}/${String(++pieces).padStart(4, "0")}.txt`;
      void writer.uploads.artifact(path, Buffer.from(text), { contentType: "text/plain; charset=utf-8" });
    };
    captures.push(new ConsoleCapture(store));
  }
  if (wantsSystem) captures.push(new SystemMetrics((metrics) => writer.log(null, newestStep, metrics)));
  const end = (finish: RunFinish, timeoutMs?: number) => {
    for (const capture of captures) capture.stop();
    return writer.end(finish, timeoutMs);
  };
  return {
    id: runId,
    get url() {
      return writer.url;
    },
    log: ({ split = null, step, metrics, time }) => {
      checkPlace(split, step);
      writer.log(split, step, metrics, time === undefined ? undefined : checkTime(time));
      newestStep = step;
    },
    artifact: (path, content, options) => writer.uploads.artifact(path, content, options),
    image: (key, step, picture) => {
      checkPlace(null, step);
      check("image: key", artifactPathSchema.max(400).safeParse(key));
      const path = imagePath(key, step);
      void writer.uploads.artifact(path, encodePicture(picture), { contentType: "image/png" });
    },
    checkpoint: (checkpoint, content) => {
      writer.settle();
      return writer.uploads.checkpoint(checkpoint, content ?? null);
    },
    flush: () => writer.flush(),
    finish: ({ timeoutMs } = {}) => end({ status: "finished" }, timeoutMs),
    fail: ({ timeoutMs, ...failure }) => {
      check("fail", runFinishSchema.safeParse({ status: "failed", failure }));
      return end({ status: "failed", failure }, timeoutMs);
    },
    kill: (signal, { timeoutMs } = {}) =>
      end({ status: "killed", failure: { reason: "other", signal, message: `killed by ${signal}` } }, timeoutMs),
    status: () => writer.status(),
  };
}

function checkTime(time: number | Date): number {
  const at = Number(time);
  if (!isPlausibleTime(at)) throw new TypeError(`time: ${whyNoTime(at)}`);
  return at;
}

function checkPlace(split: Split | null, step: number): void {
  if (split !== null && split !== "train" && split !== "validation") {
    if ((split as string) === "test")
      throw new TypeError("split: test numbers aren't logged: an evaluation opens the test split, and counts the look");
    throw new TypeError(`split: expected train, validation or none, received ${JSON.stringify(split)}`);
  }
  if (!Number.isSafeInteger(step) || step < 0)
    throw new TypeError(`step: expected an integer from 0 to ${STEP_MAX}, received ${String(step)}`);
}
