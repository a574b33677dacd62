/** How one writer's spool reaches the server: creation, registration, batches in order, files, the end. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { isHopeless, Refused } from "../../../lib/sending/answers.ts";
import {
  deliverBatch,
  expected,
  registerWriter,
  sendFinish,
  sendHeartbeat,
} from "../../../lib/sending/writer-calls.ts";
import { artifactsRoutes } from "../../../lib/wire/artifacts.ts";
import { checkpointsRoutes } from "../../../lib/wire/checkpoints.ts";
import { datasetSchema } from "../../../lib/wire/data/datasets.ts";
import { batchRoutes, decodeBatch } from "../../../lib/wire/points/batch.ts";
import { seriesRoutes } from "../../../lib/wire/points/series.ts";
import {
  MANIFEST_REFUSED,
  type RunCreate,
  type RunFinish,
  runSchema,
  runsRoutes,
  type WriterCreate,
} from "../../../lib/wire/runs.ts";
import { json, type OutgoingRequest, send, type Target } from "./http.ts";
import { say } from "./say.ts";
import type { WaitingUpload, WriterSpool } from "./spool.ts";

/** `points` is null for what another process left: it is counted only if it can't be delivered. */
export type WaitingBatch = { sequence: number; points: number | null; bytes: number };

/** What a writer still has to deliver. The owner adds to it while delivery goes on. */
export type DeliveryQueue = {
  /** The body of the run's creation, or null if this machine didn't create it. */
  creation: unknown;
  registration: unknown;
  batches: WaitingBatch[];
  /** Files of the run that are in the spool, by their names there. */
  uploads: string[];
  /** Points given up so far. */
  lost: number;
  /** Whether somebody looks at the run, as the server last said. */
  watched: boolean;
  finish: RunFinish | null;
};

/** Reads what a process that is gone left behind; null if it left nothing that could be delivered. */
export function readWaiting(spool: WriterSpool): DeliveryQueue | null {
  const file = spool.readJson("writer.json") as { registration?: unknown } | null;
  if (!file?.registration) return null;
  const batches = spool.sequences().map((sequence) => ({
    sequence,
    points: null,
    bytes: spool.sizeOf(sequence),
  }));
  const lost = (spool.readJson("lost.json") as { points?: number } | null)?.points ?? 0;
  const finish = spool.readJson("finish.json") as RunFinish | null;
  const uploads = spool.uploads();
  const { registration } = file;
  return { creation: spool.readCreation(), registration, batches, uploads, lost, watched: false, finish };
}

function pointsOf(bytes: Uint8Array): number {
  try {
    return decodeBatch(bytes).groups.reduce((sum, group) => sum + group.steps.length * group.metrics.size, 0);
  } catch {
    return 0; // torn by a power cut; the server refuses it by name
  }
}

/** Characters of an entry of a run's environment. */
const WHY_MAX = 2000;

export class WriterDelivery {
  /** The run's page, once the server has said it. */
  url: string | null = null;
  registered = false;
  /** Whether the server knows the end of the run, or this writer has none to tell. */
  finished = false;
  /** Whether the server knows that end otherwise, and said no. */
  endRefused = false;
  /** Why the server refused the manifest of a run that was delivered without it; null: it didn't. */
  manifestRefused: string | null;
  #created = false;
  #lostSaid = 0;
  #stored = 0;
  readonly #quarantined = new Set<string>();
  readonly #send = (sent: OutgoingRequest) => this.request(sent);

  constructor(
    readonly target: Target,
    readonly spool: WriterSpool,
    readonly waiting: DeliveryQueue,
    readonly signal?: AbortSignal,
  ) {
    // an earlier delivery may have noted it
    this.manifestRefused = (waiting.registration as WriterCreate).environment?.[MANIFEST_REFUSED] ?? null;
  }

  get runId(): string {
    return this.spool.runId;
  }

  /** Whether nothing waits, as far as is known without asking the server. */
  get idle(): boolean {
    const { batches, uploads, finish } = this.waiting;
    const isEmpty = batches.length === 0 && uploads.length === 0;
    return this.#created && this.registered && isEmpty && (!finish || this.finished);
  }

  /**
   * Does the next thing that is to be done, and returns whether there was one. Throws `Unreachable` and `Refused`;
   * either way nothing was removed, and the same call may be repeated.
   */
  async advance(): Promise<boolean> {
    if (!this.#created) return this.#create();
    if (!this.registered) return this.#register();
    const [batch] = this.waiting.batches;
    if (batch) return this.#deliver(batch);
    const [name] = this.waiting.uploads;
    if (name !== undefined) return this.#upload(name);
    if (this.waiting.finish && !this.finished) return this.#finish(this.waiting.finish);
    return false;
  }

  #sayQuarantined(series: string[]): void {
    const fresh = series.filter((name) => !this.#quarantined.has(name));
    if (fresh.length === 0) return;
    for (const name of fresh) this.#quarantined.add(name);
    say(
      `${fresh.join(", ")} ${fresh.length === 1 ? "is" : "are"} quarantined: kept, and shown in no chart or table; ` +
        "they are test numbers, or of a split that the run's manifest doesn't have",
    );
  }

  /** Tells the server that the writer lives, and how many points it gave up. */
  async heartbeat(): Promise<void> {
    const { lost } = this.waiting;
    await sendHeartbeat(this.#send, this.runId, this.spool.writer, lost);
    this.#lostSaid = lost;
  }

  /** For a writer that died without an end: whatever it lost is told by a heartbeat. */
  async tellLost(): Promise<void> {
    if (this.waiting.lost > this.#lostSaid && !this.finished) await this.heartbeat();
  }

  request(sent: OutgoingRequest): Promise<unknown> {
    return send(this.target, { signal: this.signal, ...sent });
  }

  /** `{dataset}` in a path stands for the id of the dataset that was told last. */
  async #tellBefore(): Promise<void> {
    let dataset = "";
    for (const { path, body } of this.spool.readBefore()) {
      const sent = { method: "POST", path: path.replace("{dataset}", dataset), ...json(body) } as const;
      const answer = await this.request({ ...sent, timeoutMs: 120_000 });
      if (path === "/api/v1/datasets") dataset = expected(datasetSchema.pick({ id: true }).safeParse(answer)).id;
    }
  }

  async #create(): Promise<true> {
    const answer = this.waiting.creation
      ? await this.#createOnServer()
      : await this.request(routeOf("getRun", this.runId));
    this.url = expected(runSchema.pick({ url: true }).safeParse(answer)).url;
    this.#created = true;
    return true;
  }

  /** A run doesn't wait for a manifest that the server will never take: it is made without one, and says why. */
  async #createOnServer(): Promise<unknown> {
    try {
      await this.#tellBefore();
    } catch (error) {
      if (!isHopeless(error)) throw error;
      this.#leaveManifest(error);
    }
    try {
      return await this.request({ ...routeOf("createRun"), ...json(this.waiting.creation) });
    } catch (error) {
      // a blocked manifest is a conflict: a member may say why it is used all the same, and the run waits for that
      const isManifest = isHopeless(error) && error.status !== 409 && error.problem?.errors?.[0]?.field === "manifest";
      if (!isManifest) throw error;
      this.#leaveManifest(error);
      return this.request({ ...routeOf("createRun"), ...json(this.waiting.creation) });
    }
  }

  #leaveManifest({ message }: Refused): void {
    const { waiting, spool } = this;
    const { environment = {}, ...registration } = waiting.registration as WriterCreate;
    const why = message.slice(0, WHY_MAX);
    waiting.creation = { ...(waiting.creation as RunCreate), manifest: null };
    waiting.registration = { ...registration, environment: { ...environment, [MANIFEST_REFUSED]: why } };
    this.manifestRefused = why;
    try {
      spool.leaveManifest(waiting.creation, waiting.registration);
    } catch (error) {
      say(`that isn't noted in ${spool.folder}: ${(error as Error).message}`); // the next delivery is refused likewise
    }
    say(`run ${this.runId} is delivered without its split manifest, which the server refused: ${message}`);
  }

  async #register(): Promise<true> {
    this.#stored = await registerWriter(this.#send, this.runId, this.waiting.registration as WriterCreate);
    this.registered = true;
    return true;
  }

  async #deliver(batch: WaitingBatch): Promise<true> {
    const name = `${batch.sequence}.batch`;
    const bytes = this.spool.readBatch(batch.sequence);
    if (!bytes) return this.#missing(batch, name);
    try {
      const { quarantined, watched } = await deliverBatch(this.#send, this.runId, bytes);
      this.waiting.watched = watched;
      this.#sayQuarantined(quarantined);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (error.status === 404) this.#created = this.registered = false; // a restored server may have forgotten both
      if (!isHopeless(error)) throw error;
      this.#giveUp(batch, batch.points ?? pointsOf(bytes), `${error.message}; kept as ${this.spool.setAside(name)}`);
      return true;
    }
    this.spool.removeBatch(batch.sequence);
    this.#drop(batch);
    return true;
  }

  async #upload(name: string): Promise<true> {
    const waiting = this.spool.readUpload(name);
    try {
      if (waiting) await this.#store(waiting);
    } catch (error) {
      if (!isHopeless(error)) throw error;
      say(
        `${waiting?.upload.path} of run ${this.runId} isn't taken: ${error.message}; kept as ${this.spool.setAside(`${name}.upload`)}`,
      );
    }
    this.spool.removeUpload(name);
    this.waiting.uploads.splice(this.waiting.uploads.indexOf(name), 1);
    return true;
  }

  async #store({ upload, file }: { upload: WaitingUpload; file: string }): Promise<void> {
    if (upload.contentType !== undefined) await this.request(await putArtifact(this.runId, upload, file));
    if (upload.checkpoint)
      await this.request({ ...routeOf("createCheckpoint", this.runId), ...json(upload.checkpoint) });
  }

  /** Somebody else removed the file: another delivery, after the server had it, or a hand. The server knows which. */
  async #missing(batch: WaitingBatch, name: string): Promise<true> {
    await this.#register();
    if (this.#stored >= batch.sequence) this.#drop(batch);
    else this.#giveUp(batch, batch.points ?? 0, `${name} vanished from ${this.spool.folder}`);
    return true;
  }

  #giveUp(batch: WaitingBatch, points: number, why: string): void {
    this.waiting.lost += points;
    say(`${points} points of run ${this.runId} are lost: ${why}`);
    this.#drop(batch);
  }

  #drop(batch: WaitingBatch): void {
    this.waiting.batches.splice(this.waiting.batches.indexOf(batch), 1);
  }

  async #finish(finish: RunFinish): Promise<true> {
    try {
      const body = { ...finish, writer: this.spool.writer, pointsLost: this.waiting.lost };
      await sendFinish(this.#send, this.runId, body);
    } catch (error) {
      if (!isHopeless(error)) throw error;
      say(`the end of run ${this.runId} isn't taken: ${error.message}; kept as ${this.spool.setAside("finish.json")}`);
      this.endRefused = true;
    }
    this.finished = true;
    return true;
  }
}

/** Of the contract what a run needs: the whole of it takes a program a tenth of a second more to start. */
const routes = { ...runsRoutes, ...batchRoutes, ...artifactsRoutes, ...checkpointsRoutes, ...seriesRoutes };

export function routeOf(name: keyof typeof routes, run = ""): Pick<OutgoingRequest, "method" | "path"> {
  const { method, path } = routes[name];
  return { method: method as OutgoingRequest["method"], path: path.replace("{run}", run) };
}

/** The request that stores a file of a run: bytes, or those of the file at a path. */
export async function putArtifact(
  runId: string,
  { path, contentType }: WaitingUpload,
  content: Uint8Array | string,
): Promise<OutgoingRequest> {
  const sizeBytes = typeof content === "string" ? (await stat(content)).size : content.length;
  const { method, path: route } = routeOf("putArtifact", runId);
  return {
    method,
    path: route.replace("{path}", () => path.split("/").map(encodeURIComponent).join("/")),
    body: typeof content === "string" ? createReadStream(content) : content.slice(),
    contentType,
    headers: { "x-content-sha256": await hashOf(content) },
    timeoutMs: 15_000 + sizeBytes / 100, // a line of 100 kB/s is still a line
  };
}

async function hashOf(content: Uint8Array | string): Promise<string> {
  const hash = createHash("sha256");
  if (typeof content === "string") await pipeline(createReadStream(content), hash);
  else hash.update(content);
  return hash.digest("hex");
}
