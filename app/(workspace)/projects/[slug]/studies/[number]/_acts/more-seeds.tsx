"use client";
/** Queues further seeds of a trial. */
import { useState } from "react";
import { moreSeedsAction } from "@/app/_ui/domain/studies/study-actions.ts";
import { Dialog } from "@/app/_ui/overlays/dialog.tsx";
import { ActionForm, Submit } from "@/app/_ui/parts/action-form.tsx";
import { Button } from "@/app/_ui/parts/button.tsx";
import { Field, SelectField } from "@/app/_ui/parts/field.tsx";

export function MoreSeeds({ study, trials }: { study: string; trials: { number: number; words: string }[] }) {
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
        <SelectField
          label="Of"
          name="replicatesOf"
          options={trials.map(({ number, words }) => [String(number), words] as const)}
          hint="The best stands first."
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
