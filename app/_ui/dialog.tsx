"use client";
/** A dialog over the page, and one that asks before something that can't be undone. */
import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import { type ReactNode, useState, useTransition } from "react";
import { Button, buttonClass } from "./button.tsx";
import type { Outcome } from "./outcome.ts";

type DialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  description?: ReactNode;
  /** The button that opens it. */
  trigger?: ReactNode;
  children: ReactNode;
};

export function Dialog({ open, onOpenChange, title, description, trigger, children }: DialogProps) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      {trigger && <Radix.Trigger asChild>{trigger}</Radix.Trigger>}
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-scrim" />
        <Radix.Content
          {...(description ? {} : { "aria-describedby": undefined })}
          className="fixed top-[12vh] left-1/2 z-50 grid max-h-[80vh] w-[calc(100vw-32px)] max-w-120 -translate-x-1/2
            animate-appear gap-4 overflow-y-auto rounded-xl bg-raised p-5 shadow-float"
        >
          <div className="grid gap-1 pr-8">
            <Radix.Title className="text-lg font-semibold">{title}</Radix.Title>
            {description && (
              <Radix.Description className="text-sm text-muted" asChild>
                <div>{description}</div>
              </Radix.Description>
            )}
          </div>
          {children}
          <Radix.Close className={`${buttonClass("ghost", true)} absolute top-3 right-3`} aria-label="Close">
            <X aria-hidden />
          </Radix.Close>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
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
  action: () => Promise<Outcome<unknown>>;
  onDone?: () => void;
};

export function Confirm({ trigger, title, description, confirm, action, onDone }: ConfirmProps) {
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
