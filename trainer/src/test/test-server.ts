/** For tests: an HTTP server that keeps the contract's promises for a run's log, and breaks the line on demand. */
import { createHash, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Checkpoint, CheckpointCreate } from "../../../lib/wire/checkpoints.ts";
import { type Batch, decodeBatch } from "../../../lib/wire/points/batch.ts";
import type { Run } from "../../../lib/wire/runs.ts";

/** What happens to one request: a status instead of an answer, or a cut line before or after the work was done. */
export type Fault =
  | { kind: "status"; status: number; retryAfter?: string }
  | { kind: "reset" }
  | { kind: "reset-after-commit" };

type Stored = { hash: string; batch: Batch };
type Body = Record<string, unknown> & { writer?: string };

export class TestServer {
  readonly creations = new Map<string, string>();
  readonly writers: (Body & { writer: string; run: string })[] = [];
  /** Batches in the order in which they were stored. */
  readonly stored = new Map<string, Stored>();
  readonly ends: Body[] = [];
  readonly heartbeats: Body[] = [];
  readonly artifacts = new Map<string, Buffer>();
  readonly checkpoints: Checkpoint[] = [];
  /** Faults for the next requests, first come first served; only for those whose path ends as `faultsAt` says. */
  faults: Fault[] = [];
  faultsAt = "";
  /** Answers what isn't of a run's log, before the server does; a Buffer goes out as it is, null leaves it to the server. */
  answers: (method: string, path: string, bytes: Buffer) => [status: number, body: unknown] | null = () => null;
  /** Says no to a request of a run's log, by what it posts to and its body; null lets it pass. */
  refusals: (what: string, body: Body) => [status: number, detail: string] | null = () => null;
  requests: { at: number; path: string }[] = [];
  #server = createServer((request, response) => void this.#handle(request, response));
  #port = 0;

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Listens, on the same port when it did before. */
  async up(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(this.#port, "127.0.0.1", resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async down(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  /** Every stored value of a metric as [step, value], in the order of storage. */
  points(metric: string, split: string | null = "train"): [number, number][] {
    return [...this.stored.values()].flatMap(({ batch }) =>
      batch.groups
        .filter((group) => group.split === split && group.metrics.has(metric))
        .flatMap((group) =>
          [...group.steps].map((step, at): [number, number] => [step, group.metrics.get(metric)![at]!]),
        ),
    );
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const path = request.url ?? "";
    this.requests.push({ at: performance.now(), path });
    const fault = path.endsWith(this.faultsAt) ? this.faults.shift() : undefined;
    if (fault?.kind === "reset") return void request.socket.destroy();
    if (fault?.kind === "status") {
      if (fault.retryAfter) response.setHeader("retry-after", fault.retryAfter);
      return void answer(response, fault.status, problem(fault.status, "a fault on demand"));
    }
    const [method, bytes] = [request.method ?? "", Buffer.concat(chunks)];
    const [status, body] = this.answers(method, path, bytes) ?? this.#work(method, path, bytes);
    if (fault) return void request.socket.destroy();
    answer(response, status, status < 400 ? body : problem(status, body));
  }

  #work(method: string, path: string, bytes: Buffer): [number, unknown] {
    const [run = "", what, ...rest] = path.split("/").slice(4);
    const file = rest.map(decodeURIComponent).join("/");
    if (what === "metrics") return this.#append(run, bytes);
    if (what === "artifacts" && method === "GET") {
      const content = this.artifacts.get(file);
      return content ? [200, content] : [404, "no such file"];
    }
    if (what === "artifacts") {
      this.artifacts.set(file, bytes);
      const sha256 = createHash("sha256").update(bytes).digest("hex");
      const createdAt = new Date().toISOString();
      return [200, { path: file, sha256, sizeBytes: bytes.length, contentType: "text/plain", createdAt }];
    }
    if (method === "GET" && what === "checkpoints")
      return [200, { checkpoints: this.checkpoints.toSorted((a, b) => a.step - b.step) }];
    if (method === "GET") return this.creations.has(run) ? [200, this.#runOf(run)] : [404, "no such run"];
    const body = JSON.parse(bytes.toString()) as Body;
    if (!run) return this.#create(body, bytes.toString());
    if (!this.creations.has(run)) return [404, "no such run"];
    const refusal = this.refusals(what ?? "", body);
    if (refusal) return refusal;
    if (what === "writers") return this.#register(run, body as Body & { writer: string });
    if (what === "checkpoints") return this.#declare(body as CheckpointCreate);
    if (what === "heartbeat") this.heartbeats.push(body);
    if (what === "finish") this.ends.push(body);
    return [200, { status: "running" }];
  }

  #pageOf(run: string): string {
    return `${this.url}/projects/p/runs/${run}`;
  }

  #runOf(id: string): Run {
    const { config, seed = null, manifest = null } = JSON.parse(this.creations.get(id)!) as Run;
    const environment = Object.assign({}, ...this.writers.map((writer) => writer.environment)) as Run["environment"];
    const status = (this.ends.at(-1)?.status ?? "running") as Run["status"];
    const createdAt = new Date().toISOString();
    const times = { createdAt, startedAt: createdAt, endedAt: null, heartbeatAt: createdAt };
    const code = null;
    const about = { id, project: "p", name: "", notes: "", status, failure: null, config, seed, manifest, code };
    const [parent, color] = [null, null];
    return { ...about, parent, color, environment, ...times, attempts: 1, pointsLost: 0, url: this.#pageOf(id) };
  }

  #declare({ path, step, epoch = 0, values = {}, preprocessing }: CheckpointCreate): [number, unknown] {
    const file = this.artifacts.get(path);
    if (!file) return [404, `no file ${path} in this run`];
    const sha256 = createHash("sha256").update(file).digest("hex");
    const createdAt = new Date().toISOString();
    const fitted = preprocessing ? { values: {}, ...preprocessing } : null;
    const about = { path, sha256, sizeBytes: file.length, step, epoch, values, preprocessing: fitted, createdAt };
    this.checkpoints.push({ id: randomUUID(), ...about });
    return [200, { status: "running" }];
  }

  #create(body: Body, text: string): [number, unknown] {
    const run = body.id as string;
    if ((this.creations.get(run) ?? text) !== text) return [409, "there with other content"];
    this.creations.set(run, text);
    return [200, { url: this.#pageOf(run) }];
  }

  #register(run: string, body: Body & { writer: string }): [number, unknown] {
    if (!this.writers.some(({ writer }) => writer === body.writer)) this.writers.push({ ...body, run });
    const number = this.writers.findIndex(({ writer }) => writer === body.writer) + 1;
    const sequences = [...this.stored.values()].filter(({ batch }) => batch.writer === body.writer);
    const sequenceStored = Math.max(0, ...sequences.map(({ batch }) => batch.sequence));
    return [200, { writer: body.writer, number, attempt: number, sequenceStored }];
  }

  #append(run: string, bytes: Buffer): [number, unknown] {
    const batch = decodeBatch(bytes);
    if (!this.writers.some((known) => known.run === run && known.writer === batch.writer))
      return [404, "not registered"];
    const key = `${batch.writer}/${batch.sequence}`;
    const hash = createHash("sha256").update(bytes).digest("hex");
    const there = this.stored.get(key);
    if (there && there.hash !== hash) return [409, "other points under this number"];
    if (!there) this.stored.set(key, { hash, batch });
    const points = batch.groups.reduce((sum, group) => sum + group.steps.length * group.metrics.size, 0);
    return [200, { stored: !there, duplicate: Boolean(there), points, quarantined: [], watched: false }];
  }
}

/** `why` is the detail, or fields of the problem. */
const problem = (status: number, why: unknown) => {
  const about = { type: "about:blank", title: "Problem", status, detail: "" };
  return typeof why === "object" ? { ...about, ...why } : { ...about, detail: String(why) };
};

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(body instanceof Buffer ? body : JSON.stringify(body));
}
