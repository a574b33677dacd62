/** Bodies of JSON that once held others up, and others of their kind. Each is made before it is sent. */
import { gzipSync } from "node:zlib";

export type StallRequest = {
  method: "POST" | "PUT" | "GET";
  /** Of the whole address, from its first slash on. */
  path: string;
  body?: Uint8Array | FormData;
  headers?: Record<string, string>;
  /** Answered otherwise it would measure something else; where it isn't given, any answer below 500 will do. */
  answer?: number;
};
/** All of its requests are sent at once. */
export type StallInput = { name: string; requests: StallRequest[] };

const MB = 2 ** 20;
const json = (value: unknown) => Buffer.from(JSON.stringify(value));
const named = (count: number, value: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => `"k${at}":${value(at)}`).join();
const batch = (writer: string, sequence: number, metrics: string, steps = 1) => {
  const column = (first: number, by: number) => Array.from({ length: steps }, (_, at) => first + by * at).join();
  const group = `{"split":"train","steps":[${column(0, 1)}],"times":[${column(1_767_603_600_000, 50)}],"metrics":{${metrics}}}`;
  return Buffer.from(`{"writer":"${writer}","sequence":${sequence},"groups":[${group}]}`);
};
const numbers = (bytes: number) => `[${"0.123456789,".repeat(bytes / 12)}0]`;

/** For a run with a writer, and a dataset that is open. */
export function jsonInputs(run: string, writer: string, dataset: string): StallInput[] {
  const metrics = `runs/${run}/metrics`;
  const tenSteps = Array.from({ length: 10 }, (_, at) => at / 10).join();
  const long = Array.from({ length: 100_000 }, (_, at) => at / 7).join();
  const zipped = { "content-encoding": "gzip" };
  const samples = Array.from({ length: 100_000 }, (_, at) => at);
  const digits = (at: number) => at.toString(16).padStart(64, "0");
  const columns = {
    key: samples.map((at) => `images/${at}.png`),
    label: samples.map((at) => `class ${at % 10}`),
    contentHash: samples.map(digits),
  };
  const post = (name: string, path: string, body: Uint8Array, headers = {}): StallInput => {
    return { name, requests: [{ method: "POST", path: `/api/v1/${path}`, body, headers }] };
  };
  return [
    post("a batch of 10 points", metrics, batch(writer, 1, `"loss":[${tenSteps}]`, 10)),
    post("a batch of 100,000 points as JSON", metrics, batch(writer, 2, `"loss":[${long}]`, 100_000)),
    post(
      "a batch of 4,000 metrics",
      metrics,
      batch(
        writer,
        3,
        named(4000, () => "[1]"),
      ),
    ),
    post(
      "a batch of 20,000 metrics",
      metrics,
      batch(
        writer,
        4,
        named(20_000, () => "[1]"),
      ),
    ),
    post(
      "a batch of 1,000,000 names",
      metrics,
      batch(
        writer,
        5,
        named(1_000_000, () => "[1]"),
      ),
    ),
    post("32 MB of JSON numbers", metrics, batch(writer, 6, `"a":${numbers(31 * MB)}`)),
    post("32 MB of JSON numbers, gzip", metrics, gzipSync(batch(writer, 6, `"a":${numbers(31 * MB)}`)), zipped),
    post("a batch that is one text of 31 MB", metrics, json("x".repeat(31 * MB))),
    post("a million brackets", metrics, Buffer.from("[".repeat(1_000_000))),
    post("a run with a config of 10,000 keys", "runs", json({ config: JSON.parse(`{${named(10_000, String)}}`) })),
    post("a run with a config of 100,000 keys", "runs", Buffer.from(`{"config":{${named(100_000, String)}}}`)),
    post("a run with a text of 30 MB", "runs", json({ config: { a: "x".repeat(30 * MB) } })),
    post("a run with a text of 7 MB", "runs", json({ config: { a: "x".repeat(7 * MB) } })),
    post("a run with notes of 1 MB of escapes", "runs", json({ notes: "\u0001".repeat(MB) })),
    post("a list of 90,000 empty lists as a run", "runs", Buffer.from(`[${"[],".repeat(90_000)}[]]`)),
    post("100,000 samples as JSON", `datasets/${dataset}/samples`, json(columns)),
    post("the same samples again", `datasets/${dataset}/samples`, json(columns)),
  ];
}
