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
import type { Verdict } from "@/lib/wire/data/checks.ts";
import type { Manifest } from "@/lib/wire/data/manifests.ts";
import { checkingWords, checksFailedWords, standingWords, verdictMeaning, verdictWords } from "@/lib/words/verdicts.ts";
import { Badge } from "../parts/badge.tsx";

const looks: Record<Verdict, { icon: LucideIcon; colour: string }> = {
  pass: { icon: CircleCheck, colour: "text-finished" },
  "not-applicable": { icon: CircleMinus, colour: "text-muted" },
  "cannot-tell": { icon: CircleQuestionMark, colour: "text-text" },
  warn: { icon: TriangleAlert, colour: "text-warning" },
  block: { icon: OctagonX, colour: "text-danger" },
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
        {checksFailedWords}
      </span>
    );
  if (verdict === null)
    return (
      <span className="inline-flex items-center gap-1.5 text-sm whitespace-nowrap text-muted">
        <LoaderCircle aria-hidden className="size-3.5" />
        {checkingWords}
      </span>
    );
  const { icon: Icon, colour } = looks[verdict];
  return (
    <span
      className={`inline-flex items-center gap-1.5 text-sm whitespace-nowrap ${colour}`}
      title={verdictMeaning(verdict)}
    >
      <Icon aria-hidden className="size-3.5 shrink-0" strokeWidth={2.25} />
      {verdictWords(verdict)}
    </span>
  );
}

type ManifestStandingProps = { manifest: Pick<Manifest, "verdict" | "override"> | null };

/** What every page that shows a run's numbers says of its manifest: nothing, if there is nothing to say against it. */
export function ManifestStanding({ manifest }: ManifestStandingProps) {
  if (!manifest)
    return (
      <span title="It names no split manifest, so nothing says which samples it was trained and validated on">
        <Badge tone="warning">uncited</Badge>
      </span>
    );
  if (manifest.verdict === null)
    return (
      <span title="The checks of its split manifest aren't done: nothing speaks for its numbers yet">
        <Badge tone="warning">{standingWords(manifest)}</Badge>
      </span>
    );
  if (manifest.verdict !== "block") return null;
  return manifest.override ? (
    <span title={`${manifest.override.by}: ${manifest.override.reason}`}>
      <Badge tone="warning">{standingWords(manifest)}</Badge>
    </span>
  ) : (
    <Badge tone="danger">manifest blocked</Badge>
  );
}
