/** What a reader of a run must know before its numbers: how it ended, and what is doubtful about it. */

import Link from "next/link";
import { StatusBadge } from "@/app/_ui/domain/status-badge.tsx";
import { ManifestStanding, VerdictMark } from "@/app/_ui/domain/verdict.tsx";
import { Badge } from "@/app/_ui/parts/badge.tsx";
import { Time } from "@/app/_ui/parts/time.tsx";
import { anyRunHref, manifestHref, manifestLooksHref, quarantineHref } from "@/app/paths.ts";
import { importedFrom } from "@/lib/runs/imported-from.ts";
import type { RunDetail } from "@/lib/runs/runs.ts";
import { type Failure, MANIFEST_REFUSED } from "@/lib/wire/runs.ts";
import { countWords, durationWords } from "@/lib/words/numbers.ts";

type RunFactsProps = {
  run: RunDetail;
  overwrittenCount: number;
  /** Series that are kept out of sight, and its looks at the test split. */
  quarantinedCount: number;
  lookCount: number;
  /** Whether the project has manifests: else that a run cites none says nothing of it. */
  usesManifests: boolean;
};

export function RunFacts({ run, overwrittenCount, quarantinedCount, lookCount, usesManifests }: RunFactsProps) {
  const until = run.endedAt ?? run.heartbeatAt;
  const resumes = run.attemptList.filter(({ resumeStep }) => resumeStep !== null);
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 text-sm text-muted md:px-6">
      <StatusBadge status={run.status} reason={run.failure?.reason} />
      {run.startedAt && until && <span>{durationWords(Date.parse(until) - Date.parse(run.startedAt))}</span>}
      <ManifestFact run={run} usesManifests={usesManifests} />
      {run.seed !== null && <span>seed {run.seed}</span>}
      {run.parent && <ParentStanding parent={run.parent} name={run.relatives.parent?.name ?? "a run that is gone"} />}
      {quarantinedCount > 0 && (
        <Link prefetch={false} href={quarantineHref(run.slug, run.id)} className="inline-flex hover:underline">
          <Badge tone="warning">{countWords(quarantinedCount, "series", "series")} quarantined</Badge>
        </Link>
      )}
      {lookCount > 0 && (
        <Link prefetch={false} href={looksOf(run)} className="inline-flex hover:underline">
          <Badge>{countWords(lookCount, "look")} at test</Badge>
        </Link>
      )}
      {run.attempts > 1 && (
        <span title={resumes.map(({ number, resumeStep }) => `attempt ${number} from step ${resumeStep}`).join(", ")}>
          {countWords(run.attempts, "attempt")}
        </span>
      )}
      {run.pointsLost > 0 && (
        <Badge tone="warning">
          <span title="The trainer could neither send nor keep them: its curves have holes">
            {countWords(run.pointsLost, "point")} lost
          </span>
        </Badge>
      )}
      {overwrittenCount > 0 && (
        <Badge>
          <span title="These steps were logged again, as after a resume; the later value counts">
            {countWords(overwrittenCount, "point")} overwritten
          </span>
        </Badge>
      )}
      <span>
        created <Time at={run.createdAt} /> by {run.createdBy}
      </span>
      <ImportedFrom environment={run.environment} />
    </div>
  );
}

/** Who logged an imported run elsewhere, and when, by that tracker's word. */
function ImportedFrom({ environment }: Pick<RunDetail, "environment">) {
  const origin = importedFrom(environment);
  if (!origin) return null;
  const { source, run, user, startedAt, endedAt, lastAt } = origin;
  return (
    <span className="wrap-anywhere" data-testid="imported-from">
      imported from {source}: run <span className="font-mono text-xs">{run}</span>
      {user && `, by ${user}`}
      {startedAt && (
        <>
          , started <Time at={startedAt} />
        </>
      )}
      {endedAt && (
        <>
          , ended <Time at={endedAt} />
        </>
      )}
      {!endedAt && lastAt && (
        <>
          , last point <Time at={lastAt} />
        </>
      )}
    </span>
  );
}

/** The ledger of the test split that it looked at; a run that cites no manifest logged what it looked at. */
const looksOf = ({ slug, id, citedManifest }: RunDetail): string =>
  citedManifest ? manifestLooksHref(slug, citedManifest.id) : quarantineHref(slug, id);

/** The manifest that a run cites, with its verdict; that it cites none, where its project uses manifests. */
function ManifestFact({ run, usesManifests }: Pick<RunFactsProps, "run" | "usesManifests">) {
  const manifest = run.citedManifest;
  const refused = run.environment[MANIFEST_REFUSED];
  if (!manifest)
    return (
      <>
        {usesManifests && (
          <span title="Nothing says which samples it was trained and validated on">
            <Badge tone="warning">cites no manifest</Badge>
          </span>
        )}
        {refused && <span className="wrap-anywhere">its split manifest was refused: {refused}</span>}
      </>
    );
  return (
    <span className="inline-flex min-w-0 flex-wrap items-center gap-x-2">
      <span className="min-w-0 wrap-anywhere">
        on{" "}
        <Link
          prefetch={false}
          href={manifestHref(run.slug, manifest.id)}
          className="text-text hover:underline"
          title={manifest.id}
        >
          {manifest.name}
        </Link>
      </span>
      {manifest.verdict === null || manifest.verdict === "block" ? (
        <ManifestStanding manifest={manifest} />
      ) : (
        <VerdictMark verdict={manifest.verdict} />
      )}
    </span>
  );
}

type ParentStandingProps = { parent: NonNullable<RunDetail["parent"]>; name: string };

/** Which run the weights come from, and what that means for the test split. */
function ParentStanding({ parent: { run, testSamplesSeen }, name }: ParentStandingProps) {
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2">
      <span>
        from{" "}
        <Link prefetch={false} href={anyRunHref(run)} className="text-text hover:underline">
          {name}
        </Link>
      </span>
      {testSamplesSeen !== null && testSamplesSeen > 0 && (
        <Badge tone="danger">
          <span title="The run that its weights come from was trained on them: test numbers would be too good">
            {countWords(testSamplesSeen, "test sample")} seen in training before
          </span>
        </Badge>
      )}
      {testSamplesSeen === null && (
        <Badge tone="warning">
          <span title="A run in this line, or this one, cites no manifest">
            nobody knows what its weights have seen
          </span>
        </Badge>
      )}
    </span>
  );
}

/** Why a run failed, or what stopped it. A stopped run isn't shown as an error. */
export function WhyItEnded({ failure, killed }: { failure: Failure; killed: boolean }) {
  const { reason, message, stack, signal } = failure;
  const words = [
    reason !== "other" && reason.replaceAll("-", " "),
    signal && !message.includes(signal) && `signal ${signal}`,
  ].filter(Boolean);
  return (
    <section
      aria-label="Why it ended"
      className={`mx-4 mb-3 grid gap-2 rounded-md px-3 py-2.5 text-sm md:mx-6 ${killed ? "bg-warning-soft" : "bg-danger-soft"}`}
    >
      <p className="wrap-anywhere">
        {words.length > 0 && (
          <span className={`font-medium ${killed ? "text-warning" : "text-danger"}`}>{words.join(", ")}</span>
        )}
        {words.length > 0 && message && ": "}
        {message}
      </p>
      {stack && (
        <details open={stack.split("\n").length <= 8}>
          <summary className="text-xs text-muted">Stack</summary>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard scrolls it */}
          <pre tabIndex={0} className="mt-1 max-h-80 overflow-auto font-mono text-xs leading-5">
            {stack}
          </pre>
        </details>
      )}
    </section>
  );
}
