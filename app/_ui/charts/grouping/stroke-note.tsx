/** Says which stroke is which split, and what dots in it mean: the charts of many runs have no other legend. */

import type { Split } from "@/lib/wire/base/words.ts";
import { LineMark } from "../plot/line-mark.tsx";
import { dashOf } from "../plot/traces.ts";

type StrokeNoteProps = {
  splits: (Split | null)[];
  /** How often the colours came round again. */
  rounds: number;
};

export function StrokeNote({ splits, rounds }: StrokeNoteProps) {
  const shown = (["train", "validation"] as const).filter((split) => splits.includes(split));
  return (
    <span className="ml-3 inline-flex flex-wrap items-center gap-x-3 align-top">
      {shown.map((split) => (
        <span key={split} className="inline-flex items-center gap-1.5">
          <LineMark color="currentColor" dash={dashOf(split)} />
          {split}
        </span>
      ))}
      {rounds > 0 && (
        <span className="inline-flex items-center gap-1.5">
          <LineMark color="currentColor" dash={dashOf("train", false, 1)} />
          {rounds > 1 ? "a dot for each time the colours came round again" : "a dot: the second twelve"}
        </span>
      )}
    </span>
  );
}
