/** What logging costs a training: the call itself with the server up, slow and down, and all of it in a real loop. */
import { once } from "node:events";
import { mkdtemp } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { askChild } from "../child.ts";
import { type Context, type Row, rowOf, shown } from "../harness.ts";

type TrainingOptions = { url: string; token: string; project: string; spoolDir: string };
/** What `log-process.ts` is asked. */
export type LogCalls = TrainingOptions & { calls: number };
/** What `log-loop-process.ts` is asked: optimizer steps of the training, and how long logging alone goes on each time. */
export type LoopQuestion = TrainingOptions & { steps: number; idleMs: number };
export type LoopTimes = {
  backend: string;
  stepMs: number;
  /** Shares of the loop: of its time in log(), of its CPU in all that logging makes the process do. */
  inside: number[];
  all: number[];
};
/** Microseconds a call, without those of reading the clock. */
export type LogTimes = {
  p50: number;
  p999: number;
  /** Milliseconds. */
  longest: number;
  /** Calls that took more than a millisecond. */
  stalls: number;
  stallsEmpty: number;
  heapGrown: number;
  /** Points that were given up: the spool is bounded. */
  lost: number;
};

const PAIRS = 5;
const SLOW_MS = 2000;

type Server = { name: string; url: string };

export async function run(context: Context): Promise<Row[]> {
  const calls = context.mode === "quick" ? 200_000 : 1_000_000;
  const slow = await startSlowServer();
  const servers: Server[] = [
    { name: "up", url: context.app.url },
    { name: "slow", url: slow.url },
    { name: "down", url: "http://127.0.0.1:9" },
  ];
  const rows: Row[] = [];
  try {
    const times = new Map(servers.map(({ name }) => [name, [] as LogTimes[]]));
    for (let pair = 0; pair < PAIRS; pair++)
      for (const { name, url } of servers) times.get(name)!.push(await logCalls(context, url, calls));
    for (const [name, measured] of times) rows.push(...rowsOf(context, name, measured, calls));
    rows.push(...(await shares(context)));
  } finally {
    slow.stop();
  }
  return rows;
}

function rowsOf(context: Context, server: string, times: LogTimes[], calls: number): Row[] {
  const against = `${shown(calls)} calls at full speed, the clock's own time taken off`;
  const sum = (pick: (one: LogTimes) => number) => times.reduce((total, one) => total + pick(one), 0);
  const letter = { up: "a", slow: "b", down: "c" }[server];
  context.say(
    `server ${server}: longest call ${Math.max(...times.map(({ longest }) => longest)).toFixed(1)} ms, ` +
      `heap ${(sum(({ heapGrown }) => heapGrown) / times.length / 2 ** 20).toFixed(1)} MiB more, ` +
      `${sum(({ lost }) => lost)} points given up`,
  );
  return [
    rowOf({
      id: `9${letter}1`,
      name: `log() of 10 metrics, server ${server}: p50`,
      unit: "µs",
      bar: { atMost: 0.5, by: "loop" },
      against,
      samples: times.map(({ p50 }) => p50),
    }),
    rowOf({
      id: `9${letter}2`,
      name: `log() of 10 metrics, server ${server}: p99.9`,
      unit: "µs",
      bar: { atMost: 20, by: "loop" },
      against,
      samples: times.map(({ p999 }) => p999),
    }),
    rowOf({
      id: `9${letter}3`,
      name: `log() of 10 metrics, server ${server}: stalls over 1 ms beyond the empty function's`,
      unit: "",
      bar: { atMost: 0 },
      against: `an empty function called after each call for as long, at most 0.5 ms: ${sum(({ stallsEmpty }) => stallsEmpty)} stalls, log() ${sum(({ stalls }) => stalls)}`,
      samples: times.map(({ stalls, stallsEmpty }) => stalls - stallsEmpty),
    }),
  ];
}

async function logCalls(context: Context, url: string, calls: number): Promise<LogTimes> {
  return askChild("log-process.ts", { ...(await trainingOf(context, url)), calls } satisfies LogCalls);
}

async function trainingOf(context: Context, url: string): Promise<TrainingOptions> {
  const spoolDir = await mkdtemp(path.join(tmpdir(), "holdout-bench-spool-"));
  return { url, token: context.tokens.ingest, project: context.project.id, spoolDir };
}

/** What logging takes of a training's CPU: in the call, and all in all. */
async function shares(context: Context): Promise<Row[]> {
  const isQuick = context.mode === "quick";
  const question = {
    ...(await trainingOf(context, context.app.url)),
    steps: isQuick ? 50 : 200,
    idleMs: isQuick ? 2000 : 6000,
  };
  const { backend, stepMs, inside, all } = await askChild<LoopTimes>("log-loop-process.ts", question);
  const against = `a step of a CNN of 16 and 32 filters with batch norm, 64 images of 28 × 28, on ${backend}: ${stepMs.toFixed(0)} ms`;
  const percent = (shares: number[]) => shares.map((share) => share * 100);
  return [
    rowOf({
      id: "9d",
      name: "time in log() in a small CNN's loop",
      unit: "%",
      bar: { atMost: 0.1 },
      against,
      samples: percent(inside),
    }),
    rowOf({
      id: "9e",
      name: "CPU of all logging, spool and sending included, in that loop",
      unit: "%",
      bar: { atMost: 1 },
      against: `${against}; logging at that pace without the training, less waiting without either`,
      samples: percent(all),
    }),
  ];
}

/** A server that takes every request and answers it late, with what helps nobody. */
async function startSlowServer(): Promise<{ url: string; stop: () => void }> {
  const server = createServer((request, response) => {
    request.resume();
    setTimeout(() => response.writeHead(503).end(), SLOW_MS).unref();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  const stop = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${port}`, stop };
}
