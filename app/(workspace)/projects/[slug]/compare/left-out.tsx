/** Which runs were asked for and aren't shown, and what brings them back. */
import { Info } from "lucide-react";
import Link from "next/link";
import { compareHref } from "@/app/paths.ts";
import { COMPARED_RUNS_MAX, type LeftOut } from "@/lib/wire/comparison.ts";
import { leftOutDetail } from "@/lib/words/comparison-words.ts";
import { numberWords } from "@/lib/words/numbers.ts";
import { RestoreRun } from "./restore-run.tsx";

type LeftOutRunsProps = {
  slug: string;
  leftOut: LeftOut[];
  /** How many more there are than can be shown, and those that are. */
  beyond: number;
  shown: string[];
  canRestore: boolean;
};

/** So many are named. */
const NAMED_MAX = 8;

export function LeftOutRuns({ slug, leftOut, beyond, shown, canRestore }: LeftOutRunsProps) {
  if (leftOut.length === 0 && beyond === 0) return null;
  const more = leftOut.length - NAMED_MAX;
  return (
    <section
      aria-label="Left out"
      className="flex gap-2 border-b border-line px-4 py-2 text-sm text-muted md:px-6 [&_svg]:mt-0.5"
    >
      <Info aria-hidden className="size-4 shrink-0" />
      <ul className="grid min-w-0 gap-1">
        {beyond > 0 && (
          <li className="wrap-anywhere">
            {numberWords(shown.length + beyond)} runs are asked for, and {COMPARED_RUNS_MAX} fit: these are the first{" "}
            {COMPARED_RUNS_MAX} by the table’s order.{" "}
            <Link
              prefetch={false}
              href={compareHref(slug, new URLSearchParams(shown.map((id) => ["run", id])))}
              className="text-accent underline print:hidden"
            >
              A link to exactly these
            </Link>
          </li>
        )}
        {leftOut.slice(0, NAMED_MAX).map((one) => (
          <li key={one.run} className="wrap-anywhere">
            Left out: {leftOutDetail(one)}.
            {one.reason === "deleted" && canRestore && <RestoreRun run={one.run} name={one.name ?? one.run} />}
          </li>
        ))}
        {more > 0 && <li>{numberWords(more)} more are left out.</li>}
      </ul>
    </section>
  );
}
