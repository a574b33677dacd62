"use client";
/** Sets a part of validation aside, which the server alone scores, or says what was set aside. */
import { ActionForm, Submit } from "@/app/_ui/parts/action-form.tsx";
import { Field } from "@/app/_ui/parts/field.tsx";
import { Time } from "@/app/_ui/parts/time.tsx";
import type { Manifest } from "@/lib/wire/data/manifests.ts";
import type { RefereeSplit } from "@/lib/wire/data/referee-splits.ts";
import { decimalWords, numberWords } from "@/lib/words/numbers.ts";
import { refereeSplitAction } from "../manifest-actions.ts";

export type RefereeSplitShown = Omit<RefereeSplit, "keys">;

type RefereeSplitFactProps = {
  projectId: string;
  manifest: Pick<Manifest, "id" | "counts">;
  /** null: none is drawn. */
  split: RefereeSplitShown | null;
  /** Whether a run cites the manifest: then none can be drawn any more. */
  isCited: boolean;
  canDraw: boolean;
};

export function RefereeSplitFact({ projectId, manifest, split, isCited, canDraw }: RefereeSplitFactProps) {
  const { validation } = manifest.counts;
  if (split)
    return (
      <>
        <p>
          {numberWords(split.samples)} of {numberWords(validation)} validation samples, seed {split.seed}, by{" "}
          {split.registeredBy}, <Time at={split.registeredAt} />
        </p>
        <p className="text-muted">Trainings leave them out; the server alone scores a loop's milestones on them.</p>
      </>
    );
  if (isCited)
    return (
      <p className="text-muted">
        none, and none can be drawn: a run cites the manifest, and may have validated on any of its samples
      </p>
    );
  if (!canDraw || validation < 2) return <p className="text-muted">none</p>;
  return (
    <details>
      <summary className="w-fit cursor-pointer">none yet; set a part of validation aside for loops</summary>
      <ActionForm action={refereeSplitAction.bind(null, projectId, manifest.id)} className="grid max-w-100 gap-3 pt-3">
        <p className="text-muted">
          Trainings will leave it out of validation, and the server alone scores a loop's milestones on it. It is final,
          and drawn before the first run cites the manifest.
        </p>
        <div className="grid grid-cols-2 gap-3">
          <Field
            label="Share of validation, %"
            name="share"
            type="number"
            min={1}
            max={99}
            defaultValue={50}
            hint={`${decimalWords(validation / 2, 0)} samples at half; groups stay whole`}
            required
          />
          <Field label="Seed" name="seed" type="number" min={0} step={1} defaultValue={0} required />
        </div>
        <Submit className="justify-self-start">Draw the referee split</Submit>
      </ActionForm>
    </details>
  );
}
