/** What a page shows of a difference of code: so many lines, in tones, with the words that changed. */
import { languageOf, type Tone, type ToneSpan, tonesOf } from "./highlight.ts";
import type { CodeDifference, FileDifference, Sides } from "./pair-patches.ts";
import { NO_NEWLINE } from "./patch.ts";
import { type Block, countLines, type Row, rowsOf } from "./rows.ts";
import type { Range } from "./word-difference.ts";

export type Piece = { text: string; tone: Tone; isChanged: boolean };
export type ShownLine = {
  number: number;
  pieces: Piece[];
  /** No newline follows it. */
  isEndless: boolean;
  /** Characters that are left out at its end. */
  omitted: number;
};
export type ShownRow =
  | { kind: "same"; from: number; line: ShownLine }
  | { kind: "changed"; from: ShownLine | null; to: ShownLine | null };
/** Neighbouring rows; folded: both sides are alike, and no difference is near. */
export type ShownPart = { isFolded: boolean; rows: ShownRow[] };
export type ShownBlock = { parts: ShownPart[] };

export type ShownFile = {
  sides: Sides;
  from: string | null;
  to: string | null;
  isBinary: boolean;
  modes: FileDifference["modes"];
  added: number;
  removed: number;
  /** Null: there was no room for it. */
  blocks: ShownBlock[] | null;
  /** Lines of it, and how many of them `blocks` hold. */
  lines: number;
  shownLines: number;
  /** The first lines that can't be read, and how many there are. */
  damaged: string[];
  damagedLines: number;
  isCut: boolean;
};

export type ShownCode = {
  files: ShownFile[];
  /** Files that aren't even named. */
  beyond: number;
  /** Of all files. */
  added: number;
  removed: number;
  alike: number;
  /** The first lines of each side's patch that belong to no file. */
  loose: { from: string[]; to: string[] };
};

/** Lines of a page, a long line counting for several: more take the server too long to lay out. */
const LINES_MAX = 500;
const CHARACTERS_A_LINE = 200;
/** Characters of a line that are shown. */
const LENGTH_MAX = 1000;
const FILES_MAX = 300;
const DAMAGED_MAX = 200;
/** Lines around a difference that aren't folded, and the fewest that are worth a fold. */
const CONTEXT = 3;
const FOLD_MIN = 4;

/** `only`: the name of the one file whose lines are shown; null: all, as far as there is room. */
export async function showCode(difference: CodeDifference, only: string | null): Promise<ShownCode> {
  const counts = difference.files.map(({ blocks }) => countLines(blocks));
  const budget = { left: LINES_MAX };
  const files: ShownFile[] = [];
  for (const [at, file] of difference.files.slice(0, FILES_MAX).entries()) {
    const { added, removed, same } = counts[at]!;
    const isWanted = only === null || only === file.from || only === file.to;
    const lines = added + removed + same;
    const hasRoom = isWanted && budget.left > 0 && (budget.left === LINES_MAX || lines <= budget.left);
    const shown = hasRoom ? await showBlocks(file, budget) : null;
    files.push({
      sides: file.sides,
      from: file.from,
      to: file.to,
      isBinary: file.isBinary,
      modes: file.modes,
      added,
      removed,
      blocks: shown?.blocks ?? null,
      lines,
      shownLines: shown?.lines ?? 0,
      damaged: file.damaged.slice(0, DAMAGED_MAX).map(cut),
      damagedLines: file.damaged.length,
      isCut: file.isCut,
    });
  }
  const sum = (of: "added" | "removed") => counts.reduce((total, one) => total + one[of], 0);
  const { from, to } = difference.loose;
  return {
    files,
    beyond: Math.max(0, difference.files.length - FILES_MAX),
    added: sum("added"),
    removed: sum("removed"),
    alike: difference.alike,
    loose: { from: from.slice(0, DAMAGED_MAX).map(cut), to: to.slice(0, DAMAGED_MAX).map(cut) },
  };
}

const cut = (line: string): string => line.slice(0, LENGTH_MAX);

type Budget = { left: number };

async function showBlocks(file: FileDifference, budget: Budget): Promise<{ blocks: ShownBlock[]; lines: number }> {
  const language = languageOf(file.to ?? file.from ?? "");
  const blocks: ShownBlock[] = [];
  let lines = 0;
  for (const block of file.blocks) {
    if (budget.left <= 0) break;
    const rows = takeRows(block, budget);
    for (const row of rows) lines += row.kind === "same" || !row.from || !row.to ? 1 : 2;
    blocks.push({ parts: partsOf(await inTones(rows, language)) });
  }
  return { blocks, lines };
}

function takeRows(block: Block, budget: Budget): Row[] {
  const rows: Row[] = [];
  for (const row of rowsOf(block)) {
    if (budget.left <= 0) break;
    const lines = row.kind === "same" ? [row] : [row.from, row.to];
    for (const line of lines)
      if (line) budget.left -= Math.max(1, Math.ceil(Math.min(LENGTH_MAX, line.text.length) / CHARACTERS_A_LINE));
    rows.push(row);
  }
  return rows;
}

/** Each side is one piece of code to its grammar. */
async function inTones(rows: Row[], language: string | null): Promise<ShownRow[]> {
  const textsOf = (side: "from" | "to") =>
    rows.flatMap((row) => (row.kind === "same" ? [row.text] : row[side] ? [row[side].text] : [])).map(plain);
  const tones = { from: await tonesOf(textsOf("from"), language), to: await tonesOf(textsOf("to"), language) };
  const next = { from: 0, to: 0 };
  const shownOf = (
    side: "from" | "to",
    { number, text, changed }: { number: number; text: string; changed: Range[] },
  ) => shownLine(number, text, changed, tones[side]?.[next[side]++] ?? null);
  return rows.map((row) => {
    if (row.kind === "changed")
      return { kind: "changed", from: row.from && shownOf("from", row.from), to: row.to && shownOf("to", row.to) };
    next.from++;
    return { kind: "same", from: row.from, line: shownOf("to", { number: row.to, text: row.text, changed: [] }) };
  });
}

/** What a grammar reads of a line. */
const plain = (text: string): string => cut(withoutEnd(text)).replaceAll(/[\r\u2028\u2029]/g, " ");
const withoutEnd = (text: string): string => (text.endsWith(NO_NEWLINE) ? text.slice(0, -1) : text);

function shownLine(number: number, text: string, changed: Range[], tones: ToneSpan[] | null): ShownLine {
  const whole = withoutEnd(text);
  const shown = cut(whole);
  return {
    number,
    pieces: piecesOf(shown, changed, tones ?? [{ length: shown.length, tone: "text" }]),
    isEndless: whole !== text,
    omitted: whole.length - shown.length,
  };
}

function piecesOf(text: string, changed: Range[], tones: ToneSpan[]): Piece[] {
  const pieces: Piece[] = [];
  let [at, range] = [0, 0];
  for (const { length, tone } of tones) {
    const end = Math.min(at + length, text.length);
    while (at < end) {
      while (range < changed.length && changed[range]![1] <= at) range++;
      const [from, to] = changed[range] ?? [Number.POSITIVE_INFINITY, 0];
      const isChanged = from <= at;
      const until = Math.min(end, isChanged ? to : from);
      pieces.push({ text: text.slice(at, until), tone, isChanged });
      at = until;
    }
  }
  return pieces;
}

/** Rows far from any difference are folded. */
function partsOf(rows: ShownRow[]): ShownPart[] {
  const parts: ShownPart[] = [];
  const add = (isFolded: boolean, some: ShownRow[]) => {
    const last = parts.at(-1);
    if (some.length === 0) return;
    if (last && last.isFolded === isFolded) last.rows.push(...some);
    else parts.push({ isFolded, rows: some });
  };
  for (let at = 0; at < rows.length; ) {
    const isSame = rows[at]!.kind === "same";
    let end = at + 1;
    while (end < rows.length && (rows[end]!.kind === "same") === isSame) end++;
    const head = at === 0 ? at : Math.min(end, at + CONTEXT);
    const tail = end === rows.length ? end : Math.max(head, end - CONTEXT);
    const isFold = isSame && tail - head >= FOLD_MIN;
    if (!isFold) add(false, rows.slice(at, end));
    else {
      add(false, rows.slice(at, head));
      add(true, rows.slice(head, tail));
      add(false, rows.slice(tail, end));
    }
    at = end;
  }
  return parts;
}
