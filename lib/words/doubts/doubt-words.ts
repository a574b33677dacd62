/** Doubts for people: what was seen, by which rule, and what to do now; all of them as Markdown. Pure. */
import {
  type ChosenAs,
  type Doubt,
  type DoubtKind,
  type Doubts,
  type DoubtTone,
  doubtKinds,
  type Untold,
} from "../../wire/doubts.ts";
import { countWords, numberWords } from "../numbers.ts";
import * as sentences from "./doubts-en.ts";

export type DoubtWords = {
  title: string;
  seen: string;
  rule: string;
  source: { name: string; url: string };
  act: string;
};

export function doubtWords(doubt: Doubt): DoubtWords {
  // each kind's sentences take the figures of that kind
  const { title, seen, rule, source, act } = sentences.doubts[doubt.kind] as sentences.DoubtSentence<typeof doubt.kind>;
  const say = (words: unknown) => (words as (figures: Doubt) => string)(doubt);
  return { title, seen: say(seen), rule, source, act: say(act) };
}

/** What stands where a kind found nothing. */
export const cleanWords = (kind: DoubtKind): string => sentences.doubts[kind].clean;
export const toneWords = (tone: DoubtTone): string => sentences.doubtTones[tone];
export const untoldWords = ({ reason, count }: Untold): string => sentences.untold[reason](count);
/** As what a run was chosen: `claim 3`. */
export const chosenWords = (chosen: ChosenAs): string => sentences.chosenWords(chosen);

/** What was looked for, found nothing, and could be told. */
export function quietKinds({ doubts, untold }: Pick<Doubts, "doubts" | "untold">): DoubtKind[] {
  const said = new Set([...doubts.map(({ kind }) => kind), ...untold.flatMap(({ kinds }) => kinds)]);
  return doubtKinds.filter((kind) => !said.has(kind));
}

/** All in a sentence: `3 doubts in 48 runs.` */
export function doubtsSummary({ doubts, looked, of }: Pick<Doubts, "doubts" | "looked" | "of">): string {
  if (of === 0) return sentences.nothing;
  const runs =
    looked < of ? `the newest ${countWords(looked, "run")} of ${numberWords(of)}` : countWords(looked, "run");
  return doubts.length === 0 ? sentences.quiet(runs) : sentences.found(countWords(doubts.length, "doubt"), runs);
}

/** Names of people's runs stand as they were written, but begin no mark of the document. */
const line = (text: string): string => text.replace(/\s+/g, " ").replace(/([\\`*_[\]<>#|])/g, "\\$1");

export function doubtsMarkdown(name: string, found: Doubts): string {
  const parts = [`# ${line(name)}: ${sentences.heading}`, `${doubtsSummary(found)} *${found.at.slice(0, 10)}*`];
  parts.push(...found.doubts.map(doubtText));
  if (found.untold.length > 0)
    parts.push(`## ${sentences.untoldHeading}`, found.untold.map((one) => `- ${untoldWords(one)}`).join("\n"));
  const quiet = found.of === 0 ? [] : quietKinds(found);
  if (quiet.length > 0)
    parts.push(`## ${sentences.quietHeading}`, quiet.map((kind) => `- ${cleanWords(kind)}`).join("\n"));
  return `${parts.join("\n\n")}\n`;
}

function doubtText(doubt: Doubt): string {
  const { title, seen, rule, source, act } = doubtWords(doubt);
  return [
    `## ${title} (${toneWords(doubt.tone)})`,
    line(seen),
    `**${sentences.runsLabel}:** ${runsText(doubt)}`,
    `**${sentences.whyLabel}:** ${rule} ([${line(source.name)}](${source.url}))`,
    `**${sentences.nowLabel}:** ${line(act)}`,
  ].join("\n\n");
}

function runsText(doubt: Doubt): string {
  const { runs, count } = doubt;
  const chosen = doubt.kind === "picked-by-test" ? doubt.chosen : [];
  const names = runs.map(({ name }, at) =>
    chosen[at] ? `${line(name)} (${line(chosenWords(chosen[at]))})` : line(name),
  );
  return [...names, ...(count > runs.length ? [moreWords(doubt)] : [])].join(", ");
}

/** `and 12 more`: runs that a doubt doesn't name. */
export const moreWords = ({ count, runs }: Pick<Doubt, "count" | "runs">): string =>
  sentences.more(numberWords(count - runs.length));

export const doubtLabels = {
  heading: sentences.heading,
  untold: sentences.untoldHeading,
  quiet: sentences.quietHeading,
  why: sentences.whyLabel,
  now: sentences.nowLabel,
  runs: sentences.runsLabel,
};
