/** Asks the load generator for work: a process that lives for one job, so that no job inherits another's garbage. */
import { askChild } from "./child.ts";

/** A writer of a run, and how many batches it has had stored. */
export type Writer = { run: string; writer: string; sent: number };

export type LoadJob =
  | {
      /** Batches in binary, in JSON, or as MLflow's clients send metrics, where the writer stands for its run alone. */
      kind: "binary" | "json" | "mlflow";
      /** All writers together, at most; where it isn't given, as fast as they are answered. */
      pointsASecond?: number;
      url: string;
      token: string;
      seed: number;
      seconds: number;
      /** One connection each, one batch under way at a time. */
      writers: Writer[];
      /** A batch holds `metrics` × `steps` points. */
      metrics: number;
      steps: number;
    }
  | {
      /** Batches in binary to a handler that reads none of them. */
      kind: "empty";
      /** What is posted to, and the status that it answers. */
      path: string;
      status: number;
      url: string;
      token: string;
      seed: number;
      seconds: number;
      writers: Writer[];
      metrics: number;
      steps: number;
    }
  | {
      /** One row a point in MLflow's layout, 1,000 rows a statement, straight to the database. */
      kind: "rows";
      databaseUrl: string;
      seed: number;
      seconds: number;
      connections: number;
      /** Statements that each connection has sent in earlier jobs on the same table. */
      sentBefore: number;
    };

export type LoadDone = {
  /** Batches, requests or statements of each connection, all answered well. */
  sent: number[];
  points: number;
  seconds: number;
  latenciesMs: number[];
  /** Of the generator itself. */
  cpuSeconds: number;
};

/** Runs one job. Throws where an answer was not the expected one: a measurement of errors measures nothing. */
export const load = (job: LoadJob): Promise<LoadDone> => askChild("load-process.ts", job);

export type GetJob = { urls: string[]; token: string; accept: string };
/** `latenciesMs` to the last byte, in the order of the questions. */
export type GetDone = { latenciesMs: number[]; bytes: number };

/** Asks every question in turn. Throws where one is answered otherwise than with 200. */
export const getAll = (job: GetJob): Promise<GetDone> => askChild("get-process.ts", job);

export type RetryJob = {
  url: string;
  token: string;
  writer: string;
  /** Of the first batch; the others follow, `points` of one metric each. */
  sequence: number;
  fromStep: number;
  points: number;
  count: number;
};
export type RetryDone = { freshMs: number[]; againMs: number[]; stored: number; duplicates: number };

/** Sends each batch and then the same bytes again. */
export const retryAll = (job: RetryJob): Promise<RetryDone> => askChild("retry-process.ts", job);
