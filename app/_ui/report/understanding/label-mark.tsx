"use client";
/** What members say of a suspected label, and the buttons to say it. */
import { ActButton } from "@/app/_ui/overlays/act-button.tsx";
import type { LabelMark } from "@/lib/evaluations/live/label-marks.ts";
import { markLabelAction } from "./label-actions.ts";

type LabelMarksProps = {
  place: { run: string; evaluation: string };
  sampleKey: string;
  mark: LabelMark | null;
  canMark: boolean;
};

export function LabelMarks({ place, sampleKey, mark, canMark }: LabelMarksProps) {
  const say = (isWrong: boolean) => () => markLabelAction(place.run, place.evaluation, sampleKey, isWrong);
  return (
    <div className="grid gap-1 pt-1">
      {mark && (
        <span className={`truncate font-medium ${mark.isWrong ? "text-danger" : "text-finished"}`} title={mark.at}>
          {mark.isWrong ? "wrong label" : "right label"}, says {mark.by}
        </span>
      )}
      {canMark && (
        <div className="flex flex-wrap gap-1 print:hidden">
          {mark?.isWrong !== true && (
            <ActButton done="Marked. The label stays as it is." action={say(true)}>
              Wrong
            </ActButton>
          )}
          {mark?.isWrong !== false && (
            <ActButton done="Marked. The label stays as it is." action={say(false)}>
              Right
            </ActButton>
          )}
        </div>
      )}
    </div>
  );
}
