"use client";
/** A waiting trial's priority, changed in place: Enter, or leaving the field, keeps it. */
import { useState, useTransition } from "react";
import { useToast } from "@/app/_ui/overlays/toast.tsx";
import { Input } from "@/app/_ui/parts/field.tsx";
import { PRIORITY_MAX } from "@/lib/wire/studies/trials.ts";
import { priorityAction } from "./actions.ts";

type PriorityProps = { trial: string; name: string; priority: number };

export function Priority({ trial, name, priority }: PriorityProps) {
  const toast = useToast();
  const [typed, setTyped] = useState<string | null>(null);
  const [pending, startTransition] = useTransition();
  const keep = () => {
    if (typed === null) return;
    const wanted = Number(typed);
    if (typed.trim() === "" || wanted === priority) return setTyped(null);
    startTransition(async () => {
      const outcome = await priorityAction(trial, wanted);
      if (!outcome.ok) toast({ title: outcome.error, tone: "danger" });
      setTyped(null);
    });
  };
  return (
    <span className="ml-auto block w-20">
      <Input
        type="number"
        aria-label={`Priority of ${name}`}
        min={-PRIORITY_MAX}
        max={PRIORITY_MAX}
        step={1}
        value={typed ?? priority}
        disabled={pending}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={keep}
        onKeyDown={(event) => {
          if (event.key === "Enter") event.currentTarget.blur();
          if (event.key === "Escape") setTyped(null);
        }}
        className="h-7 text-right tabular-nums"
      />
    </span>
  );
}
