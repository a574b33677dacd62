/** Claims that another project or installation made: its history of champions beside ours, and told apart from it. */
import Link from "next/link";
import { Badge } from "@/app/_ui/parts/badge.tsx";
import { Section } from "@/app/_ui/parts/section.tsx";
import { Time } from "@/app/_ui/parts/time.tsx";
import { runHref } from "@/app/paths.ts";
import type { ImportedClaim } from "@/lib/exports/imported.ts";
import { claimStandingWords, ruleWords } from "@/lib/words/champions/champion-words.ts";
import { countWords, listWords } from "@/lib/words/numbers.ts";
import { Said } from "./history.tsx";

type ImportedClaimsProps = {
  slug: string;
  claims: ImportedClaim[];
  /** Names of the project's manifests by id. */
  manifests: ReadonlyMap<string, string>;
};

/** The section; nothing where none came. */
export function ImportedClaims({ slug, claims, manifests }: ImportedClaimsProps) {
  if (claims.length === 0) return null;
  return (
    <Section
      title="Came with an import"
      about="Claims that another project or installation made, the newest first, as they came. None makes a champion here: that is claimed here, on evidence that was computed here."
      wide
    >
      <ol className="grid gap-0">
        {claims.map((claim) => (
          <li
            key={`${claim.run} ${claim.id}`}
            className="grid gap-2 border-l-2 border-line pb-6 pl-4 text-sm last:pb-0"
          >
            <div className="flex flex-wrap items-baseline gap-x-2 gap-y-1">
              <span className="text-muted tabular-nums">{claim.number}.</span>
              <RunName slug={slug} claim={claim} />
              <Badge>came with an import</Badge>
              <Badge tone={claim.standing === "unproven" ? "warning" : "plain"}>
                {claimStandingWords(claim.standing)}
              </Badge>
              <span className="wrap-anywhere text-muted">
                {claim.by} in {claim.project}, <Time at={claim.at} />
              </span>
              <SignedThere signOffs={claim.signOffs} />
            </div>
            <p className="max-w-160 whitespace-pre-wrap wrap-anywhere">{claim.reason}</p>
            <p className="text-xs wrap-anywhere text-muted">
              By {ruleWords(claim.rule)} ({claim.written}), best of {claim.candidates}, on{" "}
              {manifests.get(claim.manifest) ?? `manifest ${claim.manifest.slice(0, 12)}, which isn't here`};{" "}
              {countWords(claim.evidence.length, "evaluation")} as evidence
              {claim.replaced !== null && ", in place of an earlier claim"}.
            </p>
            <Said claim={claim} />
          </li>
        ))}
      </ol>
    </Section>
  );
}

function RunName({ slug, claim: { run, runName } }: { slug: string; claim: ImportedClaim }) {
  if (runName === null) return <span className="text-muted">a deleted run</span>;
  return (
    <Link href={runHref(slug, run)} prefetch={false} className="font-medium wrap-anywhere hover:text-accent">
      {runName}
    </Link>
  );
}

/** Who signed it off there, or refused it. */
function SignedThere({ signOffs }: Pick<ImportedClaim, "signOffs">) {
  const refused = signOffs.filter(({ approves }) => !approves);
  const shown = refused.length > 0 ? refused : signOffs;
  if (shown.length === 0) return <span className="text-muted">not signed off there</span>;
  const did = refused.length > 0 ? "refused" : "signed off";
  return (
    <span className="wrap-anywhere text-muted">
      {did} there by {listWords(shown.map(({ by }) => by))}
    </span>
  );
}
