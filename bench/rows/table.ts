/** The runs table: a page of a hundred rows, sorted by any column under a filter, of many runs and of a thousand. */
import { systemActor } from "../../lib/access/actor.ts";
import { countRuns, type RunsQuery, readRunsPage } from "../../lib/table/rows.ts";
import { asOwner } from "../app.ts";
import { type Context, quantile, type Row, rowOf, shown } from "../harness.ts";
import { randomOf } from "../series.ts";
import { configNames, metricNames, writeRuns } from "../table-data.ts";

const FEW = 1_000;
const ROUNDS = 5;
const PAGES_A_ROUND = 60;
/** Of the config and of the metrics, so many columns each are shown. */
const SHOWN = 10;
const summaryNames = ["last", "min", "max", "mean", "atBest"];

export async function run(context: Context): Promise<Row[]> {
  const many = context.mode === "quick" ? 20_000 : 100_000;
  const { seed } = context;
  const projects = await asOwner(context.app.ownerUrl, async (sql) => {
    const written = {
      few: await writeRuns(sql, { count: FEW, seed }),
      many: await writeRuns(sql, { count: many, seed }),
    };
    // as autovacuum does in its own time
    await sql`vacuum analyze`;
    return written;
  });
  return measureTable({ ...projects, size: many, seed });
}

type Table = { few: string; many: string; size: number; seed: number };

export async function measureTable({ few, many, size, seed }: Table): Promise<Row[]> {
  const p95 = { many: [] as number[], few: [] as number[], hard: [] as number[], count: [] as number[] };
  for (let round = -1; round < ROUNDS; round++) {
    const random = randomOf(seed + round);
    const times = { many: [] as number[], few: [] as number[], hard: [] as number[], count: [] as number[] };
    for (let page = 0; page < PAGES_A_ROUND; page++) {
      const plain = { ...anyPage(random), filter: pick(random, plainFilters)(random) };
      times.few.push(await timed(() => readRunsPage(systemActor, few, plain)));
      times.many.push(await timed(() => readRunsPage(systemActor, many, plain)));
      times.count.push(await timed(() => countRuns(systemActor, many, plain)));
      const hard = { ...anyPage(random), filter: pick(random, hardFilters)(random) };
      times.hard.push(await timed(() => readRunsPage(systemActor, many, hard)));
    }
    // the first is for the just-in-time compiler and the caches
    if (round >= 0)
      for (const kind of ["many", "few", "hard", "count"] as const) p95[kind].push(quantile(times[kind], 0.95));
  }
  return rowsOf(p95, size);
}

function rowsOf(p95: Record<"many" | "few" | "hard" | "count", number[]>, size: number): Row[] {
  const runs = shown(size);
  const of = `${PAGES_A_ROUND} pages a round of 100 rows with ${2 * SHOWN} columns, called in the process, sorted by any column`;
  return [
    rowOf({
      id: "12a",
      name: `p95 of a page of ${runs} runs under equality, range and 'in' filters`,
      unit: "ms",
      bar: { atMost: 50, by: "query" },
      against: of,
      samples: p95.many,
    }),
    rowOf({
      id: "12b",
      name: `the same ÷ that of ${shown(FEW)} runs`,
      unit: "×",
      bar: { atMost: 2 },
      against: `the same pages of a table of ${shown(FEW)}, one after the other`,
      samples: p95.many.map((value, round) => value / p95.few[round]!),
    }),
    rowOf({
      id: "12c",
      name: `p95 of a page of ${runs} runs under regex, or and not`,
      unit: "ms",
      bar: { atMost: 400, by: "query" },
      against: of,
      samples: p95.hard,
    }),
    rowOf({
      id: "12d",
      name: `p95 of counting what matches, up to 10,000, of ${runs} runs`,
      unit: "ms",
      bar: null,
      against: "the filters of 12a",
      samples: p95.count,
    }),
  ];
}

type Random = () => number;
const pick = <T>(random: Random, from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
const metricColumn = (random: Random) => `validation/${pick(random, metricNames)}.${pick(random, summaryNames)}`;

/** Sorted by any column, in either order, with columns of both kinds. */
function anyPage(random: Random): RunsQuery {
  const sorts = [
    () => pick(random, ["created", "name", "status", "started", "ended", "duration", "seed", "manifest"]),
    () => `config.${pick(random, configNames)}`,
    () => metricColumn(random),
  ];
  const columns = Array.from({ length: SHOWN }, (_, index) => [`config.${configNames[index]}`, metricColumn(random)]);
  return { columns: columns.flat(), sort: `${random() < 0.5 ? "-" : ""}${pick(random, sorts)()}`, size: 100 };
}

/** Equality, range and `in`, that most runs match or hardly any. */
const plainFilters: ((random: Random) => string)[] = [
  (random) => `config.optimizer = ${pick(random, ["adam", "adamw", "rmsprop", "sgd"])}`,
  (random) => `config.dataset = set-${Math.floor(random() * 1000)}`,
  (random) => `config.learningRate >= ${1e-5 * 10 ** (4 * random())}`,
  (random) => {
    const from = random();
    return `config.parameter4 >= ${from} and config.parameter4 < ${from + 0.1 * random()}`;
  },
  () => "config.batchSize in (32, 64)",
  (random) => `config.model.layers in (${Math.floor(random() * 50)}, ${Math.floor(random() * 50)})`,
  (random) => `config.augment = true and config.parameter7 <= ${random() ** 2}`,
  (random) => `${metricColumn(random)} >= ${1 - random() ** 3}`,
  (random) => `${metricColumn(random)} < ${random() ** 3}`,
  (random) => `config.optimizer = adam and validation/accuracy.max >= ${1 - random() ** 2}`,
  () => "config.parameter3 >= 0.9 and validation/metric5.last < 0.1",
  () => "config.optimizer in (adam, sgd) and config.dataset in (set-1, set-2, set-3)",
  () => "status = failed and config.augment = false",
  (random) => `seed in (${Math.floor(random() * 10)}, 3)`,
  (random) => `name = cnn-${4 * Math.floor(random() * 250)}`,
  () => "created >= 2026-01-05 and created < 2026-01-06",
];

const hardFilters: ((random: Random) => string)[] = [
  (random) => `name ~ "^cnn-.*${Math.floor(random() * 100)}$"`,
  (random) => `config.note ~ "number ${Math.floor(random() * 100)}.*7$"`,
  (random) => `config.optimizer = adam or validation/accuracy.max > ${1 - random() ** 3}`,
  (random) => `config.dataset = set-7 or config.parameter2 < ${random() ** 4} or seed = 12`,
  () => "not config.optimizer = adam",
  (random) => `not (config.optimizer in (adam, sgd) or config.parameter1 > ${random() ** 2})`,
  () => 'config.optimizer ~ "^adam" and not config.dataset in (set-1, set-2) and (status = failed or tags = baseline)',
  (random) => `config.note ~ "99$" or not validation/loss.min > ${random() ** 4}`,
];

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begunAt = performance.now();
  await work();
  return performance.now() - begunAt;
}
