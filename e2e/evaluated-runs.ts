/** Runs with a checkpoint on a small manifest, whose predictions the client sends. */
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createRun } from "../trainer/src/client/client.ts";
import { openEvaluation } from "../trainer/src/client/evaluation.ts";
import { url, type Workplace } from "./workspace.ts";

const spoolDir = mkdtempSync(path.join(tmpdir(), "holdout-e2e-spool-"));
process.on("exit", () => rmSync(spoolDir, { recursive: true, force: true }));

const classes = ["cat", "dog", "owl"];
const SAMPLES = 90;
const keys = Array.from({ length: SAMPLES }, (_, at) => `pet/${String(at).padStart(3, "0")}`);
const labelOf = (at: number) => at % classes.length;

async function send({ token }: Workplace, method: string, route: string, body: unknown): Promise<{ id: string }> {
  const isFile = typeof body === "string";
  const response = await fetch(`${url}/api/v1/${route}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": isFile ? "application/octet-stream" : "application/json",
    },
    body: isFile ? body : JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${method} ${route}: ${response.status} ${await response.text()}`);
  return response.json();
}

export async function makeManifest(place: Workplace): Promise<string> {
  await send(place, "POST", "datasets", { name: "pets", version: "1" });
  const { id } = await send(place, "POST", "manifests", {
    name: "pets",
    dataset: { name: "pets", version: "1" },
    method: "given",
    samples: {
      key: keys,
      split: keys.map(() => "validation"),
      label: keys.map((_, at) => classes[labelOf(at)]),
      contentHash: keys.map((key) => createHash("sha256").update(key).digest("hex")),
    },
  });
  return id;
}

/** A run whose model takes so many of the cats for dogs, and is right on all others. */
export async function newEvaluated(place: Workplace, manifest: string, given: { name: string; wrong: number }) {
  const options = { url, token: place.token, spoolDir, code: false, system: false, console: false };
  const run = await createRun({ ...options, name: given.name, manifest } as never);
  await run.finish();
  await send(place, "PUT", `runs/${run.id}/artifacts/best.safetensors`, `weights of ${given.name}`);
  await send(place, "POST", `runs/${run.id}/checkpoints`, { path: "best.safetensors", step: 1, epoch: 1, values: {} });
  const kind = { split: "validation", task: "classification", form: "scores", scoresAre: "logits", classes } as const;
  const evaluation = await openEvaluation(run.id, { url, token: place.token, keys, ...kind });
  const answers = keys.map((_, at) => (labelOf(at) === 0 && at < 3 * given.wrong ? 1 : labelOf(at)));
  await evaluation.add({ scores: classes.map((_, of) => Float32Array.from(answers, (one) => (one === of ? 3 : 0))) });
  await evaluation.complete();
  return { run: run.id, evaluation: evaluation.id };
}
