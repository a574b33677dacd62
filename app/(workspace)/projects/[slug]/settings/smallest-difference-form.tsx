"use client";
import { useToast } from "@/app/_ui/overlays/toast.tsx";
import { ActionForm, Submit } from "@/app/_ui/parts/action-form.tsx";
import { Field } from "@/app/_ui/parts/field.tsx";
import type { Project } from "@/lib/wire/projects.ts";
import { valueWords } from "@/lib/words/numbers.ts";
import { smallestDifferenceAction } from "./actions.ts";

type SmallestDifferenceFormProps = { project: Project; canUpdate: boolean };

export function SmallestDifferenceForm({ project, canUpdate }: SmallestDifferenceFormProps) {
  const toast = useToast();
  const { smallestDifference, primaryMetric } = project;
  if (!canUpdate)
    return (
      <p className="text-sm text-muted">
        {smallestDifference === null
          ? "Nobody has said which difference matters."
          : `${valueWords(smallestDifference)}${primaryMetric === null ? "" : ` of ${primaryMetric}`}`}
      </p>
    );
  return (
    <ActionForm
      action={smallestDifferenceAction.bind(null, project.id)}
      onDone={() => toast({ title: "Smallest difference saved." })}
    >
      <Field
        label={primaryMetric === null ? "Difference of the primary metric" : `Difference of ${primaryMetric}`}
        name="smallestDifference"
        type="number"
        step="any"
        min={0}
        inputMode="decimal"
        defaultValue={smallestDifference ?? ""}
        placeholder="0.005"
        hint="In the metric's own unit: 0.005 of an accuracy is half a percentage point. Empty: none is said."
      />
      <Submit look="plain" className="justify-self-start">
        Save
      </Submit>
    </ActionForm>
  );
}
