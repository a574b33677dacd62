"use client";
/** Opens a study, with what the playbook says against it in sight; and pauses it. */
import { useState } from "react";
import { setStudyStatusAction } from "@/app/_ui/domain/studies/study-actions.ts";
import { Dialog } from "@/app/_ui/overlays/dialog.tsx";
import { fetched } from "@/app/_ui/overlays/fetched.tsx";
import { ActionForm, Submit } from "@/app/_ui/parts/action-form.tsx";
import { Button } from "@/app/_ui/parts/button.tsx";
import type { PlanWarning } from "@/lib/wire/studies/warnings.ts";

const OpenForm = fetched(async () => (await import("./open-form.tsx")).OpenForm);

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
      trigger={
        <Button look="primary" onPointerEnter={OpenForm.prepare} onFocus={OpenForm.prepare}>
          {isPaused ? "Go on" : "Open"}
        </Button>
      }
    >
      <OpenForm
        study={study}
        isPaused={isPaused}
        warnings={warnings}
        reasons={reasons}
        onReason={(kind, reason) => setReasons((before) => ({ ...before, [kind]: reason }))}
        onClose={() => setOpen(false)}
      />
    </Dialog>
  );
}

export const PauseStudy = ({ study }: { study: string }) => (
  <ActionForm action={setStudyStatusAction.bind(null, study, "paused")} className="contents">
    <Submit look="plain">Pause</Submit>
  </ActionForm>
);
