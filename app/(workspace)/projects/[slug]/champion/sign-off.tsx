"use client";
/** Another member's yes or no to a claim. */
import { useState } from "react";
import { ActButton } from "@/app/_ui/overlays/act-button.tsx";
import { Dialog } from "@/app/_ui/overlays/dialog.tsx";
import { ActionForm, Submit } from "@/app/_ui/parts/action-form.tsx";
import { Button } from "@/app/_ui/parts/button.tsx";
import { TextField } from "@/app/_ui/parts/field.tsx";
import type { ActionOutcome } from "@/app/_ui/parts/outcome.ts";
import { signAction } from "./actions.ts";

export function SignOffButtons({ project, claim }: { project: string; claim: string }) {
  const [isRefusing, setRefusing] = useState(false);
  const refuse = (_previous: ActionOutcome | null, form: FormData) =>
    signAction(project, claim, false, String(form.get("word")));
  return (
    <div className="flex gap-2">
      <ActButton look="primary" done="Signed off." action={() => signAction(project, claim, true, "")}>
        Sign off
      </ActButton>
      <Dialog
        open={isRefusing}
        onOpenChange={setRefusing}
        title="Refuse this claim"
        description="It is then no longer the champion; the one before is again. You may sign it off later."
        trigger={<Button>Refuse</Button>}
      >
        <ActionForm action={refuse} onDone={() => setRefusing(false)}>
          <TextField label="Why" name="word" rows={3} required />
          <div className="flex justify-end gap-2">
            <Button onClick={() => setRefusing(false)}>Cancel</Button>
            <Submit look="danger">Refuse</Submit>
          </div>
        </ActionForm>
      </Dialog>
    </div>
  );
}
