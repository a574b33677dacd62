/** The load generator: a process of its own, so that its work isn't taken from the side that is measured. */
import { Agent, request } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { connect } from "../../db/connection.ts";
import { BATCH_CONTENT_TYPE, type Batch, encodeBatch } from "../../lib/wire/points/batch.ts";
import { answer } from "../child.ts";
import type { LoadDone, LoadJob } from "../load.ts";
import { insertAsRows } from "../mlflow-layout.ts";
import { LoggedRun, stepsFrom, timesFrom } from "../series.ts";

answer(run);

async function run(job: LoadJob): Promise<LoadDone> {
  if (job.kind !== "rows") return post(job);
  const sql = connect(job.databaseUrl, { max: job.connections });
  try {
    return await loop(job.connections, job.seconds, async (connection, sent) => {
      await insertAsRows(sql, job.seed, connection, job.sentBefore + sent);
      return 1000;
    });
  } finally {
    await sql.end({ timeout: 5 });
  }
}

type PostJob = Exclude<LoadJob, { kind: "rows" }>;

async function post(job: PostJob): Promise<LoadDone> {
  // in turn: one that lies idle may be closed by the server as a request sets out on it
  const agent = new Agent({ keepAlive: true, maxSockets: job.writers.length, scheduling: "fifo" });
  const logged = new LoggedRun(job.seed, job.metrics);
  const headers = {
    authorization: `Bearer ${job.token}`,
    "content-type": job.kind === "json" || job.kind === "mlflow" ? "application/json" : BATCH_CONTENT_TYPE,
  };
  const points = job.metrics * job.steps;
  const pace = "pointsASecond" in job ? (job.pointsASecond ?? Infinity) : Infinity;
  const everyMs = (points * job.writers.length * 1000) / pace;
  const startedAt = performance.now();
  try {
    return await loop(job.writers.length, job.seconds, async (connection, sent) => {
      const due = startedAt + (sent + connection / job.writers.length) * everyMs;
      if (due > performance.now()) await delay(due - performance.now());
      const { run: runId, writer, sent: before } = job.writers[connection]!;
      const batch = batchAt(logged, writer, before + sent, job.steps);
      const path = pathOf(job, runId);
      const body = bodyOf(job.kind, runId, batch);
      const { status, text } = await send(new URL(path, job.url), agent, headers, body);
      if (status !== (job.kind === "empty" ? job.status : 200)) throw new Error(`${path} answered ${status}: ${text}`);
      return points;
    });
  } finally {
    agent.destroy();
  }
}

/** The batch of a writer's place: number `sent + 1`, its steps behind those of the batches before. */
function batchAt(logged: LoggedRun, writer: string, sent: number, steps: number): Batch {
  const from = sent * steps;
  const values = logged.names.map((name, metric) => [name, logged.values(metric, from, steps)] as const);
  const group = { split: "train" as const, steps: stepsFrom(from, steps), times: timesFrom(from, steps) };
  return { writer, sequence: sent + 1, groups: [{ ...group, metrics: new Map(values) }] };
}

function pathOf(job: PostJob, run: string): string {
  if (job.kind === "empty") return job.path;
  return job.kind === "mlflow" ? "/api/2.0/mlflow/runs/log-batch" : `/api/v1/runs/${run}/metrics`;
}

function bodyOf(kind: PostJob["kind"], run: string, batch: Batch): Uint8Array {
  if (kind === "json") return Buffer.from(JSON.stringify(asJson(batch)));
  if (kind === "mlflow") return Buffer.from(JSON.stringify(asMlflow(run, batch)));
  return encodeBatch(batch);
}

/** As MLflow's clients send it: a point each, by the name that means the validation split. */
function asMlflow(run: string, { groups }: Batch) {
  const metrics = groups.flatMap(({ steps, times, metrics }) =>
    [...metrics].flatMap(([name, values]) =>
      Array.from(steps, (step, at) => ({ key: `val_${name}`, value: values[at], timestamp: times[at], step })),
    ),
  );
  return { run_id: run.replaceAll("-", ""), metrics };
}

function asJson({ writer, sequence, groups }: Batch) {
  return {
    writer,
    sequence,
    groups: groups.map(({ split, steps, times, metrics }) => ({
      split,
      steps: [...steps],
      times: [...times],
      metrics: Object.fromEntries([...metrics].map(([name, values]) => [name, [...values]])),
    })),
  };
}

/** Each connection does one thing after the other until the time is over; what has begun then is ended and counted. */
async function loop(
  connections: number,
  seconds: number,
  act: (connection: number, sent: number) => Promise<number>,
): Promise<LoadDone> {
  const sent = new Array<number>(connections).fill(0);
  const latenciesMs: number[] = [];
  let points = 0;
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  const until = startedAt + seconds * 1000;
  await Promise.all(
    sent.map(async (_, connection) => {
      while (performance.now() < until) {
        const begunAt = performance.now();
        const stored = await act(connection, sent[connection]!);
        points += stored;
        sent[connection]!++;
        latenciesMs.push(performance.now() - begunAt);
      }
    }),
  );
  const took = (performance.now() - startedAt) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { sent, points, seconds: took, latenciesMs, cpuSeconds: (user + system) / 1e6 };
}

type Answer = { status: number; text: string };
function send(url: URL, agent: Agent, headers: Record<string, string>, body: Uint8Array): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sending = request(
      url,
      { method: "POST", agent, headers: { ...headers, "content-length": body.byteLength } },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          text += chunk;
        });
        response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
        response.on("error", reject);
      },
    );
    sending.on("error", reject);
    sending.end(body);
  });
}
