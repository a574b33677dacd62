/** Records of another installation for tests: an evaluation on validation, one on test, a claim by both, and an override. */
import { v7 as uuidv7 } from "uuid";
import { systemActor } from "../access/actor.ts";
import type { ImportedRecord } from "../wire/exports.ts";
import { importRecords } from "./imported.ts";

type Records = {
  validation: Extract<ImportedRecord, { kind: "evaluation" }>;
  test: Extract<ImportedRecord, { kind: "evaluation" }>;
  claim: Extract<ImportedRecord, { kind: "claim" }>;
  override: Extract<ImportedRecord, { kind: "override" }>;
};

/** The accuracy that the evaluations there came to; `TEST_ACCURACY` nothing else here comes to. */
export const VALIDATION_ACCURACY = 0.8125;
export const TEST_ACCURACY = 0.78431;

export function recordsOf(run: string, manifest = "a".repeat(64)): Records {
  const made = { project: "elsewhere", by: "Ada", at: "2026-01-05T09:00:00.000Z", manifest };
  const checkpoint = { path: "checkpoints/best.safetensors", sha256: "e".repeat(64), step: 900 };
  const measured = { ...made, kind: "evaluation", run, checkpoint, task: "classification", form: "class" } as const;
  const reportOf = (value: number) => ({
    definitionsVersion: 1,
    digest: "d".repeat(64),
    confidence: 0.95,
    metrics: [
      {
        metric: "accuracy" as const,
        value,
        interval: { low: value - 0.05, high: value + 0.05, method: "wilson" as const },
        samples: 102,
      },
    ],
  });
  const validation: Records["validation"] = {
    ...measured,
    id: uuidv7(),
    split: "validation",
    splitDigest: "b".repeat(64),
    samples: 102,
    purpose: null,
    reason: null,
    look: null,
    predictions: "1".repeat(64),
    report: reportOf(VALIDATION_ACCURACY),
  };
  const test: Records["test"] = {
    ...validation,
    id: uuidv7(),
    split: "test",
    splitDigest: "c".repeat(64),
    purpose: "final",
    reason: "the recipe is settled",
    look: uuidv7(),
    predictions: "2".repeat(64),
    report: reportOf(TEST_ACCURACY),
  };
  const rule = { metric: "accuracy", split: "test", direction: "max", margin: 0.01 } as const;
  const claim: Records["claim"] = {
    ...made,
    kind: "claim",
    run,
    id: uuidv7(),
    number: 2,
    checkpoint,
    rule: { ...rule, seeds: [], id: uuidv7(), writtenBy: "Ben", writtenAt: made.at },
    evidence: [test.id, validation.id],
    standing: "better",
    written: "pre-registered",
    candidates: 12,
    reason: "best by the rule, and stable over three seeds",
    replaced: uuidv7(),
    comparedWith: uuidv7(),
    signOffs: [{ approves: true, word: "the report is sound", by: "Ben", at: "2026-01-06T10:00:00.000Z" }],
    words: [{ word: "look at the dogs next", by: "Cem", at: "2026-01-07T10:00:00.000Z" }],
  };
  const override: Records["override"] = { ...made, kind: "override", id: uuidv7(), reason: "its copies are known" };
  return { validation, test, claim, override };
}

/** The same, stored. */
export async function newRecords(projectId: string, run: string, manifest?: string): Promise<Records> {
  const records = recordsOf(run, manifest);
  await importRecords(systemActor, projectId, { records: Object.values(records) });
  return records;
}
