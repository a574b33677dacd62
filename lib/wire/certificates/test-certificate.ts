/** A certificate for tests. */
import { digestOf, projectId, runId } from "../base/examples.ts";
import type { Certificate } from "./certificate.ts";

const at = "2026-01-05T09:00:00.000Z";

/** A certificate of a claim on test, as the key with this id would sign it. */
export const certificateBy = (key: string): Certificate => ({
  kind: "holdout-evaluation-certificate",
  version: 1,
  key,
  issuer: "https://holdout.example",
  issuedAt: at,
  project: { id: projectId, name: "Zeichen – \u{1F600}" },
  manifest: {
    id: digestOf("a"),
    name: "signs",
    dataset: { name: "signs", version: "1" },
    method: "stratified",
    seed: 1,
    testDigest: digestOf("3"),
    counts: { train: 70, validation: 15, test: 15 },
    verdict: "pass",
    checks: [{ name: "exact-duplicates", verdict: "pass" }],
    override: null,
    leakingSamples: 0,
  },
  looks: { count: 1, newest: [{ at, by: "Ada", run: runId, purpose: "final", reason: "the recipe is settled" }] },
  run: { id: runId, name: "cnn", seed: 7, commit: "0a1b", isDirty: false, environment: { node: "v20.20.2" } },
  checkpoint: { path: "checkpoints/best.safetensors", sha256: digestOf("e"), step: 900 },
  evaluations: [
    {
      id: runId,
      split: "test",
      splitDigest: digestOf("3"),
      samples: 15,
      definitionsVersion: 1,
      reportDigest: digestOf("4"),
      confidence: 0.95,
      metrics: [{ metric: "accuracy", value: 0.9, interval: { low: 0.7, high: 0.97, method: "wilson" }, samples: 15 }],
    },
  ],
  claim: {
    id: runId,
    by: "Ada",
    at,
    reason: "it is the best of three",
    rule: {
      metric: "accuracy",
      split: "test",
      direction: "max",
      seeds: [7],
      margin: 0,
      writtenBy: "Ada",
      writtenAt: at,
      written: "pre-registered",
    },
    candidates: 1,
    replaced: null,
  },
  signOffs: [{ by: "Ben", at, approves: true, word: "" }],
});
