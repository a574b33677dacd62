"use client";
/** What the playbook says against a study that is about to be opened, and the reasons for it all the same. */
import { setStudyStatusAction } from "@/app/_ui/domain/studies/study-actions.ts";
import { PlanWarnings } from "@/app/_ui/domain/studies/warnings.tsx";
import { ActionForm, Submit } from "@/app/_ui/parts/action-form.tsx";
import { Button } from "@/app/_ui/parts/button.tsx";
import type { PlanWarning } from "@/lib/wire/studies/warnings.ts";

type OpenFormProps = {
  study: string;
  isPaused: boolean;
  warnings: PlanWarning[];
  /** By the kind of the warning. */
  reasons: Record<string, string>;
  onReason: (kind: string, reason: string) => void;
  onClose: () => void;
};

export const OpenForm = ({ study, isPaused, warnings, reasons, onReason, onClose }: OpenFormProps) => (
  <ActionForm action={setStudyStatusAction.bind(null, study, "open")} onDone={onClose}>
    <PlanWarnings warnings={warnings} reasons={reasons} onReason={onReason} />
    <div className="flex justify-end gap-2">
      <Button onClick={onClose}>Cancel</Button>
      <Submit>{isPaused ? "Go on" : "Open it"}</Submit>
    </div>
  </ActionForm>
);
