"use client";
import { useToast } from "@/app/_ui/overlays/toast.tsx";
import { ActionForm, Submit } from "@/app/_ui/parts/action-form.tsx";
import { TextField } from "@/app/_ui/parts/field.tsx";
import type { Ledger } from "@/lib/wire/evaluations/looks.ts";
import { countWords } from "@/lib/words/numbers.ts";
import { confirmLookAction } from "./actions.ts";

type ConfirmLookProps = { projectId: string; ledger: Ledger; canConfirm: boolean };

/** An admin's word for one look past the budget, where it is spent; how many confirmed ones wait. */
export function ConfirmLook({ projectId, ledger, canConfirm }: ConfirmLookProps) {
  const toast = useToast();
  const { budget, count, inherited, confirmed, manifest } = ledger;
  if (count + inherited < budget)
    return <p className="text-sm text-muted">The budget of {countWords(budget, "look")} isn't spent yet.</p>;
  return (
    <div className="grid gap-4">
      {confirmed > 0 && (
        <p className="text-sm">{countWords(confirmed, "confirmed look waits", "confirmed looks wait")} to be used.</p>
      )}
      {canConfirm ? (
        <ActionForm
          action={confirmLookAction.bind(null, projectId, manifest)}
          onDone={() => toast({ title: "One more look is confirmed." })}
        >
          <TextField
            label="Why it is right to look once more"
            name="reason"
            rows={3}
            required
            maxLength={2000}
            hint="It is final, stands in the audit under your name, and is for one look."
          />
          <Submit look="danger" className="justify-self-start">
            Confirm one more look
          </Submit>
        </ActionForm>
      ) : (
        <p className="text-sm text-muted">An admin can confirm one more look here.</p>
      )}
    </div>
  );
}
