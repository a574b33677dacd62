import { expect, test } from "vitest";
import type { JobFailure } from "../wire/data/job-failures.ts";
import type { Reason } from "../wire/evaluations/evaluable.ts";
import { failureWords } from "./check-words.ts";
import { reasonWords } from "./evaluable-words.ts";

const run = "0190a0f4-7b1c-7e3a-9f00-0123456789ab";

test.each<[Reason, string]>([
  [{ kind: "empty", field: "manifest", figures: { manifest: "digits" } }, "digits has no test sample"],
  [
    { kind: "uncited", field: "run", figures: { from: null } },
    "the run cites no manifest: nobody knows which samples it was trained on",
  ],
  [
    { kind: "uncited", field: "run", figures: { from: { run, name: "cnn" } } },
    "cnn, which its weights come from, cites no manifest: nobody knows which samples it was trained on",
  ],
  [
    { kind: "uncited", field: "run", figures: { from: { run, name: null } } },
    `run ${run}, which its weights come from, is gone: nobody knows which samples it was trained on`,
  ],
  [
    { kind: "leak", field: "manifest", figures: { manifest: "digits", tests: 6000, leaking: 1001, first: ["a", "b"] } },
    "of the 6,000 test samples of digits, 1,001 stood in train or validation of what the run, or a run that its weights come from, cites: a, b and 999 more",
  ],
  [
    { kind: "leak", field: "manifest", figures: { manifest: "digits", tests: 1, leaking: 1, first: ["a"] } },
    "of the 1 test sample of digits, 1 stood in train or validation of what the run, or a run that its weights come from, cites: a",
  ],
])("%j is said in a sentence", (reason, words) => expect(reasonWords(reason)).toBe(words));

test.each<[JobFailure, string]>([
  [{ kind: "earlier-text", figures: { text: "given up" } }, "given up"],
  [{ kind: "workers-died", figures: { workers: 3 } }, "given up: 3 workers died with it"],
  [{ kind: "database-away", figures: { attempts: 3 } }, "the database was away, 3 times"],
  [{ kind: "unforeseen", figures: { text: "no such number" } }, "no such number"],
])("%j is said in words", (failure, words) => expect(failureWords(failure)).toBe(words));
