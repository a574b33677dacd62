"use client";
/** A dialog over the page, which is loaded once somebody reaches for it, and one that asks before something final. */
import { Slot } from "radix-ui";
import { type ReactNode, type RefObject, useRef, useState, useTransition } from "react";
import { Button } from "../parts/button.tsx";
import type { ActionOutcome } from "../parts/outcome.ts";
import { fetched } from "./fetched.tsx";

const DialogBox = fetched(async () => (await import("./dialog-box.tsx")).DialogBox);

type DialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  description?: ReactNode;
  /** The button that opens it. */
  trigger?: ReactNode;
  /** Has the focus again when the dialog closes, where something else than `trigger` opens it. */
  opener?: RefObject<HTMLElement | null>;
  children: ReactNode;
};

export function Dialog({ open, onOpenChange, trigger, opener: other, ...box }: DialogProps) {
  const own = useRef<HTMLElement>(null);
  const opener = other ?? own;
  return (
    <>
      {trigger && (
        <Slot.Root
          ref={opener}
          aria-haspopup="dialog"
          aria-expanded={open}
          onPointerEnter={DialogBox.prepare}
          onFocus={DialogBox.prepare}
          onClick={() => onOpenChange(true)}
        >
          {trigger}
        </Slot.Root>
      )}
      {open && <DialogBox opener={opener} onClose={() => onOpenChange(false)} {...box} />}
    </>
  );
}

type ConfirmProps = {
  /** The button that asks. */
  trigger: ReactNode;
  title: string;
  /** What will be gone, and that it can't be had back. */
  description: ReactNode;
  /** The word on the button that does it. */
  confirm: string;
  action: () => Promise<ActionOutcome<unknown>>;
  onDone?: () => void;
  /** What is chosen before. */
  children?: ReactNode;
};

export function Confirm({ trigger, title, description, confirm, action, onDone, children }: ConfirmProps) {
  const [open, setOpen] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const [pending, startTransition] = useTransition();
  const run = () =>
    startTransition(async () => {
      const outcome = await action();
      setError(outcome.ok ? null : outcome.error);
      if (!outcome.ok) return;
      setOpen(false);
      onDone?.();
    });
  return (
    <Dialog open={open} onOpenChange={setOpen} title={title} description={description} trigger={trigger}>
      {children}
      {error && (
        <p role="alert" className="text-sm text-danger">
          {error}
        </p>
      )}
      <div className="flex justify-end gap-2">
        <Button onClick={() => setOpen(false)}>Cancel</Button>
        <Button look="danger" onClick={run} disabled={pending} aria-busy={pending}>
          {confirm}
        </Button>
      </div>
    </Dialog>
  );
}
