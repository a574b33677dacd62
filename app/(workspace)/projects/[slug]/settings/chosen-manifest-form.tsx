"use client";
import { useToast } from "@/app/_ui/overlays/toast.tsx";
import { ActionForm, Submit } from "@/app/_ui/parts/action-form.tsx";
import { SelectField } from "@/app/_ui/parts/field.tsx";
import type { Project } from "@/lib/wire/projects.ts";
import { chosenManifestAction } from "./actions.ts";

type ChosenManifestFormProps = {
  project: Pick<Project, "id" | "chosenManifest">;
  manifests: { id: string; name: string }[];
  canUpdate: boolean;
};

export function ChosenManifestForm({ project, manifests, canUpdate }: ChosenManifestFormProps) {
  const toast = useToast();
  const chosen = manifests.find(({ id }) => id === project.chosenManifest);
  if (!canUpdate || manifests.length === 0)
    return (
      <p className="text-sm text-muted">
        {manifests.length === 0 ? "The project has no manifest yet." : (chosen?.name ?? "Nobody has chosen one.")}
      </p>
    );
  return (
    <ActionForm
      action={chosenManifestAction.bind(null, project.id)}
      onDone={() => toast({ title: "Chosen manifest saved." })}
    >
      <SelectField
        label="Manifest"
        name="chosenManifest"
        defaultValue={project.chosenManifest ?? ""}
        options={[
          ["", "none: whoever asks names one"],
          ...manifests.map(({ id, name }) => [id, `${name} (${id.slice(0, 8)})`] as const),
        ]}
      />
      <Submit look="plain" className="justify-self-start">
        Save
      </Submit>
    </ActionForm>
  );
}
