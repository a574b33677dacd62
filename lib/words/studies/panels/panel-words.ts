/** Panels of a study for people: what each asks, what was seen and what to do, and what would fill an empty one. Pure. */
import { flagRules, type MissingKind, type StudyFlag, type TrialName } from "../../../wire/studies/flags.ts";
import type { StudySection } from "../../../wire/studies/sections.ts";
import { valueWords } from "../../numbers.ts";
import * as sentences from "./sentences.ts";

export const studySectionWords = (section: StudySection): { title: string; question: string; fill: string } =>
  sentences.sections[section];

export const missingWords = (kind: MissingKind): string => sentences.missing[kind];

export type FlagWords = {
  rule: string;
  /** What was seen, in few words and in a sentence. */
  name: string;
  seen: string;
  /** What to do about it. */
  act: string;
};

export function flagWords(flag: StudyFlag): FlagWords {
  // each kind's sentence takes the figures of that kind
  const { name, words } = sentences.flags[flag.kind] as sentences.FlagSentence<typeof flag.kind>;
  const [seen, act] = (words as (figures: StudyFlag) => [string, string])(flag);
  return { rule: flagRules[flag.kind].rule, name, seen, act };
}

/** `trial 7`; of further seeds `trial 7, seed 2`. */
export const trialWords = ({ number, replicate }: TrialName): string =>
  replicate === 0 ? `trial ${number}` : `trial ${number}, seed ${replicate + 1}`;

/** Of a search's value: numbers as charts write them, everything else as it is. */
export const searchedWords = (value: number | string | boolean | null): string =>
  value === null ? "" : typeof value === "number" ? valueWords(value) : String(value);
