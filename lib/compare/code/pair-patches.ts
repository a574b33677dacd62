/**
 * Two patches against one commit, held against each other: what differs between the two versions of the code. Every line
 * of the commit that either patch touches stands in one of them, so that both versions of it are known. Pure.
 */
import type { Hunk, Patch, PatchFile } from "./patch.ts";
import { type Block, blockBetween, blockOfHunk, type TimeLeft } from "./rows.ts";

/** What rows tell of: both versions, or what one of them changed of its commit, where the other isn't known. */
export type Sides = "versions" | "from-commit" | "to-commit";

export type FileDifference = {
  sides: Sides;
  /** Names on both sides; null: it isn't there. */
  from: string | null;
  to: string | null;
  isBinary: boolean;
  modes: { from: string | null; to: string | null };
  /** In their order; between them both sides are alike. */
  blocks: Block[];
  /** Lines that can't be read, as they came. */
  damaged: string[];
  isCut: boolean;
};

export type CodeDifference = {
  files: FileDifference[];
  /** Files that both patches change alike. */
  alike: number;
  /** Lines of the patches that belong to no file. */
  loose: { from: string[]; to: string[] };
};

/** For all blocks of two patches. */
const LINES_MS = 2000;

/** `isSameCommit`: both are against one commit; else files are held against each other where git says they began alike. */
export function pairPatches(from: Patch, to: Patch, isSameCommit: boolean): CodeDifference {
  const pairs = new Map<string, { from: PatchFile[]; to: PatchFile[] }>();
  const collect = (side: "from" | "to", { files }: Patch) => {
    for (const file of files) {
      const name = file.from ?? file.to ?? "";
      const pair = pairs.get(name) ?? { from: [], to: [] };
      pairs.set(name, pair);
      pair[side].push(file);
    }
  };
  collect("from", from);
  collect("to", to);
  const found: CodeDifference = { files: [], alike: 0, loose: { from: from.loose, to: to.loose } };
  const left: TimeLeft = { ms: LINES_MS };
  for (const [, pair] of [...pairs].sort(([one], [other]) => (one < other ? -1 : 1))) {
    const differences = differencesOf(pair.from, pair.to, isSameCommit, left);
    if (differences.length === 0) found.alike++;
    found.files.push(...differences);
  }
  return found;
}

/** What one patch changed of its commit. */
export const ofPatch = (file: PatchFile, sides: Sides = "versions"): FileDifference => ({
  sides,
  from: file.from,
  to: file.to,
  isBinary: file.isBinary,
  modes: file.modes,
  blocks: file.hunks.map(blockOfHunk),
  damaged: file.damaged,
  isCut: file.isCut,
});

function differencesOf(from: PatchFile[], to: PatchFile[], isSameCommit: boolean, left: TimeLeft): FileDifference[] {
  const [own, other] = [from[0] ?? null, to[0] ?? null];
  const apart = () => [
    ...from.map((file) => ofPatch(file, "from-commit")),
    ...to.map((file) => ofPatch(file, "to-commit")),
  ];
  if (from.length > 1 || to.length > 1) return apart();
  if (own && other && isAlike(own, other, isSameCommit)) return [];
  if (!isSameCommit && !(own && other && isSameBlob(own.blobs?.from, other.blobs?.from))) return apart();
  if ([own, other].some((file) => file && (file.isCut || file.damaged.length > 0))) return apart();
  if (own?.isBinary || other?.isBinary) return [binaryBetween(own, other)];
  const blocks = blocksBetween(own?.hunks ?? [], other?.hunks ?? [], left);
  if (!blocks) return apart();
  const between = { ...namesBetween(own, other), blocks };
  return blocks.length === 0 && between.from === between.to && between.modes.from === between.modes.to
    ? []
    : [{ sides: "versions", isBinary: false, damaged: [], isCut: false, ...between }];
}

/** Both patches made the same of it. */
function isAlike(own: PatchFile, other: PatchFile, isSameCommit: boolean): boolean {
  if (own.to !== other.to || own.modes.to !== other.modes.to) return false;
  if (own.blobs && other.blobs && isSameBlob(own.blobs.to, other.blobs.to)) return true;
  if (!isSameCommit || own.isBinary || other.isBinary) return false;
  if (own.isCut || other.isCut || own.damaged.length + other.damaged.length > 0) return false;
  return JSON.stringify(own.hunks) === JSON.stringify(other.hunks);
}

/** By digests that git made as short as it could. */
const isSameBlob = (one: string | undefined, other: string | undefined): boolean =>
  one !== undefined && other !== undefined && (one.startsWith(other) || other.startsWith(one));

/** Where a patch doesn't touch the file, its version is the commit's. */
function namesBetween(own: PatchFile | null, other: PatchFile | null): Pick<FileDifference, "from" | "to" | "modes"> {
  return {
    from: own ? own.to : other!.from,
    to: other ? other.to : own!.from,
    modes: {
      from: own ? own.modes.to : other!.modes.from,
      to: other ? other.modes.to : own!.modes.from,
    },
  };
}

const binaryBetween = (own: PatchFile | null, other: PatchFile | null): FileDifference => ({
  sides: "versions",
  ...namesBetween(own, other),
  isBinary: true,
  blocks: [],
  damaged: [],
  isCut: false,
});

/** Lines of the commit from `start` up to `end`, counted from 1, that a hunk has, and what it makes of them. */
type Span = { start: number; end: number; hunk: Hunk };
type Region = { start: number; end: number; from: Span[]; to: Span[] };

/** Null where the patches don't agree on what the commit has. */
function blocksBetween(from: Hunk[], to: Hunk[], left: TimeLeft): Block[] | null {
  const blocks: Block[] = [];
  // how far the numbers of both versions are ahead of the commit's
  const ahead = { from: 0, to: 0 };
  for (const region of regionsOf(from.map(spanOf), to.map(spanOf))) {
    const base = baseOf(region);
    if (!base) return null;
    const own = versionOf(region, region.from, base);
    const other = versionOf(region, region.to, base);
    if (own.length !== other.length || own.some((line, at) => line !== other[at]))
      blocks.push(blockBetween(own, other, { from: region.start + ahead.from, to: region.start + ahead.to }, left));
    ahead.from += own.length - base.length;
    ahead.to += other.length - base.length;
  }
  return blocks;
}

function spanOf(hunk: Hunk): Span {
  const count = hunk.lines.filter(({ kind }) => kind !== "added").length;
  const start = count === 0 ? hunk.from + 1 : hunk.from;
  return { start, end: start + count, hunk };
}

/** Spans that meet or touch stand in one region, in order. */
function regionsOf(from: Span[], to: Span[]): Region[] {
  const spans = [...from.map((span) => ["from", span] as const), ...to.map((span) => ["to", span] as const)];
  spans.sort(([, one], [, other]) => one.start - other.start || one.end - other.end);
  const regions: Region[] = [];
  for (const [side, span] of spans) {
    let region = regions.at(-1);
    if (!region || span.start > region.end) {
      region = { start: span.start, end: span.end, from: [], to: [] };
      regions.push(region);
    }
    region.end = Math.max(region.end, span.end);
    region[side].push(span);
  }
  return regions;
}

/** The commit's lines of a region; null where two hunks say different lines, or one side's hunks meet. */
function baseOf({ start, end, from, to }: Region): string[] | null {
  const base = new Array<string | undefined>(end - start);
  for (const spans of [from, to]) {
    let before = start;
    for (const span of spans) {
      if (span.start < before) return null;
      before = span.end;
      let at = span.start - start;
      for (const { kind, text } of span.hunk.lines) {
        if (kind === "added") continue;
        if (base[at] !== undefined && base[at] !== text) return null;
        base[at++] = text;
      }
    }
  }
  return base.every((line) => line !== undefined) ? (base as string[]) : null;
}

/** One side's lines of a region: what its hunks make of the commit's, which stay elsewhere. */
function versionOf({ start, end }: Region, spans: Span[], base: string[]): string[] {
  const lines: string[] = [];
  let at = start;
  for (const span of spans) {
    for (; at < span.start; at++) lines.push(base[at - start]!);
    for (const { kind, text } of span.hunk.lines) if (kind !== "removed") lines.push(text);
    at = span.end;
  }
  for (let left = at; left < end; left++) lines.push(base[left - start]!);
  return lines;
}
