"use client";
import { useId } from "react";
import { Field, SelectField } from "../../parts/field.tsx";
import type { PartProps, StudyChoices } from "./study-form.tsx";

export type ObjectiveChoice = { metric: string; split: "train" | "validation"; direction: "min" | "max" | null };

export function ObjectiveFields({ draft, set, choices }: PartProps & { choices: StudyChoices }) {
  const names = useId();
  const { metrics, manifests } = choices;
  const directionOf = (metric: string, split: string) =>
    metrics.find((one) => one.metric === metric && one.split === split)?.direction ?? draft.direction;
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <SelectField
        label="Split"
        name="objective.split"
        options={[
          ["validation", "validation"],
          ["train", "train"],
        ]}
        value={draft.split}
        onChange={(event) => {
          const split = event.target.value as typeof draft.split;
          set({ split, direction: directionOf(draft.metric, split) });
        }}
      />
      <Field
        label="Metric"
        name="objective.metric"
        required
        list={names}
        autoComplete="off"
        value={draft.metric}
        onChange={(event) => {
          const metric = event.target.value;
          set({ metric, direction: directionOf(metric, draft.split) });
        }}
        hint="One that the runs log, such as loss or accuracy."
      />
      <datalist id={names}>
        {metrics
          .filter(({ split }) => split === draft.split)
          .map(({ metric }) => (
            <option key={metric} value={metric} />
          ))}
      </datalist>
      <SelectField
        label="Better is"
        name="objective.direction"
        options={[
          ["max", "higher"],
          ["min", "lower"],
        ]}
        value={draft.direction}
        onChange={(event) => set({ direction: event.target.value as typeof draft.direction })}
      />
      <SelectField
        label="Manifest"
        name="manifest"
        options={[["", "none yet"], ...manifests.map(({ id, name }) => [id, name] as const)]}
        value={draft.manifest}
        onChange={(event) => set({ manifest: event.target.value })}
        hint="Which samples it is measured on; a study is opened with one."
      />
    </div>
  );
}
