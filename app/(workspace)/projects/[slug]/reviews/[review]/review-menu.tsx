"use client";
/** What who asked for a review can do with it until it is approved. */
import { useState } from "react";
import { ActButton } from "@/app/_ui/overlays/act-button.tsx";
import { Dialog } from "@/app/_ui/overlays/dialog.tsx";
import { ActionForm, Submit } from "@/app/_ui/parts/action-form.tsx";
import { Button } from "@/app/_ui/parts/button.tsx";
import { Field, SelectField, TextField } from "@/app/_ui/parts/field.tsx";
import type { NamedRun } from "@/lib/reviews/review-page.ts";
import type { Review } from "@/lib/wire/reviews/reviews.ts";
import { changeReviewAction, closeReviewAction } from "../actions.ts";

/** `runs`: those under review, of which one may be chosen; empty: the study or the claim says it. */
export function ReviewMenu({ project, review, runs }: { project: string; review: Review; runs: NamedRun[] }) {
  const [isOpen, setOpen] = useState(false);
  const isClosed = review.state === "closed";
  const choices = runs.filter(({ id }) => review.subjects.includes(id));
  return (
    <>
      {!isClosed && (
        <Dialog
          open={isOpen}
          onOpenChange={setOpen}
          title="Change the review"
          description="What was decided on the earlier state stands beside it, and counts no more."
          trigger={<Button>Change</Button>}
        >
          <ActionForm action={changeReviewAction.bind(null, project, review.id)} onDone={() => setOpen(false)}>
            <Field label="Title" name="title" defaultValue={review.title} maxLength={200} required />
            <TextField label="What there is to decide" name="about" defaultValue={review.about} maxLength={20_000} />
            {choices.length > 0 && (
              <SelectField
                label="Your choice"
                name="chosenRun"
                defaultValue={review.chosenRun ?? ""}
                options={[["", "none yet"], ...choices.map(({ id, name }) => [id, name] as const)]}
              />
            )}
            <Submit className="justify-self-end">Change</Submit>
          </ActionForm>
        </Dialog>
      )}
      <ActButton
        action={() => closeReviewAction(project, review.id, !isClosed)}
        done={isClosed ? "The review is open again." : "The review is withdrawn."}
      >
        {isClosed ? "Open again" : "Withdraw"}
      </ActButton>
    </>
  );
}
