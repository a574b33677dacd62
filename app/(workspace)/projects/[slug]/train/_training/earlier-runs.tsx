/** The runs that ended in this tab, and the way to hold them side by side. */
import Link from "next/link";
import { compareHref, runHref } from "@/app/paths.ts";
import { decimalWords } from "@/lib/words/numbers.ts";
import type { Training } from "./training-store.ts";

export function EarlierRuns({ slug, runs }: { slug: string; runs: Training["earlier"] }) {
  const here = runs.filter((run) => run.slug === slug);
  if (here.length === 0) return null;
  const query = new URLSearchParams(here.map(({ id }) => ["run", id]));
  return (
    <section aria-label="Trained in this tab" className="grid gap-2 text-sm">
      <h3 className="font-medium">Trained in this tab</h3>
      <ul className="grid gap-1">
        {here.map(({ id, name, accuracy, outcome }) => (
          <li key={id} className="flex flex-wrap justify-between gap-x-4">
            <Link prefetch={false} href={runHref(slug, id)} className="text-accent underline">
              {name}
            </Link>
            <span className="text-muted tabular-nums">
              {outcome}
              {accuracy !== null && `, accuracy ${decimalWords(accuracy, 3)} on validation`}
            </span>
          </li>
        ))}
      </ul>
      {here.length > 1 ? (
        <p>
          <Link prefetch={false} href={compareHref(slug, query)} className="text-accent underline">
            Compare these {here.length} runs
          </Link>
        </p>
      ) : (
        <p className="text-muted">Train another with another value, and compare the two.</p>
      )}
    </section>
  );
}
