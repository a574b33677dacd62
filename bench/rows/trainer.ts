/** How fast the trainer trains on WebAssembly, against the library with its missing kernel alone, and how long it waits for data. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { loadBackend } from "../../trainer/src/backend/backend.ts";
import { createRun } from "../../trainer/src/client/client.ts";
import { parseSettings } from "../../trainer/src/config/settings.ts";
import { readDataSet } from "../../trainer/src/data/sets.ts";
import { train } from "../../trainer/src/train.ts";
import { askChild } from "../child.ts";
import { type Context, pairs, type Row, rowOf } from "../harness.ts";

/** What `train-process.ts` is asked. */
export type TrainQuestion = { kernels: "all" | "missing"; steps: number };
export type TrainTimes = { imagesPerSecond: number };

export async function run({ mode, app, project, tokens, say }: Context): Promise<Row[]> {
  const steps = mode === "quick" ? 30 : 80;
  const speed = async (kernels: TrainQuestion["kernels"]) =>
    (await askChild<TrainTimes>("train-process.ts", { kernels, steps } satisfies TrainQuestion)).imagesPerSecond;
  const measured = await pairs(
    mode === "quick" ? 3 : 7,
    () => speed("all"),
    () => speed("missing"),
  );
  say(`images/s: ${measured.map(([ours, theirs]) => `${ours.toFixed(0)} to ${theirs.toFixed(0)}`).join(", ")}`);
  const waits = await dataWaits({ url: app.url, token: tokens.ingest, project: project.id });
  return [
    rowOf({
      id: "15a",
      name: "training a small CNN on WebAssembly, images a second",
      unit: "×",
      samples: measured.map(([ours, theirs]) => ours / theirs),
      bar: { atLeast: 2.5 },
      against: "the library with only its missing kernel, in turns; 16 and 32 filters, batch norm, batch 64",
    }),
    rowOf({
      id: "15b",
      name: "the same, by itself",
      unit: "images/s",
      samples: measured.map(([ours]) => ours),
      bar: null,
      against: "one core",
    }),
    rowOf({
      id: "15c",
      name: "of a training's time, waiting for the next batch",
      unit: "%",
      samples: waits.map((share) => share * 100),
      bar: { atMost: 1 },
      against: "its steps, MNIST, logging to the app",
    }),
  ];
}

/** What the trainer itself logs of two epochs. */
async function dataWaits(target: { url: string; token: string; project: string }): Promise<number[]> {
  const folder = await mkdtemp(path.join(tmpdir(), "holdout-bench-"));
  const set = await readDataSet(null);
  const { training: config } = parseSettings({ family: "cnn", filters: [16, 32], batchNorm: true, epochs: 2 });
  const run = await createRun({ ...target, spoolDir: folder, config, code: false, console: false, name: "data wait" });
  const waits: number[] = [];
  const listening = {
    ...run,
    log: (entry: Parameters<typeof run.log>[0]) => {
      if (entry.metrics.data_wait !== undefined) waits.push(entry.metrics.data_wait);
      run.log(entry);
    },
  };
  const range = (from: number, to: number) => Uint32Array.from({ length: to - from }, (_, at) => from + at);
  await train({
    backend: await loadBackend("wasm"),
    run: listening,
    config,
    set,
    parent: null,
    restore: null,
    indexes: { train: range(0, 3000), validation: range(3000, 3200), trainDigest: "0".repeat(64) },
    checkpointFolder: path.join(folder, "checkpoints"),
    fetchCheckpoint: async () => null,
    onProgress: () => {},
    signal: new AbortController().signal,
  });
  await run.finish();
  await rm(folder, { recursive: true, force: true });
  return waits;
}
