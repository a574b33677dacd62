/** A run's status as colour, shape and word. */
import {
  CircleCheck,
  CircleDashed,
  CircleDot,
  CircleQuestionMark,
  CircleX,
  type LucideIcon,
  OctagonMinus,
} from "lucide-react";
import type { FailureReason, RunStatus } from "@/lib/wire/base/words.ts";

const looks: Record<RunStatus, { icon: LucideIcon; colour: string; meaning: string }> = {
  queued: { icon: CircleDashed, colour: "text-queued", meaning: "Created; no process has started it yet" },
  running: { icon: CircleDot, colour: "text-running", meaning: "A process is at work on it" },
  finished: { icon: CircleCheck, colour: "text-finished", meaning: "Ended as planned" },
  failed: { icon: CircleX, colour: "text-failed", meaning: "Ended by an error" },
  killed: { icon: OctagonMinus, colour: "text-killed", meaning: "Stopped by somebody" },
  lost: { icon: CircleQuestionMark, colour: "text-lost", meaning: "No sign of life for over a minute" },
};

type StatusBadgeProps = { status: RunStatus; reason?: FailureReason | null };

export function StatusBadge({ status, reason }: StatusBadgeProps) {
  const { icon: Icon, colour, meaning } = looks[status];
  return (
    <span className={`inline-flex items-center gap-1.5 text-sm whitespace-nowrap ${colour}`} title={meaning}>
      <Icon aria-hidden className="size-3.5 shrink-0" strokeWidth={2.25} />
      {status}
      {reason && reason !== "other" && <span className="text-muted">· {reason.replaceAll("-", " ")}</span>}
    </span>
  );
}
