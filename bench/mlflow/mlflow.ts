/** What MLflow's clients wait for: metrics on their way in, runs found among many, and the history of a long metric. */
import { systemActor } from "../../lib/access/actor.ts";
import { createToken } from "../../lib/access/tokens.ts";
import { asOwner } from "../app.ts";
import { type Context, median, quantile, type Row, rowOf, shown, WrongPoints } from "../harness.ts";
import { type LoadDone, load } from "../load.ts";
import { METRIC } from "../metric.ts";
import { createRowTable, dropRowTable } from "../mlflow-layout.ts";
import { newWriters, verifyPoints } from "../runs.ts";
import { seedRun } from "../seed.ts";
import { PlantedCurve } from "../series.ts";
import { writeRuns } from "../table-data.ts";

const METRICS = 10;
const STEPS = 100;
const WRITERS = 4;
const PAIRS = 5;
const QUESTIONS = 60;
const HISTORY_ROUNDS = 5;

export async function run(context: Context): Promise<Row[]> {
  return [...(await batches(context)), await search(context), await history(context)];
}

/** `log-batch` of 1,000 metrics beside the same points as our JSON, and beside rows of MLflow's layout. */
async function batches(context: Context): Promise<Row[]> {
  const seconds = context.mode === "quick" ? 1 : 4;
  const ours: number[] = [];
  const theirs: number[] = [];
  const rows: number[] = [];
  await asOwner(context.app.ownerUrl, createRowTable);
  for (let pair = -1; pair < PAIRS; pair++) {
    const rate = { mlflow: 0, json: 0 };
    for (const kind of ["json", "mlflow"] as const) {
      const writers = await newWriters(context, WRITERS, `log-batch ${kind}`);
      const { url } = context.app;
      const shape = { metrics: METRICS, steps: STEPS };
      const job = { kind, url, token: context.tokens.ingest, seed: context.seed, seconds, writers, ...shape };
      const done = await load(job);
      for (const [at, sent] of done.sent.entries()) writers[at]!.sent += sent;
      await verifyPoints(context, writers, { ...shape, split: kind === "mlflow" ? "validation" : "train" });
      rate[kind] = pointsASecond(done);
    }
    const asRows = { kind: "rows" as const, databaseUrl: context.app.ownerUrl, seed: context.seed, seconds };
    await asOwner(context.app.ownerUrl, createRowTable);
    const inRows = await load({ ...asRows, connections: WRITERS, sentBefore: 0 });
    // the first is for the just-in-time compiler
    if (pair < 0) continue;
    ours.push(rate.json / rate.mlflow);
    theirs.push(rate.mlflow / pointsASecond(inRows));
    rows.push(pointsASecond(inRows));
  }
  await asOwner(context.app.ownerUrl, dropRowTable);
  return [
    rowOf({
      id: "mlflow-batch-a",
      name: "MLflow's log-batch of 1,000 metrics ÷ the same points as our JSON",
      unit: "× time",
      bar: { atMost: 1.5 },
      against: `${WRITERS} clients, one run each; stored, then read back and compared, every point`,
      samples: ours,
    }),
    rowOf({
      id: "mlflow-batch-b",
      name: "the same points a second ÷ one row a point in MLflow's layout",
      unit: "×",
      bar: { atLeast: 3 },
      against: `stand-in of MLflow's table, ${WRITERS} connections, no HTTP: ${Math.round(median(rows))} points/s`,
      samples: theirs,
    }),
  ];
}

const pointsASecond = ({ points, seconds }: LoadDone): number => points / seconds;

/** Filters on a metric and a param, which most runs match or few, as a client writes them. */
const filters: ((at: number) => string)[] = [
  (at) => `metrics.\`validation/accuracy\` > 0.${at % 10} and params.optimizer = 'adam'`,
  (at) => `metrics.\`validation/loss\` < 0.${(at % 9) + 1} and params.dataset = 'set-${at * 13}'`,
  (at) => `metrics.\`validation/metric5\` >= 0.9${at % 10} and params.optimizer != 'sgd'`,
  () => "metrics.`validation/accuracy` > 0.2 and params.optimizer LIKE 'adam%'",
];
const orders = [[], ["metrics.`validation/accuracy` DESC"], ["params.optimizer ASC"], ["attributes.start_time DESC"]];

/** A page of 1,000 runs. */
async function search(context: Context): Promise<Row> {
  const count = context.mode === "quick" ? 20_000 : 100_000;
  const project = await asOwner(context.app.ownerUrl, async (sql) => {
    const written = await writeRuns(sql, { count, seed: context.seed });
    await sql`vacuum analyze`;
    return written;
  });
  const token = (await createToken(systemActor, project, { name: "bench search", scope: "read" })).secret;
  const times: number[] = [];
  for (let at = -10; at < QUESTIONS; at++) {
    const filter = filters[Math.abs(at) % filters.length]!(Math.abs(at));
    const order_by = orders[Math.floor(Math.abs(at) / filters.length) % orders.length]!;
    const begunAt = performance.now();
    const body = { experiment_ids: [project.replaceAll("-", "")], filter, order_by, max_results: 1000 };
    await askMlflow(context, token, "runs/search", { method: "POST", body: JSON.stringify(body) });
    if (at >= 0) times.push(performance.now() - begunAt);
  }
  const name = `p95 of MLflow's runs/search of 1,000 of ${shown(count)} runs, by a metric and a param`;
  return rowOf({
    id: "mlflow-search",
    name,
    unit: "ms",
    bar: { atMost: 150, by: "query" },
    against: `${QUESTIONS} questions of ${filters.length} kinds in ${orders.length} orders, each answer whole: 20 params and 20 metrics a run`,
    samples: times,
    value: quantile(times, 0.95),
  });
}

async function history(context: Context): Promise<Row> {
  const length = context.mode === "quick" ? 200_000 : 1_000_000;
  const { run: id } = await seedRun(context, "history", new PlantedCurve(context.seed + 700, length));
  const rates: number[] = [];
  for (let round = -1; round < HISTORY_ROUNDS; round++) {
    const begunAt = performance.now();
    let points = 0;
    for (let page: string | undefined = ""; page !== undefined; ) {
      const query = new URLSearchParams({ run_id: id.replaceAll("-", ""), metric_key: `train/${METRIC}` });
      query.set("max_results", "100000");
      if (page !== "") query.set("page_token", page);
      const answer = (await askMlflow(context, context.tokens.read, `metrics/get-history?${query}`)) as {
        metrics?: unknown[];
        next_page_token?: string;
      };
      points += answer.metrics?.length ?? 0;
      page = answer.next_page_token;
    }
    if (points !== length) throw new WrongPoints(`get-history answered ${points} of ${length} points`);
    if (round >= 0) rates.push(points / ((performance.now() - begunAt) / 1000));
  }
  return rowOf({
    id: "mlflow-history",
    name: `MLflow's get-history of ${shown(length)} points, in pages of 100,000`,
    unit: "points/s",
    bar: { atLeast: 500_000, by: "handler" },
    against: "asked over HTTP, page after page, with the time that the client takes to parse the answers",
    samples: rates,
  });
}

async function askMlflow(context: Context, token: string, call: string, init: RequestInit = {}): Promise<unknown> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const response = await fetch(new URL(`/api/2.0/mlflow/${call}`, context.app.url), { ...init, headers });
  if (!response.ok) throw new Error(`${call} answered ${response.status}: ${await response.text()}`);
  return response.json();
}
