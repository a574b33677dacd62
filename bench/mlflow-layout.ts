/**
 * A stand-in of MLflow's store in the same PostgreSQL: its table of metrics with its primary key and index, and rows as
 * it inserts them. It flatters MLflow: there is no HTTP, no Python and no look for duplicates.
 * Source: mlflow/store/tracking/dbmodels/models.py, SqlMetric (3.6); at most 1,000 metrics a request.
 */
import type { connect } from "../db/connection.ts";
import { LoggedRun, timesFrom } from "./series.ts";

type Sql = ReturnType<typeof connect>;

/** Makes the table anew in a schema of its own. */
export async function createRowTable(sql: Sql): Promise<void> {
  await sql.unsafe(`
    drop schema if exists bench_mlflow cascade;
    create schema bench_mlflow;
    create table bench_mlflow.metrics (
      key varchar(250) not null, value double precision not null, timestamp bigint not null,
      run_uuid varchar(32) not null, step bigint not null default 0, is_nan boolean not null default false,
      constraint metric_pk primary key (key, timestamp, step, run_uuid, value, is_nan));
    create index index_metrics_run_uuid on bench_mlflow.metrics (run_uuid)`);
}

export const dropRowTable = (sql: Sql) => sql`drop schema bench_mlflow cascade`;

const METRICS = 10;
const STEPS = 100;
const runs = new Map<number, LoggedRun>();

/** Inserts the 1,000 points of a run's `sent + 1`th request, 10 metrics × 100 steps, in one statement. */
export async function insertAsRows(sql: Sql, seed: number, run: number, sent: number): Promise<void> {
  const logged = runs.get(seed) ?? new LoggedRun(seed, METRICS);
  runs.set(seed, logged);
  const from = sent * STEPS;
  const times = timesFrom(from, STEPS);
  const run_uuid = run.toString(16).padStart(32, "0");
  const rows = logged.names.flatMap((key, metric) =>
    Array.from(logged.values(metric, from, STEPS), (value, index) => {
      return { key, value, timestamp: times[index]!, run_uuid, step: from + index, is_nan: false };
    }),
  );
  await sql`insert into bench_mlflow.metrics ${sql(rows)}`;
}
