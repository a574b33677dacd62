/** What this process counts of itself, for `GET /api/metrics`: one registry a process, in Prometheus' own client. */
import { Counter, collectDefaultMetrics, Histogram, Registry } from "prom-client";

type Counters = {
  registry: Registry;
  /** Seconds from a request's head to the end of its answer. */
  requests: Histogram<"route" | "method" | "status">;
  /** `outcome`: stored, duplicate or refused. */
  batches: Counter<"outcome">;
  points: Counter;
  bytes: Counter;
};

/** Seconds; the longest are streams and uploads. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60];

// one a process, also where a bundler loads this module more than once
const cache = globalThis as { holdoutCounters?: Counters };

/** The counters of this process, begun at first use. */
export function counters(): Counters {
  cache.holdoutCounters ??= begin();
  return cache.holdoutCounters;
}

function begin(): Counters {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    requests: new Histogram({
      name: "holdout_http_request_duration_seconds",
      help: "Requests by route of the contract, from their head to the end of the answer; a stream's is its length",
      labelNames: ["route", "method", "status"],
      buckets: BUCKETS,
      registers,
    }),
    batches: new Counter({
      name: "holdout_ingest_batches_total",
      help: "Batches of points that came: stored, duplicates of stored ones, refused",
      labelNames: ["outcome"],
      registers,
    }),
    points: new Counter({ name: "holdout_ingest_points_total", help: "Points stored", registers }),
    bytes: new Counter({ name: "holdout_ingest_bytes_total", help: "Bytes of stored batches", registers }),
  };
}
