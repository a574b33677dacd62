"use client";
/** Concludes a study: what is asked is fetched once somebody reaches for it. */
import { useState } from "react";
import { Dialog } from "@/app/_ui/overlays/dialog.tsx";
import { fetched } from "@/app/_ui/overlays/fetched.tsx";
import { Button } from "@/app/_ui/parts/button.tsx";
import type { ConcludeFormProps } from "./conclude-form.tsx";

const ConcludeForm = fetched(async () => (await import("./conclude-form.tsx")).ConcludeForm);

export function Conclude(props: Omit<ConcludeFormProps, "onClose">) {
  const [isOpen, setOpen] = useState(false);
  const isAgain = props.study.decision !== null;
  return (
    <Dialog
      open={isOpen}
      onOpenChange={setOpen}
      title="Conclude the study"
      description="Waiting trials are cancelled. The conclusion may be worded anew until a review approves it."
      trigger={
        <Button
          look={isAgain ? "plain" : "primary"}
          onPointerEnter={ConcludeForm.prepare}
          onFocus={ConcludeForm.prepare}
        >
          {isAgain ? "Reword" : "Conclude"}
        </Button>
      }
    >
      <ConcludeForm {...props} onClose={() => setOpen(false)} />
    </Dialog>
  );
}
