/** What logging costs a training: the call itself with the server up, slow and down, and all of it in a real loop. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { root } from "../bin/settings.ts";
import { type Context, type Row, rowOf } from "./harness.ts";

/** What a child of `log-process.ts` is asked. */
export type LogCalls = { url: string; token: string; project: string; calls: number; spoolDir: string };
/** Microseconds a call, beyond the median of the empty function's, clock included. */
export type LogTimes = {
  p50: number;
  p999: number;
  p999Empty: number;
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
  } finally {
    slow.stop();
  }
  return rows;
}

function rowsOf(context: Context, server: string, times: LogTimes[], calls: number): Row[] {
  const against = `an empty function called between, its time and the clock's taken off; ${calls.toLocaleString("en")} calls, server ${server}`;
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
      bar: { atMost: 0.5 },
      against,
      samples: times.map(({ p50 }) => p50),
    }),
    rowOf({
      id: `9${letter}2`,
      name: `log() of 10 metrics, server ${server}: p99.9`,
      unit: "µs",
      bar: { atMost: 20 },
      against,
      samples: times.map(({ p999 }) => p999),
    }),
    rowOf({
      id: `9${letter}3`,
      name: `log() of 10 metrics, server ${server}: stalls over 1 ms beyond the empty function's`,
      unit: "",
      bar: { atMost: 0 },
      against: `${against}: ${sum(({ stallsEmpty }) => stallsEmpty)} stalls of its own`,
      value: sum(({ stalls }) => stalls) - sum(({ stallsEmpty }) => stallsEmpty),
      samples: times.map(({ stalls, stallsEmpty }) => stalls - stallsEmpty),
    }),
  ];
}

async function logCalls(context: Context, url: string, calls: number): Promise<LogTimes> {
  const spoolDir = await mkdtemp(path.join(tmpdir(), "holdout-bench-spool-"));
  const asked: LogCalls = { url, token: context.tokens.ingest, project: context.project.id, calls, spoolDir };
  const child = spawn(process.execPath, ["--import", "tsx", "bench/log-process.ts"], {
    cwd: root,
    // it says that the server is down, which is why it is asked
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  try {
    child.send(asked);
    const ended = once(child, "exit").then(([code]) => [{ error: `the logging process ended with ${code}` }]);
    const [message] = (await Promise.race([once(child, "message"), ended])) as [
      { times: LogTimes } | { error: string },
    ];
    if ("error" in message) throw new Error(message.error);
    return message.times;
  } finally {
    child.kill("SIGKILL");
  }
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
