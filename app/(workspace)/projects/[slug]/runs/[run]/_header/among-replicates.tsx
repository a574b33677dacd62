/** What chance makes of a run's recipe: mean and interval over the seeds that it ran with. */
import Link from "next/link";
import { projectHref } from "@/app/paths.ts";
import type { RunDetail } from "@/lib/runs/runs.ts";
import type { Replicates } from "@/lib/table/run-standing.ts";
import { countWords, fullWords, significantWords } from "@/lib/words/numbers.ts";
import { Label } from "./label.tsx";

type AmongReplicatesProps = { run: RunDetail; replicates: Replicates; format: (value: number) => string };

export function AmongReplicates({ run, replicates, format }: AmongReplicatesProps) {
  const { summary, count, codeDiffers, digest } = replicates;
  const href = projectHref(run.slug, new URLSearchParams({ q: `replicates = "${digest}"` }));
  const others = count > 1 && (
    <Link
      prefetch={false}
      href={href}
      className="text-text underline decoration-line-strong underline-offset-2 hover:decoration-current"
    >
      {countWords(count, "run")}
    </Link>
  );
  return (
    <div className="min-w-0" data-testid="among-replicates">
      <Label>
        <span title="Runs with this config and manifest, whatever their seed: what differs between them is chance">
          Replicates
        </span>
      </Label>
      {!summary || summary.n === 0 ? (
        <>
          <p className="text-lg/9 font-medium max-md:leading-7">No value yet</p>
          <p className="text-sm text-muted">{others}</p>
        </>
      ) : summary.sd === null || summary.low === null ? (
        <>
          <p className="text-lg/9 font-medium max-md:leading-7">One seed: unknown</p>
          <p className="text-sm text-muted">
            {others && <>{others} share it. </>}
            How far chance moves it shows once this config ran with another seed.
          </p>
        </>
      ) : (
        <>
          <p className="text-lg/9 font-medium max-md:leading-7" title={fullWords(summary.mean)}>
            {format(summary.mean)} <span className="text-muted">± {format(summary.mean - summary.low)}</span>
          </p>
          <p className="text-sm text-muted">
            mean of {countWords(summary.n, "seed")} with its 95 % interval; standard deviation{" "}
            {significantWords(summary.sd, 2)}; {others}
            {codeDiffers && ", of different code"}
          </p>
        </>
      )}
    </div>
  );
}
