/** What differs within a line, word by word. Pure. */
import { diffArrays } from "diff";

/** From and up to a place in the text, in UTF-16 units. */
export type Range = [from: number, to: number];

/** Longer lines are told as changed whole. */
const LENGTH_MAX = 2000;
/** Edits that are looked for: beyond them two lines have nothing in common that a reader would see. */
const EDITS_MAX = 400;
/** Less in common, and the words don't say how one line became the other. */
const ALIKE_MIN = 0.25;

const UNSPACED = "[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}]";
/** Numbers and words, runs of blanks, and every other character by itself; so are letters of scripts without blanks. */
const wordPattern = new RegExp(
  `\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d+)?|(?:(?!${UNSPACED})[\\p{L}\\p{N}_]\\p{M}*)+|\\s+|\\P{M}\\p{M}*|\\p{M}+`,
  "gu",
);

export const wordsOf = (text: string): string[] => text.match(wordPattern) ?? [];

/**
 * The ranges of both lines that the other doesn't have, in order; null where too little is alike to say it by words.
 */
export function differenceOfWords(from: string, to: string): { from: Range[]; to: Range[] } | null {
  if (from === to) return { from: [], to: [] };
  if (from.length > LENGTH_MAX || to.length > LENGTH_MAX) return null;
  const changes = diffArrays(wordsOf(from), wordsOf(to), { maxEditLength: EDITS_MAX });
  if (!changes) return null;
  const ranges: { from: Range[]; to: Range[] } = { from: [], to: [] };
  const place = { from: 0, to: 0 };
  let common = 0;
  for (const { added, removed, value } of changes) {
    const length = value.reduce((sum, word) => sum + word.length, 0);
    if (!added && !removed) common += value.reduce((sum, word) => sum + word.trim().length, 0);
    if (removed) push(ranges.from, place.from, length);
    if (added) push(ranges.to, place.to, length);
    if (!added) place.from += length;
    if (!removed) place.to += length;
  }
  const longest = Math.max(from.replace(/\s/g, "").length, to.replace(/\s/g, "").length);
  return longest > 0 && common / longest < ALIKE_MIN ? null : ranges;
}

function push(ranges: Range[], at: number, length: number): void {
  const last = ranges.at(-1);
  if (last && last[1] === at) last[1] = at + length;
  else ranges.push([at, at + length]);
}
