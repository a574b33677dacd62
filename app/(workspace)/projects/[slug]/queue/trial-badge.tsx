/** A trial's status as colour, shape and word. */
import {
  CircleCheck,
  CircleDashed,
  CircleDot,
  CircleSlash,
  CircleX,
  type LucideIcon,
  OctagonMinus,
} from "lucide-react";
import type { TrialStatus } from "@/lib/wire/studies/trials.ts";

const looks: Record<TrialStatus, { icon: LucideIcon; colour: string }> = {
  queued: { icon: CircleDashed, colour: "text-queued" },
  running: { icon: CircleDot, colour: "text-running" },
  finished: { icon: CircleCheck, colour: "text-finished" },
  failed: { icon: CircleX, colour: "text-failed" },
  stopped: { icon: OctagonMinus, colour: "text-killed" },
  cancelled: { icon: CircleSlash, colour: "text-muted" },
};

export function TrialBadge({ status }: { status: TrialStatus }) {
  const { icon: Icon, colour } = looks[status];
  return (
    <span className={`inline-flex items-center gap-1.5 text-sm whitespace-nowrap ${colour}`}>
      <Icon aria-hidden className="size-3.5 shrink-0" strokeWidth={2.25} />
      {status}
    </span>
  );
}
