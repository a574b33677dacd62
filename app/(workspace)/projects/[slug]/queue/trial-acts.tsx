"use client";
/** What can be done with a trial now, as buttons of its row. */
import { CircleStop, type LucideIcon, Pause, Play, RotateCcw } from "lucide-react";
import { useTransition } from "react";
import { useToast } from "@/app/_ui/overlays/toast.tsx";
import { Button } from "@/app/_ui/parts/button.tsx";
import type { Trial } from "@/lib/wire/studies/trials.ts";
import { trialAction } from "./actions.ts";

type Act = Parameters<typeof trialAction>[1];
const looks: Record<Act, { icon: LucideIcon; words: string; done: string }> = {
  pause: { icon: Pause, words: "Pause", done: "is paused" },
  go: { icon: Play, words: "Go on with", done: "goes on" },
  stop: { icon: CircleStop, words: "Stop", done: "is stopped" },
  retry: { icon: RotateCcw, words: "Try again", done: "waits again" },
};

function actsOf({ status, isHeld, signal }: Trial): Act[] {
  if (status === "queued") return [isHeld ? "go" : "pause", "stop"];
  if (status === "running")
    return signal === "none" ? ["pause", "stop"] : ["go", ...(signal === "pause" ? ["stop" as const] : [])];
  return status === "finished" ? [] : ["retry"];
}

export function TrialActs({ trial, name }: { trial: Trial; name: string }) {
  const toast = useToast();
  const [pending, startTransition] = useTransition();
  const run = (act: Act) =>
    startTransition(async () => {
      const outcome = await trialAction(trial.id, act);
      toast(outcome.ok ? { title: `${name} ${looks[act].done}.` } : { title: outcome.error, tone: "danger" });
    });
  return (
    <span className="flex justify-end">
      {actsOf(trial).map((act) => {
        const { icon: Icon, words } = looks[act];
        return (
          <Button
            key={act}
            look="ghost"
            icon
            className="h-7 w-7"
            disabled={pending}
            aria-label={`${words} ${name}`}
            title={words}
            onClick={() => run(act)}
          >
            <Icon aria-hidden />
          </Button>
        );
      })}
    </span>
  );
}
