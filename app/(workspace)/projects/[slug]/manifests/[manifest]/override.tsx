"use client";
/** Says that a manifest is blocked, and lets a member write why it is used all the same. */
import { OctagonX, Wrench } from "lucide-react";
import { ActButton } from "@/app/_ui/overlays/act-button.tsx";
import { ActionForm, Submit } from "@/app/_ui/parts/action-form.tsx";
import { TextField } from "@/app/_ui/parts/field.tsx";
import { Time } from "@/app/_ui/parts/time.tsx";
import type { Manifest } from "@/lib/wire/manifests.ts";
import { overrideAction, repairAction } from "../manifest-actions.ts";

type OverrideProps = {
  projectId: string;
  manifest: Pick<Manifest, "id" | "override" | "project">;
  canOverride: boolean;
  /** Whether a repaired manifest would no longer be blocked. */
  canMend: boolean;
};

export function Override({ projectId, manifest, canOverride, canMend }: OverrideProps) {
  const { override } = manifest;
  return (
    <div className="grid gap-3 border-b border-line bg-danger-soft px-4 py-4 text-sm md:px-6">
      <p className="flex items-start gap-2 font-medium text-danger">
        <OctagonX aria-hidden className="mt-0.5 size-4 shrink-0" />
        Blocked: a number measured on this split would mislead.{" "}
        {override
          ? "Runs may cite it by the override below, and wear it."
          : "No new run can cite it unless it is overridden; those that began before its checks ended wear the block."}
      </p>
      {canMend && (
        <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
          <ActButton action={repairAction.bind(null, manifest.project, projectId, manifest.id)} done="Repaired">
            <Wrench aria-hidden />
            Make the repaired manifest
          </ActButton>
          <span>Samples that share a content or a group go together, to test where one of them is.</span>
        </div>
      )}
      {override ? (
        <p>
          Overridden by {override.by}, <Time at={override.at} />: {override.reason}
        </p>
      ) : (
        canOverride && (
          <details>
            <summary className="w-fit cursor-pointer">Use it all the same</summary>
            <ActionForm
              action={overrideAction.bind(null, projectId, manifest.id)}
              className="grid max-w-140 gap-3 pt-3"
            >
              <TextField
                label="Why it is right to use it"
                name="reason"
                rows={3}
                required
                minLength={10}
                hint="It is final, and stands beside every number of this manifest."
              />
              <Submit look="danger" className="justify-self-start">
                Override the block
              </Submit>
            </ActionForm>
          </details>
        )
      )}
    </div>
  );
}
