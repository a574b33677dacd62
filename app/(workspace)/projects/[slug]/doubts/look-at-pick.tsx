"use client";
/** Takes the look that tells whether a test number chose a run: with a reason, which the ledger keeps. */
import { Eye } from "lucide-react";
import { useState } from "react";
import { Dialog } from "@/app/_ui/overlays/dialog.tsx";
import { useToast } from "@/app/_ui/overlays/toast.tsx";
import { ActionForm, Submit } from "@/app/_ui/parts/action-form.tsx";
import { Button } from "@/app/_ui/parts/button.tsx";
import { TextField } from "@/app/_ui/parts/field.tsx";
import { lookAtPickAction } from "./actions.ts";

export function LookAtPick({ projectId, run, name }: { projectId: string; run: string; name: string }) {
  const toast = useToast();
  const [isOpen, setOpen] = useState(false);
  return (
    <Dialog
      open={isOpen}
      onOpenChange={setOpen}
      title={`Was ${name} chosen by its test number?`}
      description="The answer comes from test labels: it is a look at the test split, and stands in the ledger for ever."
      trigger={
        <Button look="ghost" aria-label={`Look whether ${name} was chosen by its test number`} className="print:hidden">
          <Eye aria-hidden />
          Look
        </Button>
      }
    >
      <ActionForm
        action={lookAtPickAction.bind(null, projectId, run)}
        onDone={() => {
          setOpen(false);
          toast({ title: "The look is in the ledger." });
        }}
      >
        <TextField label="Why it is looked at" name="reason" rows={3} required maxLength={2000} />
        <Submit look="danger" className="justify-self-start">
          Look
        </Submit>
      </ActionForm>
    </Dialog>
  );
}
