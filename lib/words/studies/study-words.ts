/** Studies for people: their stages, modes, statuses and decisions, and how far they have come. Pure. */
import type { StudyMode, StudySearch, StudyStage } from "../../wire/studies/parameters.ts";
import type { Objective, StudyDecision, StudyStatus } from "../../wire/studies/studies.ts";
import * as sentences from "./sentences.ts";

export const stageWords = (stage: StudyStage): string => sentences.stages[stage];
export const modeWords = (mode: StudyMode): string => sentences.modes[mode];
export const studyStatusWords = (status: StudyStatus): string => sentences.statuses[status];
export const decisionWords = (decision: StudyDecision): string => sentences.decisions[decision];
export const methodWords = (method: StudySearch["method"]): string => sentences.methods[method];

/** `validation/accuracy, higher is better`. */
export const objectiveWords = ({ metric, split, direction }: Objective): string =>
  `${split}/${metric}, ${sentences.directions[direction]}`;

/** What a key of a config is to the tuning playbook, by its category; empty where that says nothing. */
export const categoryWords = (category: string): string => sentences.categories[category] ?? "";
