/** The programs of a project's page, run as they stand there. */
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemActor } from "@/lib/access/actor.ts";
import { listEvaluations } from "@/lib/evaluations/evaluations.ts";
import { newManifest } from "@/lib/manifests/test-manifest.ts";
import { listSeries } from "@/lib/metrics/list-series.ts";
import { listRuns } from "@/lib/runs/runs.ts";
import { snippet } from "@/lib/snippets.ts";
import { newProject, newToken, prepareWorkspace } from "@/lib/test-workspace.ts";
import { serveApi } from "./test-serve.ts";

prepareWorkspace();

const folder = mkdtempSync(path.join(tmpdir(), "holdout-snippets-"));
const fixture = {} as { url: string; close: () => Promise<void> };
beforeAll(async () => {
  Object.assign(fixture, await serveApi());
});
afterAll(async () => {
  await fixture.close();
  rmSync(folder, { recursive: true, force: true });
});

const has = (python: string, ...modules: string[]) =>
  spawnSync(python, ["-c", modules.map((name) => `import ${name}`).join("\n") || "0"], { timeout: 120_000 }).status ===
  0;

const python = process.env.HOLDOUT_TEST_PYTHON ?? "python3";
const hasPython = has(python);
if (!hasPython)
  console.log(`${python} isn't here: the programs in Python aren't tried (HOLDOUT_TEST_PYTHON names another)`);

async function run(program: string, env: Record<string, string>): Promise<void> {
  const child = spawn(python, ["-c", program], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (some) => (said += some));
  const code = await new Promise((resolve) => child.once("close", resolve));
  expect(code, said).toBe(0);
}

async function newPlace() {
  const project = await newProject();
  const { secret } = await newToken(project, "ingest");
  const runs = async () => (await listRuns(systemActor, { project: project.id })).runs;
  return { project, secret, runs };
}

test.skipIf(!hasPython)("the program in Python logs a run of a hundred steps", async () => {
  const { secret, runs } = await newPlace();
  await run(snippet("Python", fixture.url), { HOLDOUT_TOKEN: secret });
  const [one] = await runs();
  expect(one).toMatchObject({ name: "from Python", status: "finished", config: { learningRate: 0.1 } });
  const { series } = await listSeries(systemActor, one!.id);
  expect(series).toMatchObject([{ split: "train", metric: "loss", count: 100, last: 0.01 }]);
});

test.skipIf(!hasPython)(
  "the program of predictions cites a manifest by MLflow's protocol, and they are judged",
  async () => {
    const { project, secret, runs } = await newPlace();
    const manifest = await newManifest(project);
    await run(snippet("Predictions", fixture.url), { HOLDOUT_TOKEN: secret, HOLDOUT_MANIFEST: manifest.id });
    const [one] = await runs();
    expect(one).toMatchObject({ status: "finished", manifest: manifest.id });
    const evaluations = await listEvaluations(systemActor, one!.id);
    expect(evaluations).toMatchObject([{ split: "validation", checkpoint: { path: "model.bin" } }]);
    // every prediction came
    expect(["computing", "done"]).toContain(evaluations[0]!.status);
  },
);

/** Lines of a part of the snippet for scripts that log by MLflow, after what a script of that library has before them. */
function mlflowProgram(title: string, before: string, url: string): string {
  const part = snippet("MLflow", url)
    .split("\n\n")
    .find((lines) => lines.startsWith(`# ${title}\n`))!;
  return `${before}\n${part}`;
}

const rows =
  "x = numpy.random.default_rng(1).normal(size=(64, 4)).astype('float32')\ny = (x.sum(axis=1) > 0).astype('int32')";
const scripts = [
  {
    title: "scikit-learn",
    modules: ["mlflow", "sklearn"],
    before: `import mlflow, numpy\nfrom sklearn.linear_model import LogisticRegression\n${rows}`,
    metric: "training_accuracy_score",
  },
  {
    title: "Keras",
    modules: ["mlflow", "keras"],
    before: `import mlflow, mlflow.keras, numpy, keras\n${rows}
model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1, activation="sigmoid")])
model.compile(optimizer="sgd", loss="binary_crossentropy", metrics=["accuracy"])`,
    metric: "loss",
  },
  {
    title: "Lightning",
    modules: ["mlflow", "lightning"],
    before: "from lightning.pytorch import Trainer",
    metric: null,
  },
  {
    title: "Hugging Face",
    modules: ["mlflow", "transformers", "accelerate", "torch"],
    before: `from transformers import BertConfig, BertForSequenceClassification, Trainer, TrainingArguments
model = BertForSequenceClassification(BertConfig(vocab_size=20, hidden_size=8, num_hidden_layers=1, num_attention_heads=1, intermediate_size=8))
rows = [{"input_ids": [1, 2, 3], "labels": at % 2} for at in range(8)]`,
    metric: "train_loss",
  },
];

for (const { title, modules, before, metric } of scripts) {
  const isHere = hasPython && has(python, ...modules);
  if (!isHere) console.log(`${python} lacks one of ${modules.join(", ")}: the lines for ${title} aren't tried`);
  test.skipIf(!isHere)(`the lines for ${title} log what it trains`, { timeout: 300_000 }, async () => {
    const { secret, runs } = await newPlace();
    await run(mlflowProgram(title, before, fixture.url), {
      MLFLOW_TRACKING_URI: fixture.url,
      MLFLOW_TRACKING_TOKEN: secret,
      MLFLOW_DISABLE_TELEMETRY: "true",
      MLFLOW_HTTP_REQUEST_MAX_RETRIES: "0",
    });
    if (metric === null) return; // a logger that nobody trains with begins no run: its lines are what is tried
    const [one] = await runs();
    expect(one).toMatchObject({ status: "finished" });
    const { series } = await listSeries(systemActor, one!.id);
    expect(series.map((one) => one.metric)).toContain(metric);
  });
}
