/** Lines of two versions beside each other: what is alike, and what became what. Pure. */
import { diffArrays } from "diff";
import type { Hunk } from "./patch.ts";
import { differenceOfWords, type Range } from "./word-difference.ts";

/** Neighbouring lines that both versions have, or that became others. */
export type LineGroup = { kind: "same"; lines: string[] } | { kind: "changed"; removed: string[]; added: string[] };

/** Lines that belong together, and the numbers of the first in both versions, from 1. */
export type Block = { from: number; to: number; groups: LineGroup[] };

/** A line of one version, and what of it the other version doesn't have. */
export type Line = { number: number; text: string; changed: Range[] };

/** A line that both have, or one that changed: null where the other version has nothing in its place. */
export type Row =
  | { kind: "same"; from: number; to: number; text: string }
  | { kind: "changed"; from: Line | null; to: Line | null };

/** In larger groups lines are paired in their order: each with each would take too long. */
const PAIRED_MAX = 900;
/** Edits that are looked for between two versions of a block; beyond them all of it is told as replaced. */
const EDITS_MAX = 4000;

/** How long the lines of all blocks may take to compare; what comes when it is spent is told as replaced. */
export type TimeLeft = { ms: number };

/** `place`: the numbers of the first lines. */
export function blockBetween(
  from: string[],
  to: string[],
  place: { from: number; to: number },
  left: TimeLeft = { ms: 1000 },
): Block {
  const groups: LineGroup[] = [];
  for (const { added, removed, value } of changesBetween(from, to, left))
    if (!added && !removed) groups.push({ kind: "same", lines: value });
    else addChange(groups, removed ? value : [], added ? value : []);
  return { ...place, groups };
}

type Change = { added: boolean; removed: boolean; value: string[] };

function changesBetween(from: string[], to: string[], left: TimeLeft): Change[] {
  const known = new Set(from);
  const begunAt = performance.now();
  const found =
    left.ms > 0 && to.some((line) => known.has(line))
      ? diffArrays(from, to, { maxEditLength: EDITS_MAX, timeout: left.ms })
      : undefined;
  left.ms -= performance.now() - begunAt;
  return (
    found ?? [
      { removed: true, added: false, value: from },
      { removed: false, added: true, value: to },
    ]
  );
}

/** A hunk as its patch has it. */
export function blockOfHunk({ from, to, lines }: Hunk): Block {
  const groups: LineGroup[] = [];
  for (const { kind, text } of lines) {
    const last = groups.at(-1);
    if (kind !== "same") addChange(groups, kind === "removed" ? [text] : [], kind === "added" ? [text] : []);
    else if (last?.kind === "same") last.lines.push(text);
    else groups.push({ kind: "same", lines: [text] });
  }
  const has = (side: "removed" | "added") => lines.some(({ kind }) => kind === "same" || kind === side);
  // a side without lines is told by the number of the line before
  return { from: has("removed") ? from : from + 1, to: has("added") ? to : to + 1, groups };
}

function addChange(groups: LineGroup[], removed: string[], added: string[]): void {
  const last = groups.at(-1);
  if (last?.kind === "changed") {
    for (const line of removed) last.removed.push(line);
    for (const line of added) last.added.push(line);
  } else groups.push({ kind: "changed", removed: [...removed], added: [...added] });
}

/** Lines that only one version has, and those of both. */
export function countLines(blocks: readonly Block[]): { removed: number; added: number; same: number } {
  const counts = { removed: 0, added: 0, same: 0 };
  for (const { groups } of blocks)
    for (const group of groups)
      if (group.kind === "same") counts.same += group.lines.length;
      else {
        counts.removed += group.removed.length;
        counts.added += group.added.length;
      }
  return counts;
}

/** The rows of a block, each made when it is asked for. */
export function* rowsOf({ from, to, groups }: Block): Generator<Row> {
  const next = { from, to };
  for (const group of groups) {
    if (group.kind === "same")
      for (const text of group.lines) yield { kind: "same", from: next.from++, to: next.to++, text };
    else
      for (const [removed, added] of pairsOf(group.removed, group.added)) {
        const words = removed !== null && added !== null ? differenceOfWords(removed, added) : null;
        yield {
          kind: "changed",
          from: removed === null ? null : { number: next.from++, text: removed, changed: words?.from ?? [] },
          to: added === null ? null : { number: next.to++, text: added, changed: words?.to ?? [] },
        };
      }
  }
}

type Pair = [removed: string | null, added: string | null];

/** Lines in their order, beside the one that each became: where there are more of one side, the pairs that are most alike. */
function pairsOf(removed: string[], added: string[]): Pair[] {
  const width = added.length + 1;
  if (
    removed.length === 0 ||
    added.length === 0 ||
    removed.length === added.length ||
    removed.length * width > PAIRED_MAX
  )
    return Array.from({ length: Math.max(removed.length, added.length) }, (_, at) => [
      removed[at] ?? null,
      added[at] ?? null,
    ]);
  const likeness = removed.map((one) => added.map((other) => likenessOf(one, other)));
  // the best sum for the lines from (i, j) on
  const best = new Float64Array((removed.length + 1) * width);
  for (let i = removed.length - 1; i >= 0; i--)
    for (let j = added.length - 1; j >= 0; j--)
      best[i * width + j] = Math.max(
        best[(i + 1) * width + j]!,
        best[i * width + j + 1]!,
        best[(i + 1) * width + j + 1]! + likeness[i]![j]!,
      );
  const pairs: Pair[] = [];
  for (let i = 0, j = 0; i < removed.length || j < added.length; ) {
    const isPair =
      i < removed.length &&
      j < added.length &&
      likeness[i]![j]! > 0 &&
      best[i * width + j] === best[(i + 1) * width + j + 1]! + likeness[i]![j]!;
    if (isPair) pairs.push([removed[i++]!, added[j++]!]);
    else if (j < added.length && (i >= removed.length || best[i * width + j + 1]! > best[(i + 1) * width + j]!))
      pairs.push([null, added[j++]!]);
    else if (i < removed.length) pairs.push([removed[i++]!, null]);
    else pairs.push([null, added[j++]!]);
  }
  return pairs;
}

/** Shared words of both (Dice), 0 to 1; below a third nothing. */
function likenessOf(from: string, to: string): number {
  const words = (text: string) => text.match(/[\p{L}\p{N}_]+/gu) ?? [];
  const [own, others] = [words(from), words(to)];
  if (own.length + others.length === 0) return from.trim() === to.trim() ? 1 : 0;
  const counts = new Map<string, number>();
  for (const word of own) counts.set(word, (counts.get(word) ?? 0) + 1);
  let shared = 0;
  for (const word of others) {
    const left = counts.get(word) ?? 0;
    if (left > 0) shared++;
    counts.set(word, left - 1);
  }
  const likeness = (2 * shared) / (own.length + others.length);
  return likeness < 1 / 3 ? 0 : likeness;
}
