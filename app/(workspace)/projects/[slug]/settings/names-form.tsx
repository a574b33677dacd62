"use client";
/** What names of metrics mean where a client knows no splits: prefixes of the training and of the validation split. */
import { useToast } from "@/app/_ui/overlays/toast.tsx";
import { ActionForm, Submit } from "@/app/_ui/parts/action-form.tsx";
import { Field } from "@/app/_ui/parts/field.tsx";
import type { Project } from "@/lib/wire/projects.ts";
import { nameMetricsAction } from "./actions.ts";

type NamesFormProps = { project: Pick<Project, "id" | "keyPrefixes">; canName: boolean };

const fields = [
  ["train", "Training"],
  ["validation", "Validation"],
] as const;

export function NamesForm({ project: { id, keyPrefixes }, canName }: NamesFormProps) {
  const toast = useToast();
  if (!canName)
    return (
      <div className="grid gap-3 text-sm">
        <dl className="grid gap-1.5">
          {fields.map(([split, label]) => (
            <div key={split}>
              <dt className="text-muted">{label}</dt>
              <dd className="font-mono text-xs wrap-anywhere">{keyPrefixes[split].join(" ") || "none"}</dd>
            </div>
          ))}
        </dl>
        <p className="text-muted">An admin can change this.</p>
      </div>
    );
  return (
    <ActionForm
      action={nameMetricsAction.bind(null, id)}
      onDone={() => toast({ title: "Saved: it holds for series that are new." })}
      className="grid gap-4"
    >
      {fields.map(([split, label]) => (
        <Field
          key={split}
          label={label}
          name={split}
          defaultValue={keyPrefixes[split].join(" ")}
          hint={
            split === "train" ? "Such as train_ or training/, with spaces between; none where it is empty." : undefined
          }
          autoComplete="off"
          spellCheck={false}
        />
      ))}
      <Submit look="plain" className="justify-self-start">
        Save
      </Submit>
    </ActionForm>
  );
}
