"use client";
/** A button that calls a server action, and says in a toast what came of it. */
import { type ReactNode, useTransition } from "react";
import { Button, type ButtonLook } from "../parts/button.tsx";
import type { ActionOutcome } from "../parts/outcome.ts";
import { useToast } from "./toast.tsx";

type ActButtonProps = {
  action: () => Promise<ActionOutcome<unknown>>;
  /** The news if it went well. */
  done: string;
  look?: ButtonLook;
  children: ReactNode;
};

export function ActButton({ action, done, look, children }: ActButtonProps) {
  const toast = useToast();
  const [pending, startTransition] = useTransition();
  const run = () =>
    startTransition(async () => {
      const outcome = await action();
      toast(outcome.ok ? { title: done } : { title: outcome.error, tone: "danger" });
    });
  return (
    <Button look={look} onClick={run} disabled={pending} aria-busy={pending}>
      {children}
    </Button>
  );
}
