/** A check's verdict as colour, shape and word. */
import {
  CircleAlert,
  CircleCheck,
  CircleMinus,
  CircleQuestionMark,
  LoaderCircle,
  type LucideIcon,
  OctagonX,
  TriangleAlert,
} from "lucide-react";
import type { Verdict } from "@/lib/wire/checks.ts";
import type { Manifest } from "@/lib/wire/manifests.ts";
import { Badge } from "../parts/badge.tsx";

const looks: Record<Verdict, { icon: LucideIcon; colour: string; word: string; meaning: string }> = {
  pass: { icon: CircleCheck, colour: "text-finished", word: "pass", meaning: "Nothing was found" },
  "not-applicable": {
    icon: CircleMinus,
    colour: "text-muted",
    word: "not applicable",
    meaning: "Nothing of the kind is there to be compared: it weighs nothing",
  },
  warn: { icon: TriangleAlert, colour: "text-warning", word: "warn", meaning: "Look at it before trusting a number" },
  block: { icon: OctagonX, colour: "text-danger", word: "block", meaning: "Numbers on this split would mislead" },
  "cannot-tell": {
    icon: CircleQuestionMark,
    colour: "text-muted",
    word: "cannot tell",
    meaning: "What should be compared couldn't be",
  },
};

/** `checksFailed`: there is no verdict, and none is on its way. */
export function VerdictMark({ verdict, checksFailed = false }: { verdict: Verdict | null; checksFailed?: boolean }) {
  if (verdict === null && checksFailed)
    return (
      <span
        className="inline-flex items-center gap-1.5 text-sm whitespace-nowrap text-danger"
        title="They ended with an error: the manifest's page says which, and has them run again"
      >
        <CircleAlert aria-hidden className="size-3.5 shrink-0" />
        checks failed
      </span>
    );
  if (verdict === null)
    return (
      <span className="inline-flex items-center gap-1.5 text-sm whitespace-nowrap text-muted">
        <LoaderCircle aria-hidden className="size-3.5" />
        checking
      </span>
    );
  const { icon: Icon, colour, word, meaning } = looks[verdict];
  return (
    <span className={`inline-flex items-center gap-1.5 text-sm whitespace-nowrap ${colour}`} title={meaning}>
      <Icon aria-hidden className="size-3.5 shrink-0" strokeWidth={2.25} />
      {word}
    </span>
  );
}

type StandingProps = { manifest: Pick<Manifest, "verdict" | "override"> | null };

/** What every page that shows a run's numbers says of its manifest: nothing, if there is nothing to say against it. */
export function ManifestStanding({ manifest }: StandingProps) {
  if (!manifest)
    return (
      <span title="It names no split manifest, so nothing says which samples it was trained and validated on">
        <Badge tone="warning">uncited</Badge>
      </span>
    );
  if (manifest.verdict === null)
    return (
      <span title="The checks of its split manifest aren't done: nothing speaks for its numbers yet">
        <Badge tone="warning">not checked yet</Badge>
      </span>
    );
  if (manifest.verdict !== "block") return null;
  return manifest.override ? (
    <span title={`${manifest.override.by}: ${manifest.override.reason}`}>
      <Badge tone="warning">blocked, overridden</Badge>
    </span>
  ) : (
    <Badge tone="danger">manifest blocked</Badge>
  );
}
