import { Download, FileBadge, FileText, Trophy } from "lucide-react";
import Link from "next/link";
import { buttonClass } from "@/app/_ui/parts/button.tsx";
import { Time } from "@/app/_ui/parts/time.tsx";
import { artifactApi, certificateApi, championCardHref, newReviewHref, runHref } from "@/app/paths.ts";
import type { ChampionComparison, Claim } from "@/lib/wire/champions.ts";
import { candidatesWords, replacementWords, ruleWords, writtenWords } from "@/lib/words/champions/champion-words.ts";
import type { ManifestPlace } from "./actions.ts";
import { EvidenceTable } from "./evidence-table.tsx";
import { SignOffButtons } from "./sign-off.tsx";
import { SignOffMark } from "./sign-off-mark.tsx";

type ChampionNowProps = {
  place: ManifestPlace;
  manifest: string;
  claim: Claim;
  comparison: ChampionComparison | null;
  canSign: boolean;
  canAsk: boolean;
};

/** The champion: which weights, why, and how far that can be believed. */
export function ChampionNow({ place, manifest, claim, comparison, canSign, canAsk }: ChampionNowProps) {
  const { run, checkpoint, rule, evidence } = claim;
  const replaced = replacementWords(claim, comparison);
  return (
    <section aria-labelledby="champion" className="grid gap-5 border-b border-line px-4 py-6 md:px-6">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div className="grid min-w-0 gap-1">
          <p className="flex items-center gap-1.5 text-sm text-muted [&_svg]:size-4">
            <Trophy aria-hidden />
            Champion on {manifest}
          </p>
          <h2 id="champion" className="text-xl font-semibold tracking-tight wrap-anywhere">
            <Link href={runHref(place.slug, run.id)} prefetch={false} className="hover:text-accent">
              {run.name}
            </Link>
            {run.isDeleted && <span className="text-sm font-normal text-warning"> deleted</span>}
          </h2>
          <p className="text-sm text-muted">
            Claimed by {claim.claimedBy}, <Time at={claim.claimedAt} />: <SignOffMark claim={claim} />
          </p>
        </div>
        <div className="flex flex-wrap gap-2">
          {canAsk && (
            <Link
              href={newReviewHref(place.slug, new URLSearchParams({ claim: claim.id }))}
              prefetch={false}
              className={buttonClass()}
            >
              Ask for a review
            </Link>
          )}
          {canSign && <SignOffButtons project={place.projectId} claim={claim.id} />}
        </div>
      </div>
      <p className="max-w-160 text-sm whitespace-pre-wrap wrap-anywhere">{claim.reason}</p>
      <EvidenceTable slug={place.slug} evidence={evidence} metric={rule.metric} />
      <ul className="grid max-w-180 gap-1 text-sm">
        {replaced && <li>{replaced}</li>}
        <li>Rule: {ruleWords(rule)}.</li>
        <li className={claim.written === "afterwards" ? "text-warning" : ""}>{writtenWords(claim.written)}</li>
        <li className={claim.candidates > 1 ? "text-warning" : ""}>{candidatesWords(claim)}</li>
      </ul>
      <div className="flex flex-wrap items-center gap-2 text-sm">
        <a href={artifactApi(run.id, checkpoint.path)} download className={buttonClass()}>
          <Download aria-hidden />
          Weights
        </a>
        <Link href={championCardHref(place.slug, place.manifestId)} prefetch={false} className={buttonClass()}>
          <FileText aria-hidden />
          Model card
        </Link>
        <a href={certificateApi(place.slug, place.manifestId)} download className={buttonClass()}>
          <FileBadge aria-hidden />
          Certificate
        </a>
        <span className="min-w-0 font-mono text-xs break-all text-muted">
          {checkpoint.path}, step {checkpoint.step}, {checkpoint.sha256.slice(0, 12)}
        </span>
      </div>
    </section>
  );
}
