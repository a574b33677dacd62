/** What `GET /api/metrics` answers: what this process counted, and what the database says of the installation. */
import { Gauge, Registry } from "prom-client";
import { connections, POOL_MAX } from "../db/connection.ts";
import type { Actor } from "./access/actor.ts";
import { authorise } from "./access/permissions.ts";
import { version } from "./agents/version.ts";
import { counters } from "./counters.ts";
import { countListeners } from "./live/subscribe.ts";

/** Prometheus' text format. What the database says is the same on every server of an installation. */
export async function scrape(actor: Actor): Promise<{ text: string; contentType: string }> {
  authorise(actor, "installation.watch");
  const { registry: counted } = counters();
  const [lag, jobs, sessions] = await Promise.all([readLag(), readJobs(), readSessions()]);
  // made anew each time: a kind of jobs that is no more leaves no figure behind
  const registry = new Registry();
  const gauge = <Label extends string>(name: string, help: string, labelNames: Label[] = []) =>
    new Gauge({ name, help, labelNames, registers: [registry] });
  gauge("holdout_info", "Which Holdout this server is, and since when its schema is so", ["version", "schema"]).set(
    { version, schema: process.env.HOLDOUT_SCHEMA ?? "" },
    1,
  );
  gauge("holdout_ingest_lag_seconds", "Age of the oldest batch that waits to be put in order; 0: none does").set(lag);
  gauge("holdout_live_streams", "Live streams that are open on this server").set(countListeners());
  gauge("holdout_database_pool_max", "Connections that this server takes at most for requests").set(POOL_MAX);
  const connected = gauge("holdout_database_connections", "Connections of all servers, by state", ["state"]);
  for (const { state, count } of sessions) connected.set({ state }, count);
  const numbers = gauge("holdout_jobs", "Jobs, by kind and status", ["kind", "status"]);
  const ages = gauge("holdout_jobs_oldest_queued_seconds", "How long the oldest queued job of a kind was due", [
    "kind",
  ]);
  for (const { kind, status, count, seconds } of jobs) {
    numbers.set({ kind, status }, count);
    if (status === "queued") ages.set({ kind }, seconds);
  }
  const text = `${await counted.metrics()}\n${await registry.metrics()}`;
  return { text, contentType: Registry.PROMETHEUS_CONTENT_TYPE };
}

/** In seconds. */
async function readLag(): Promise<number> {
  const [row] = await connections().sql<{ seconds: number }[]>`
    with oldest as materialized (
      select min(b.received_at) as at
      from batches b join writers w on w.run_id = b.run_id and w.number = b.writer and b.sequence > w.done_sequence
    ) select coalesce(extract(epoch from now() - at), 0)::float8 as seconds from oldest`;
  return row!.seconds;
}

type JobsOfKind = { kind: string; status: string; count: number; seconds: number };

/** `seconds`: since the oldest could have been taken; one that is put off isn't late. */
const readJobs = () => connections().sql<JobsOfKind[]>`
  select kind, status, count(*)::int as count,
    coalesce(greatest(extract(epoch from now() - min(coalesce(not_before, created_at))), 0), 0)::float8 as seconds
  from jobs group by kind, status`;

/** Of the role that asks; of others PostgreSQL says no state. */
const readSessions = () => connections().sql<{ state: string; count: number }[]>`
  select state, count(*)::int as count from pg_stat_activity
  where datname = current_database() and usename = current_user and state is not null group by state`;
