/** What stands beside a trial's status, for people. */
import type { Trial } from "../wire/studies/trials.ts";

const infeasibleWords: Record<string, string> = {
  crashed: "it crashed",
  diverged: "it diverged",
  "out-of-memory": "memory was short",
  data: "its data can't be used",
  other: "it was refused",
};

/** By whom or what a trial is held up, or was ended; empty: nothing is to be said. */
export function trialStandingWords({ status, isHeld, signal, claims, infeasible, stoppedBy }: StandingTrial): string {
  if (status === "queued") return isHeld ? "paused" : "";
  if (status === "running") {
    if (signal === "stop") return "is told to stop";
    if (signal === "pause") return "is told to pause";
    return claims > 1 ? `taken ${claims} times` : "";
  }
  if (infeasible !== null) return infeasibleWords[infeasible] ?? infeasible;
  if (stoppedBy === null) return "";
  if (stoppedBy === "median" || stoppedBy === "halving") return `by the rule of ${stoppedBy}`;
  return `by ${stoppedBy}`;
}

type StandingTrial = Pick<Trial, "status" | "isHeld" | "signal" | "claims" | "infeasible" | "stoppedBy">;
