/** A unified diff, as git and others write it, in parts. What is no part of one is kept as text. Pure. */
import { nameInHeader, namesOfGitLine, withoutPrefixes } from "./patch-names.ts";

/** Ends the text of a last line that has no newline; a patch that is stored holds no such character. */
export const NO_NEWLINE = "\u0000";

export type PatchLine = { kind: "same" | "removed" | "added"; text: string };

/** `from` and `to`: the numbers of its first lines, from 1; where a side has no line, the line before. */
export type Hunk = { from: number; to: number; lines: PatchLine[] };

export type PatchFile = {
  /** Null: it isn't there on that side. */
  from: string | null;
  to: string | null;
  hunks: Hunk[];
  isBinary: boolean;
  /** What git says of the file's rights, as `100755`. */
  modes: { from: string | null; to: string | null };
  /** Digests of its content, as short as git wrote them; null where it doesn't say. */
  blobs: { from: string; to: string } | null;
  /** Lines of it that can't be read, as they came; `hunks` are those before them. */
  damaged: string[];
  /** Its last hunk ends before it should. */
  isCut: boolean;
};

export type Patch = {
  files: PatchFile[];
  /** Lines that belong to no file, as they came. */
  loose: string[];
};

const emptyFile = (from: string | null, to: string | null): PatchFile => ({
  from,
  to,
  hunks: [],
  isBinary: false,
  modes: { from: null, to: null },
  blobs: null,
  damaged: [],
  isCut: false,
});

const hunkHead = /^@@ -(\d{1,15})(?:,(\d{1,15}))? \+(\d{1,15})(?:,(\d{1,15}))? @@/;
const LINE_KINDS = new Map<string | undefined, PatchLine["kind"]>([
  [" ", "same"],
  // a mail program may take the space of an empty line away
  [undefined, "same"],
  ["-", "removed"],
  ["+", "added"],
]);

/** Never throws: damage is kept where it stands, and the next file is read again. */
export function parsePatch(text: string): Patch {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  const patch: Patch = { files: [], loose: [] };
  let file: PatchFile | null = null;
  for (let at = 0; at < lines.length; ) {
    const line = lines[at]!;
    const begun = beginFile(lines, at);
    if (begun) {
      file = begun.file;
      patch.files.push(file);
      at = begun.next;
    } else if (file && file.damaged.length === 0 && hunkHead.test(line)) at = readHunk(lines, at, file);
    else if (!file || isNote(line)) {
      patch.loose.push(line);
      at++;
    } else {
      file.damaged.push(line);
      at++;
    }
  }
  return patch;
}

/** What a trainer writes at the end of a patch that it cut, or in place of one that it couldn't make. */
const isNote = (line: string): boolean => /^\[(?:cut: |not captured: ).*\]$/.test(line);

function beginFile(lines: string[], at: number): { file: PatchFile; next: number } | null {
  if (lines[at]!.startsWith("diff --git ")) return beginGitFile(lines, at);
  if (!/^--- ./.test(lines[at]!) || !/^\+\+\+ ./.test(lines[at + 1] ?? "")) return null;
  const [from, to] = withoutPrefixes(nameInHeader(lines[at]!), nameInHeader(lines[at + 1]!));
  return { file: emptyFile(from, to), next: at + 2 };
}

function beginGitFile(lines: string[], at: number): { file: PatchFile; next: number } {
  const file = emptyFile(...namesOfGitLine(lines[at]!));
  let next = at + 1;
  for (; next < lines.length; next++) if (!readGitHeader(file, lines, next)) break;
  if (/^GIT binary patch$/.test(lines[next] ?? "")) {
    file.isBinary = true;
    while (next < lines.length && !lines[next]!.startsWith("diff --git ")) next++;
  }
  return { file, next };
}

/** Whether the line says something of the file. */
function readGitHeader(file: PatchFile, lines: string[], at: number): boolean {
  const line = lines[at]!;
  const [, word, value] =
    /^(old mode|new mode|new file mode|deleted file mode|rename from|rename to|copy from|copy to|index|similarity index|dissimilarity index|---|\+\+\+) (.*)$/.exec(
      line,
    ) ?? [];
  if (word === undefined) {
    if (!/^Binary files .* differ$/.test(line)) return false;
    file.isBinary = true;
    return true;
  }
  if (word === "old mode") file.modes.from = value!;
  if (word === "new mode") file.modes.to = value!;
  if (word === "new file mode") Object.assign(file, { from: null, modes: { from: null, to: value! } });
  if (word === "deleted file mode") Object.assign(file, { to: null, modes: { from: value!, to: null } });
  if (word === "rename from") file.from = nameInHeader(`--- ${value}`);
  if (word === "rename to") file.to = nameInHeader(`+++ ${value}`);
  if (word === "index") file.blobs = blobsOf(value!);
  if (word === "---" && lines[at + 1]?.startsWith("+++ ")) {
    const [from, to] = withoutPrefixes(nameInHeader(line), nameInHeader(lines[at + 1]!));
    Object.assign(file, { from, to });
  }
  return true;
}

function blobsOf(value: string): PatchFile["blobs"] {
  const [, from, to] = /^([0-9a-f]{4,64})\.\.([0-9a-f]{4,64})(?: \d+)?$/.exec(value) ?? [];
  return from === undefined || to === undefined ? null : { from, to };
}

/** Reads the hunk that begins at a line; returns the line behind it. */
function readHunk(lines: string[], at: number, file: PatchFile): number {
  const [, from, fromCount = "1", to, toCount = "1"] = hunkHead.exec(lines[at]!)!;
  const hunk: Hunk = { from: Number(from), to: Number(to), lines: [] };
  let [fromLeft, toLeft] = [Number(fromCount), Number(toCount)];
  let next = at + 1;
  for (; next < lines.length && (fromLeft > 0 || toLeft > 0 || lines[next]!.startsWith("\\")); next++) {
    const line = lines[next]!;
    const last = hunk.lines.at(-1);
    if (line.startsWith("\\") && last) {
      last.text += last.text.endsWith(NO_NEWLINE) ? "" : NO_NEWLINE;
      continue;
    }
    const kind = LINE_KINDS.get(line[0]);
    if (kind === undefined || (kind !== "added" && fromLeft === 0) || (kind !== "removed" && toLeft === 0)) break;
    hunk.lines.push({ kind, text: line.slice(1) });
    if (kind !== "added") fromLeft--;
    if (kind !== "removed") toLeft--;
  }
  file.hunks.push(hunk);
  if (fromLeft === 0 && toLeft === 0) return next;
  file.isCut = true;
  // at the end, or before the note of a cut, it is short; elsewhere it is damaged
  if (next < lines.length && !isNote(lines[next]!)) file.damaged.push(lines[next++]!);
  return next;
}
