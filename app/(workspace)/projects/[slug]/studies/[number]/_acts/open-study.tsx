"use client";
/** Opens a study, with what the playbook says against it in sight; and pauses it. */
import { useState } from "react";
import { setStudyStatusAction } from "@/app/_ui/domain/studies/study-actions.ts";
import { PlanWarnings } from "@/app/_ui/domain/studies/warnings.tsx";
import { Dialog } from "@/app/_ui/overlays/dialog.tsx";
import { ActionForm, Submit } from "@/app/_ui/parts/action-form.tsx";
import { Button } from "@/app/_ui/parts/button.tsx";
import type { PlanWarning } from "@/lib/wire/studies/warnings.ts";

type OpenStudyProps = {
  study: string;
  isPaused: boolean;
  warnings: PlanWarning[];
  /** Written before, by the kind of the warning. */
  reasons: Record<string, string>;
};

export function OpenStudy({ study, isPaused, warnings, reasons: given }: OpenStudyProps) {
  const [isOpen, setOpen] = useState(false);
  const [reasons, setReasons] = useState(given);
  return (
    <Dialog
      open={isOpen}
      onOpenChange={setOpen}
      title={isPaused ? "Go on with the study" : "Open the study"}
      description="Workers may claim its trials from then on. Its plan stays as it is once the first was asked for."
      trigger={<Button look="primary">{isPaused ? "Go on" : "Open"}</Button>}
    >
      <ActionForm action={setStudyStatusAction.bind(null, study, "open")} onDone={() => setOpen(false)}>
        <PlanWarnings
          warnings={warnings}
          reasons={reasons}
          onReason={(kind, reason) => setReasons((before) => ({ ...before, [kind]: reason }))}
        />
        <div className="flex justify-end gap-2">
          <Button onClick={() => setOpen(false)}>Cancel</Button>
          <Submit>{isPaused ? "Go on" : "Open it"}</Submit>
        </div>
      </ActionForm>
    </Dialog>
  );
}

export const PauseStudy = ({ study }: { study: string }) => (
  <ActionForm action={setStudyStatusAction.bind(null, study, "paused")} className="contents">
    <Submit look="plain">Pause</Submit>
  </ActionForm>
);
