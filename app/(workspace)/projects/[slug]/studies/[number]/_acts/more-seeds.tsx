"use client";
/** Queues further seeds of a trial. */
import { useState } from "react";
import { moreSeedsAction } from "@/app/_ui/domain/studies/study-actions.ts";
import { Dialog } from "@/app/_ui/overlays/dialog.tsx";
import { ActionForm, Submit } from "@/app/_ui/parts/action-form.tsx";
import { Button } from "@/app/_ui/parts/button.tsx";
import { Field } from "@/app/_ui/parts/field.tsx";

/** `best`: the trials that are seen first. */
export function MoreSeeds({ study, best }: { study: string; best: { number: number; words: string }[] }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Dialog
      open={isOpen}
      onOpenChange={setOpen}
      title="More seeds"
      description="The same configuration, trained again with other seeds: it tells a difference from luck."
      trigger={<Button>More seeds</Button>}
    >
      <ActionForm action={moreSeedsAction.bind(null, study)} onDone={() => setOpen(false)}>
        <Field
          label="Of trial"
          name="replicatesOf"
          type="number"
          min={1}
          defaultValue={best[0]?.number}
          hint={`The best: ${best.map(({ words }) => words).join("; ")}.`}
          required
        />
        <Field label="Seeds" name="count" type="number" min={1} max={100} defaultValue={4} required />
        <div className="flex justify-end gap-2">
          <Button onClick={() => setOpen(false)}>Cancel</Button>
          <Submit>Queue them</Submit>
        </div>
      </ActionForm>
    </Dialog>
  );
}
