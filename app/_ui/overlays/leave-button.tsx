"use client";
import { type ReactNode, useState, useTransition } from "react";
import { Button } from "../parts/button.tsx";
import type { ActionOutcome } from "../parts/outcome.ts";

type LeaveButtonProps = { action: () => Promise<ActionOutcome<string>>; className?: string; children: ReactNode };

/** A button that asks the server for an address of another site, and goes there. */
export function LeaveButton({ action, className, children }: LeaveButtonProps) {
  const [pending, startTransition] = useTransition();
  const [error, setError] = useState<string | null>(null);
  const leave = () =>
    startTransition(async () => {
      setError(null);
      const outcome = await action();
      if (outcome.ok) window.location.assign(outcome.value);
      else setError(outcome.error);
    });
  return (
    <div className="grid gap-2">
      <Button onClick={leave} disabled={pending} aria-busy={pending} className={className}>
        {children}
      </Button>
      {error && (
        <p role="alert" className="text-xs text-danger">
          {error}
        </p>
      )}
    </div>
  );
}
