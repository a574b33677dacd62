/** Points that are known beforehand, sent as a trainer sends them while servers die; and the count of those that are lost or doubled. */
import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { v7 as uuidv7 } from "uuid";
import type { BatchAnswer } from "../../lib/wire/points/batch.ts";
import type { SeriesPoints } from "../../lib/wire/points/points.ts";
import type { SeriesList } from "../../lib/wire/points/series.ts";

/** The balancer's address, and a token that logs and reads there. */
export type Place = { url: string; token: string };
type Asked = { method: "GET" | "POST" | "PUT"; route: string; body?: string | Uint8Array<ArrayBuffer> };
/** Whether the count is of all that was sent, each once. */
export type Wrong = { lost: number; doubled: number };

/** Steps of a batch. */
export const STEPS = 10;
const AGAIN_MS = 20;
/** Few enough that the answer holds every point. */
const STEPS_A_QUESTION = 4000;

type Answered<Body> = { status: number; body: Body };

/**
 * Asks again until some server has answered to the end; each time by a connection of its own, which the balancer may lead elsewhere.
 * `read` throws for half an answer: Node's fetch takes one that was cut for whole where its connection isn't kept.
 */
async function askUntilAnswered<Body>(
  { url, token }: Place,
  { method, route, body }: Asked,
  read: (answer: Response) => Promise<Body>,
): Promise<Answered<Body>> {
  const type = typeof body === "string" ? "application/json" : "application/octet-stream";
  const headers = { authorization: `Bearer ${token}`, "content-type": type, connection: "close" };
  for (;;) {
    const whole = await fetch(`${url}/api/v1/${route}`, { method, headers, ...(body === undefined ? {} : { body }) })
      .then(async (answer) => ({ status: answer.status, body: await read(answer) }))
      .catch(() => null);
    if (whole && whole.status < 500) return whole;
    await delay(AGAIN_MS);
  }
}

/** The answer's JSON. Throws where it isn't 200. */
export async function askFor<Answer>(place: Place, asked: Asked): Promise<Answer> {
  const { status, body } = await askUntilAnswered(place, asked, (answer) => answer.json());
  if (status !== 200) throw new Error(`${asked.method} ${asked.route}: ${status} ${JSON.stringify(body)}`);
  return body as Answer;
}

/** The bytes of a file that has content; of an answer that isn't 200 those of its problem. */
export async function readFile(place: Place, route: string): Promise<Buffer> {
  const read = async (answer: Response) => {
    const bytes = Buffer.from(await answer.arrayBuffer());
    const length = answer.headers.get("content-length");
    if (length === null ? bytes.length === 0 : Number(length) !== bytes.length) throw new Error("half an answer");
    return bytes;
  };
  return (await askUntilAnswered(place, { method: "GET", route }, read)).body;
}

/** A run of several writers; each logs a metric of its own, whose value at a step is the step. */
export class KnownRun {
  readonly id = uuidv7();
  readonly #writers: string[] = [];
  readonly #sent: number[] = [];
  readonly #place: Place;

  private constructor(place: Place) {
    this.#place = place;
  }

  static async begin(place: Place, writers: number, name: string): Promise<KnownRun> {
    const run = new KnownRun(place);
    await run.#post("runs", { id: run.id, name, config: {} });
    for (let at = 0; at < writers; at++) {
      const writer = randomUUID();
      await run.#post(`runs/${run.id}/writers`, { writer, mode: at === 0 ? "start" : "join" });
      run.#writers.push(writer);
      run.#sent.push(0);
    }
    return run;
  }

  /** The series of each writer. */
  get series(): string[] {
    return this.#writers.map((_, at) => `train/loss${at}`);
  }

  /** Points that are stored, by what the servers answered. */
  get points(): number {
    return this.#sent.reduce((sum, batches) => sum + batches * STEPS, 0);
  }

  /** Sends a writer's next batch. `duplicate` of the answer: it was stored before, and that answer was lost. */
  async sendBatch(writer: number): Promise<BatchAnswer> {
    const first = this.#sent[writer]! * STEPS;
    const steps = Array.from({ length: STEPS }, (_, at) => first + at);
    const metrics = { [`loss${writer}`]: steps };
    const group = { split: "train", steps, times: steps.map((step) => 1.7e12 + step), metrics };
    const batch = { writer: this.#writers[writer], sequence: this.#sent[writer]! + 1, groups: [group] };
    const answer = await this.#post<BatchAnswer>(`runs/${this.id}/metrics`, batch);
    this.#sent[writer]!++;
    return answer;
  }

  /** So many batches of each writer, one after the other, all writers at once. Returns how many answers were lost. */
  async sendBatches(count: number): Promise<number> {
    const lost = await Promise.all(
      this.#writers.map(async (_, writer) => {
        let duplicates = 0;
        for (let each = 0; each < count; each++) duplicates += Number((await this.sendBatch(writer)).duplicate);
        return duplicates;
      }),
    );
    return lost.reduce((sum, one) => sum + one, 0);
  }

  async finish(): Promise<void> {
    await this.#post(`runs/${this.id}/finish`, { status: "finished" });
  }

  /** Reads everything back. `lost`: points that aren't there as they were sent; `doubled`: those that are there beyond that. */
  async countWrong(): Promise<Wrong> {
    const listed = await askFor<SeriesList>(this.#place, { method: "GET", route: `runs/${this.id}/series` });
    const wrong: Wrong = { lost: 0, doubled: 0 };
    for (const [writer, batches] of this.#sent.entries()) {
      const expected = batches * STEPS;
      const summary = listed.series.find(({ metric }) => metric === `loss${writer}`);
      const there = await this.#countSteps(writer, expected);
      wrong.lost += expected - there.right;
      wrong.doubled += there.others + Math.max(0, (summary?.count ?? 0) - expected) + (summary?.overwrittenCount ?? 0);
    }
    return wrong;
  }

  async #countSteps(writer: number, expected: number): Promise<{ right: number; others: number }> {
    const found = new Set<number>();
    let all = 0;
    for (let from = 0; from <= expected; from += STEPS_A_QUESTION) {
      // the last question is open to the right: what is there beyond the last step would be a point too many
      const to = from + STEPS_A_QUESTION <= expected ? `&to=${from + STEPS_A_QUESTION - 1}` : "";
      const query = `px=4000&series=${encodeURIComponent(`train/loss${writer}`)}&from=${from}${to}`;
      const { series } = await askFor<SeriesPoints>(this.#place, {
        method: "GET",
        route: `runs/${this.id}/metrics?${query}`,
      });
      const { steps = [], values = [] } = series[0] ?? {};
      all += steps.length;
      for (const [at, step] of steps.entries()) if (values[at] === step && step < expected) found.add(step);
    }
    return { right: found.size, others: all - found.size };
  }

  #post<Answer>(route: string, body: object): Promise<Answer> {
    return askFor<Answer>(this.#place, { method: "POST", route, body: JSON.stringify(body) });
  }
}
