import Link from "next/link";
import { Badge } from "@/app/_ui/parts/badge.tsx";
import { Time } from "@/app/_ui/parts/time.tsx";
import { runHref } from "@/app/paths.ts";
import type { Claim } from "@/lib/wire/champions.ts";
import { claimStandingWords, ruleWords, seenWords } from "@/lib/words/champions/champion-words.ts";
import type { ManifestPlace } from "./actions.ts";
import { SignOffMark } from "./sign-off-mark.tsx";
import { WordForm } from "./word-form.tsx";

type HistoryProps = { place: ManifestPlace; claims: Claim[]; championId: string | null; canWrite: boolean };

/** The claims of a manifest from the newest to the first, each with its reason and what members said. */
export function History({ place, claims, championId, canWrite }: HistoryProps) {
  return (
    <ol className="grid gap-0">
      {claims.map((claim) => (
        <li key={claim.id} className="grid gap-2 border-l-2 border-line pb-6 pl-4 text-sm last:pb-0">
          <div className="flex flex-wrap items-baseline gap-x-2 gap-y-1">
            <span className="text-muted tabular-nums">{claim.number}.</span>
            <Link
              href={runHref(place.slug, claim.run.id)}
              prefetch={false}
              className="font-medium wrap-anywhere hover:text-accent"
            >
              {claim.run.name}
            </Link>
            {claim.id === championId && <Badge tone="accent">champion</Badge>}
            <Badge tone={claim.standing === "unproven" ? "warning" : "plain"}>
              {claimStandingWords(claim.standing)}
            </Badge>
            <span className="text-muted">
              {claim.claimedBy}, <Time at={claim.claimedAt} />
            </span>
            <SignOffMark claim={claim} />
          </div>
          <p className="max-w-160 whitespace-pre-wrap wrap-anywhere">{claim.reason}</p>
          <p className="text-muted tabular-nums">
            {claim.evidence.map((one) => seenWords(one, claim.rule.metric)).join(" · ")}
          </p>
          <p className="text-xs text-muted">
            By {ruleWords(claim.rule)} ({claim.written}), best of {claim.candidates}.
          </p>
          <Said claim={claim} />
          {canWrite && <WordForm project={place.projectId} claim={claim.id} number={claim.number} />}
        </li>
      ))}
    </ol>
  );
}

/** Refusals, sign-offs with a word, and words, in the order in which they were written. */
export function Said({ claim }: { claim: Pick<Claim, "signOffs" | "words"> }) {
  const signed = claim.signOffs.map(({ approves, ...said }) => ({ ...said, did: approves ? "signed off" : "refused" }));
  const said = [...signed, ...claim.words.map((word) => ({ ...word, did: "wrote" }))];
  said.sort((a, b) => a.at.localeCompare(b.at));
  if (said.length === 0) return null;
  return (
    <ul className="grid gap-1">
      {said.map(({ by, at, word, did }) => (
        <li key={`${by} ${at}`} className="wrap-anywhere">
          <span className="text-muted">
            {by} {did}, <Time at={at} />
            {word && ": "}
          </span>
          {word}
        </li>
      ))}
    </ul>
  );
}
