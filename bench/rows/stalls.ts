/** How long any single request holds up another: the longest wait of one that asks for a run all the time. */
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { type Context, median, type Row, rowOf } from "../harness.ts";
import { newWriters } from "../runs.ts";
import { type StallInput, stallInputs } from "./stall-inputs.ts";

const IDLE_MS = 5_000;
/** What a request leaves to be done behind its answer counts as well. */
const AFTER_MS = 300;
const STALL_MS = 250;

type Asked = { at: number; ms: number }[];
type Sent = { name: string; from: number; to: number; status: number };

/** Rows 16. */
export async function run(context: Context): Promise<Row[]> {
  const [{ run: log, writer }] = (await newWriters(context, 1, "stalls")) as [
    Awaited<ReturnType<typeof newWriters>>[number],
  ];
  const inputs = stallInputs(log, writer, await newDataset(context));
  const worker = new Worker(new URL("./stall-probe.mjs", import.meta.url), {
    workerData: { url: `${context.app.url}/api/v1/runs/${log}`, token: context.tokens.read },
    execArgv: [],
  });
  const sent: Sent[] = [];
  const begun = Date.now() + 1_000;
  await delay(1_000 + IDLE_MS);
  sent.push({ name: "nothing else", from: begun, to: Date.now(), status: 0 });
  for (const input of inputs) {
    sent.push(await send(context, input));
    await delay(AFTER_MS);
  }
  worker.postMessage("stop");
  const [asked] = (await once(worker, "message")) as [Asked];
  return sent.map((one, at) => rowFrom(one, at, asked));
}

async function newDataset({ app, tokens }: Context): Promise<string> {
  const response = await fetch(`${app.url}/api/v1/datasets`, {
    method: "POST",
    headers: { authorization: `Bearer ${tokens.ingest}` },
    body: JSON.stringify({ name: "stalls", version: "1" }),
  });
  if (!response.ok) throw new Error(`POST /datasets answered ${response.status}: ${await response.text()}`);
  return ((await response.json()) as { id: string }).id;
}

async function send({ app, tokens }: Context, { name, method, path, body, headers }: StallInput): Promise<Sent> {
  const from = Date.now();
  const response = await fetch(`${app.url}/api/v1/${path}`, {
    method,
    body: body as BodyInit,
    headers: { authorization: `Bearer ${tokens.ingest}`, ...headers },
  });
  await response.arrayBuffer();
  if (response.status >= 500) throw new Error(`${name} was answered ${response.status}`);
  return { name, from, to: Date.now(), status: response.status };
}

function rowFrom({ name, from, to, status }: Sent, at: number, asked: Asked): Row {
  const during = asked.filter((one) => one.at + one.ms >= from && one.at <= to + AFTER_MS).map(({ ms }) => ms);
  const isIdle = status === 0;
  return rowOf({
    id: `16${String.fromCharCode(97 + at)}`,
    name: `longest wait of another request beside ${name}`,
    unit: "ms",
    bar: isIdle ? null : { atMost: STALL_MS, by: "loop" },
    against: isIdle
      ? `the yardstick: ${during.length} questions one after the other, median ${median(during).toFixed(1)} ms`
      : `answered ${status} after ${to - from} ms; ${during.length} questions meanwhile`,
    value: Math.max(...during),
    samples: [Math.max(...during)],
  });
}
