"use client";
import { useToast } from "@/app/_ui/overlays/toast.tsx";
import { ActionForm, Submit } from "@/app/_ui/parts/action-form.tsx";
import type { Project } from "@/lib/wire/projects.ts";
import { allowSharesAction } from "./actions.ts";

type SharesFormProps = { project: Pick<Project, "id" | "sharesReports">; canAllow: boolean };

/** Whether reports may be shared by links: one button, as there is one answer. */
export function SharesForm({ project: { id, sharesReports }, canAllow }: SharesFormProps) {
  const toast = useToast();
  const state = sharesReports ? "Members may share reports by links." : "No report is shared by a link.";
  return (
    <div className="grid gap-3 text-sm">
      <p>{state}</p>
      {canAllow ? (
        <ActionForm
          action={allowSharesAction.bind(null, id, !sharesReports)}
          onDone={() => toast({ title: sharesReports ? "Links open nothing now." : "Links are allowed." })}
          className="grid justify-items-start"
        >
          <Submit look={sharesReports ? "danger" : "plain"}>{sharesReports ? "Forbid links" : "Allow links"}</Submit>
        </ActionForm>
      ) : (
        <p className="text-muted">An admin can change this.</p>
      )}
    </div>
  );
}
