/** How long any single request holds up another: the longest wait of one that asks for a run all the time. */
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { type Context, median, type Row, rowOf } from "../../harness.ts";
import { newWriters } from "../../runs.ts";
import { fileInputs, signInInput, uploadInputs } from "./stall-files.ts";
import { jsonInputs, type StallInput, type StallRequest } from "./stall-inputs.ts";

const IDLE_MS = 5_000;
/** What a request leaves to be done behind its answer counts as well. */
const AFTER_MS = 300;
const STALL_MS = 250;

type Asked = { at: number; ms: number }[];
/** `statuses` of what was sent; none: nothing was. */
type Sent = { name: string; from: number; to: number; statuses: number[] };

/** Rows 16. */
export async function run(context: Context): Promise<Row[]> {
  const [{ run: log, writer }] = (await newWriters(context, 1, "stalls")) as [
    Awaited<ReturnType<typeof newWriters>>[number],
  ];
  const [samples, csv, parquet] = [
    await newDataset(context, "samples"),
    await newDataset(context, "csv"),
    await newDataset(context, "parquet"),
  ];
  const inputs = [
    ...jsonInputs(log, writer, samples),
    ...(await fileInputs(log)),
    ...uploadInputs(csv, parquet),
    await signInInput(context),
  ];
  const worker = new Worker(new URL("./stall-probe.mjs", import.meta.url), {
    workerData: { url: `${context.app.url}/api/v1/runs/${log}`, token: context.tokens.read },
    execArgv: [],
  });
  const sent: Sent[] = [];
  const begun = Date.now() + 1_000;
  await delay(1_000 + IDLE_MS);
  sent.push({ name: "nothing else", from: begun, to: Date.now(), statuses: [] });
  for (const input of inputs) {
    sent.push(await send(context, input));
    await delay(AFTER_MS);
  }
  worker.postMessage("stop");
  const [asked] = (await once(worker, "message")) as [Asked];
  return sent.map((one, at) => rowFrom(one, at, asked));
}

async function newDataset({ app, tokens }: Context, what: string): Promise<string> {
  const response = await fetch(`${app.url}/api/v1/datasets`, {
    method: "POST",
    headers: { authorization: `Bearer ${tokens.ingest}` },
    body: JSON.stringify({ name: `stalls ${what}`, version: "1" }),
  });
  if (!response.ok) throw new Error(`POST /datasets answered ${response.status}: ${await response.text()}`);
  return ((await response.json()) as { id: string }).id;
}

async function send(context: Context, { name, requests }: StallInput): Promise<Sent> {
  const from = Date.now();
  const statuses = await Promise.all(requests.map((request) => sendOne(context, name, request)));
  return { name, from, to: Date.now(), statuses };
}

async function sendOne(
  { app, tokens }: Context,
  name: string,
  { method, path, body, headers, answer }: StallRequest,
): Promise<number> {
  const token = path.startsWith("/api/") ? (method === "GET" ? tokens.read : tokens.ingest) : null;
  const response = await fetch(new URL(path, app.url), {
    method,
    body: (body ?? null) as BodyInit | null,
    headers: { ...(token ? { authorization: `Bearer ${token}` } : {}), ...headers },
    redirect: "manual",
  });
  const text = await response.arrayBuffer();
  if (answer === undefined ? response.status >= 500 : response.status !== answer)
    throw new Error(`${name} was answered ${response.status}: ${Buffer.from(text).toString().slice(0, 500)}`);
  return response.status;
}

function rowFrom({ name, from, to, statuses }: Sent, at: number, asked: Asked): Row {
  const during = asked.filter((one) => one.at + one.ms >= from && one.at <= to + AFTER_MS).map(({ ms }) => ms);
  const isIdle = statuses.length === 0;
  return rowOf({
    id: `16${String.fromCharCode(97 + at)}`,
    name: `longest wait of another request beside ${name}`,
    unit: "ms",
    bar: isIdle ? null : { atMost: STALL_MS, by: "loop" },
    against: isIdle
      ? `the yardstick: ${during.length} questions one after the other, median ${median(during).toFixed(1)} ms`
      : `answered ${[...new Set(statuses)].join(", ")} after ${to - from} ms; ${during.length} questions meanwhile`,
    value: Math.max(...during),
    samples: [Math.max(...during)],
  });
}
