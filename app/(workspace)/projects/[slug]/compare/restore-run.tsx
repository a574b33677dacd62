"use client";
/** Brings a deleted run back into the comparison. */
import { useTransition } from "react";
import { restoreRunAction } from "@/app/_ui/domain/run-actions.ts";
import { useToast } from "@/app/_ui/overlays/toast.tsx";

export function RestoreRun({ run, name }: { run: string; name: string }) {
  const toast = useToast();
  const [pending, startTransition] = useTransition();
  const restore = () =>
    startTransition(async () => {
      const outcome = await restoreRunAction(run);
      toast(outcome.ok ? { title: `${name} is back.` } : { title: outcome.error, tone: "danger" });
    });
  return (
    <button
      type="button"
      onClick={restore}
      disabled={pending}
      aria-label={`Restore ${name}`}
      className="ml-2 text-accent underline disabled:opacity-50 print:hidden"
    >
      Restore
    </button>
  );
}
