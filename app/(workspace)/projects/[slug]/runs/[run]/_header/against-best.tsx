/** A run's best value beside that of the project's best run: a difference where the two can be compared, else why not. */
import Link from "next/link";
import type { ReactNode } from "react";
import { runHref } from "@/app/paths.ts";
import type { BestRun } from "@/lib/projects/best-run.ts";
import type { RunDetail } from "@/lib/runs/runs.ts";
import type { RunStanding } from "@/lib/table/run-standing.ts";
import { fullWords } from "@/lib/words/numbers.ts";
import { differenceWords, gainOver } from "./difference.ts";
import { Label } from "./label.tsx";

type AgainstBestProps = {
  run: RunDetail;
  /** Null where the run has none. */
  value: number | null;
  standing: RunStanding;
  format: (value: number) => string;
};

export function AgainstBest(props: AgainstBestProps) {
  const { value, standing } = props;
  const { best, bestOnManifest } = standing;
  if (!best)
    return (
      <Comparison title={value === null ? "none yet" : "The only one so far"}>
        {value === null ? "No run has a value yet." : "No other run has a value to compare with."}
      </Comparison>
    );
  if (value === null)
    return (
      <Comparison title={props.format(best.value)} hover={fullWords(best.value)}>
        is the project's best, of <RunLink slug={props.run.slug} run={best} />
      </Comparison>
    );
  if (!bestOnManifest)
    return (
      <Comparison title="Not comparable">
        <Elsewhere {...props} best={best} />
      </Comparison>
    );
  return <Difference {...props} value={value} best={best} rival={bestOnManifest} />;
}

type DifferenceProps = AgainstBestProps & { value: number; best: BestRun; rival: BestRun };

/** `rival`: the best that cites the run's manifest, which `best`, the project's, may not do. */
function Difference({ run, value, best, rival, standing, format }: DifferenceProps) {
  const gain = gainOver(value, rival.value, standing.primary!);
  const words = differenceWords(value, rival.value, format);
  const whole = rival.id === best.id;
  const other = <RunLink slug={run.slug} run={rival} value={format(rival.value)} />;
  const scope = whole ? "the project's best" : run.citedManifest ? "the best on its manifest" : "the best without one";
  const beside = !whole && <Elsewhere run={run} value={value} standing={standing} format={format} best={best} />;
  if (gain > 0)
    return (
      <Comparison title={`This is ${scope}`}>
        {words}, better than the next, {other} {beside}
      </Comparison>
    );
  return (
    <Comparison title={gain === 0 ? `Level with ${scope}` : words} hover={fullWords(value - rival.value)}>
      {gain < 0 && `worse than ${scope}, `}
      {other} {beside}
    </Comparison>
  );
}

/** Why the project's best says nothing about this run. */
function Elsewhere({ run, best, format }: AgainstBestProps & { best: BestRun }) {
  const why = !run.manifest
    ? "cites a manifest; this run cites none"
    : best.manifestId
      ? "cites another manifest"
      : "cites no manifest";
  return (
    <span className="block">
      The project's best, <RunLink slug={run.slug} run={best} value={format(best.value)} />, {why}: not comparable.
    </span>
  );
}

function RunLink({ slug, run, value }: { slug: string; run: BestRun; value?: string }) {
  return (
    <>
      <Link
        prefetch={false}
        href={runHref(slug, run.id)}
        className="wrap-anywhere text-text underline decoration-line-strong underline-offset-2 hover:decoration-current"
      >
        {run.name}
      </Link>
      {value !== undefined && <span title={fullWords(run.value)}> ({value})</span>}
    </>
  );
}

type ComparisonProps = { title: string; hover?: string; children: ReactNode };

function Comparison({ title, hover, children }: ComparisonProps) {
  return (
    <div className="min-w-0" data-testid="against-best">
      <Label>Against the other runs</Label>
      <p className="text-lg/9 font-medium max-md:leading-7" title={hover}>
        {title}
      </p>
      <div className="text-sm text-muted">{children}</div>
    </div>
  );
}
