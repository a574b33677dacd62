"use client";
import { PrimaryMetric } from "@/app/_ui/domain/primary-metric.tsx";
import { PrimaryMetricFields } from "@/app/_ui/domain/primary-metric-fields.tsx";
import { useToast } from "@/app/_ui/overlays/toast.tsx";
import { ActionForm, Submit } from "@/app/_ui/parts/action-form.tsx";
import type { Project } from "@/lib/wire/projects.ts";
import { choosePrimaryAction } from "./actions.ts";

export function PrimaryMetricForm({ project, canUpdate }: { project: Project; canUpdate: boolean }) {
  const toast = useToast();
  if (!canUpdate)
    return (
      <p className="text-sm text-muted">
        <PrimaryMetric project={project} />
      </p>
    );
  return (
    <ActionForm action={choosePrimaryAction.bind(null, project.id)} onDone={() => toast({ title: "Metric saved." })}>
      <PrimaryMetricFields primary={project} />
      <Submit look="plain" className="justify-self-start">
        Save
      </Submit>
    </ActionForm>
  );
}
