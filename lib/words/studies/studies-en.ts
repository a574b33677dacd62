/** English: what studies are called, and where they stand. */
import type { StudyMode, StudySearch, StudyStage } from "../../wire/studies/parameters.ts";
import type { Objective, StudyDecision, StudyStatus } from "../../wire/studies/studies.ts";

export const stages: Record<StudyStage, string> = {
  "batch-size": "batch size",
  "learning-rate": "learning rate",
  optimizer: "optimizer",
  model: "model",
  other: "another question",
};

export const modes: Record<StudyMode, string> = {
  explore: "explore: learn what matters",
  exploit: "exploit: get the best",
  loop: "loop: changes are ruled on one by one",
};

export const statuses: Record<StudyStatus, string> = {
  draft: "draft",
  open: "open",
  paused: "paused",
  concluded: "concluded",
};

export const decisions: Record<StudyDecision, string> = {
  adopt: "adopted",
  "adopt-with-note": "adopted with a note",
  reject: "not adopted",
};

export const methods: Record<StudySearch["method"], string> = {
  grid: "grid",
  random: "random",
  "quasi-random": "quasi-random",
  tpe: "adaptive (TPE)",
  "gaussian-process": "adaptive (Gaussian process)",
};

export const directions: Record<Objective["direction"], string> = {
  max: "higher is better",
  min: "lower is better",
};

/** What a key of a config is to the tuning playbook. */
export const categories: Record<string, string> = {
  "learning-rate": "learning rate",
  optimizer: "choice of optimizer",
  "optimizer-setting": "setting of the optimizer",
  schedule: "schedule",
  "weight-decay": "weight decay",
  "regulariser-strength": "strength of a regulariser",
  regulariser: "regulariser",
  "batch-size": "batch size",
  accumulation: "accumulation",
  length: "how long it trains",
  architecture: "architecture",
  "model-size": "size of the model",
  seed: "seed",
  other: "",
};
