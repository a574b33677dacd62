/** Where a study stands, for people: sentences of kinds and figures. Pure. */
import type { CheckName } from "../../wire/studies/answers.ts";
import { significantWords, valueWords } from "../numbers.ts";
import * as sentences from "./sentences.ts";

/** What the tuning playbook says at a rule, in our own words; null: nothing is written of it. */
export const playbookWords = (rule: string): string | null => sentences.playbook[rule] ?? null;

export const nextActWords = (kind: string): { title: string; detail: string } => sentences.nextActs[kind]!;
export const proposalWords = (proposal: string): string => sentences.proposalActs[proposal]!;
export const stageStateWords = (status: string): string => sentences.stageStates[status]!;
export const unsupportedWords = (why: string): string => sentences.unsupported[why]!;
export const comparisonVerdictWords = (verdict: string): string => sentences.comparisonVerdicts[verdict]!;
export const checkWords = (check: CheckName): { question: string; rule: string } => sentences.checks[check];

/** `+0.012`, `−0.3`. */
export const deltaWords = (delta: number): string =>
  `${delta > 0 ? "+" : ""}${significantWords(delta, 3)}`.replace("-", "−");

/** `0.91 to 0.93`. */
export const spanWords = ([low, high]: readonly [number, number]): string =>
  `${significantWords(low, 4)} to ${significantWords(high, 4)}`.replaceAll("-", "−");

type NoiseFigures = { sd: number | null; recipes: number; results: number; dof: number; tellsFrom: number | null };

/** A project's noise floor in a sentence, with n and degrees of freedom; 'unknown' where it is. */
export function noiseFloorWords({ sd, recipes, results, dof, tellsFrom }: NoiseFigures): string {
  if (sd === null)
    return `Noise floor unknown: ${dof === 0 ? "no recipe was run with two seeds" : `${dof} degree of freedom, and 2 are needed`}.`;
  const of = `n = ${results} of ${recipes} ${recipes === 1 ? "recipe" : "recipes"}, ${dof} degrees of freedom`;
  if (sd === 0) return `Noise floor 0 (${of}): the seed changes nothing.`;
  return `Noise floor s = ${significantWords(sd, 3)} (${of}): a difference of two single runs below ${significantWords(tellsFrom ?? 0, 3)} says nothing.`;
}

/** `optimizer.name = adam`. */
export const settingWords = ({ path, value }: { path: string; value: number | string | boolean }): string =>
  `${path} = ${typeof value === "number" ? valueWords(value) : String(value)}`;
