"use client";
/** Lets a member write why a blocked manifest is used all the same, or shows who did. */
import { ActionForm, Submit } from "@/app/_ui/parts/action-form.tsx";
import { TextField } from "@/app/_ui/parts/field.tsx";
import { Time } from "@/app/_ui/parts/time.tsx";
import type { Manifest } from "@/lib/wire/data/manifests.ts";
import { overrideAction } from "../manifest-actions.ts";

type OverrideProps = { projectId: string; manifest: Pick<Manifest, "id" | "override">; canOverride: boolean };

export function Override({ projectId, manifest, canOverride }: OverrideProps) {
  const { override } = manifest;
  if (override)
    return (
      <p className="pl-6 text-sm">
        Overridden by {override.by}, <Time at={override.at} />: {override.reason} Runs may cite it, and wear the
        override.
      </p>
    );
  return (
    <div className="grid gap-2 pl-6 text-sm">
      <p>No new run can cite it. Those that began before its checks ended wear the block.</p>
      {canOverride && (
        <details>
          <summary className="w-fit cursor-pointer">Use it all the same</summary>
          <ActionForm action={overrideAction.bind(null, projectId, manifest.id)} className="grid max-w-140 gap-3 pt-3">
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
      )}
    </div>
  );
}
