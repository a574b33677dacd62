/** What the thread that compares code answers. */
import { type CodeDifference, ofPatch, pairPatches } from "./pair-patches.ts";
import { parsePatch } from "./patch.ts";
import { type ShownCode, showCode } from "./shown.ts";

/** Patches as they were captured; `only`: the file whose lines are asked for, null: as many as there is room for. */
export type CodeQuestion =
  | { kind: "one"; patch: string; only: string | null }
  | { kind: "pair"; from: string; to: string; isSameCommit: boolean; only: string | null };

export function answerOf(question: CodeQuestion): Promise<ShownCode> {
  const difference =
    question.kind === "one"
      ? ofOne(question.patch)
      : pairPatches(parsePatch(question.from), parsePatch(question.to), question.isSameCommit);
  return showCode(difference, question.only);
}

function ofOne(text: string): CodeDifference {
  const { files, loose } = parsePatch(text);
  return { files: files.map((file) => ofPatch(file)), alike: 0, loose: { from: loose, to: [] } };
}
