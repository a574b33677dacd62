import Link from "next/link";
import type { ReactNode } from "react";
import { StatusBadge } from "@/app/_ui/domain/status-badge.tsx";
import { CopyButton } from "@/app/_ui/parts/copy-button.tsx";
import { Time } from "@/app/_ui/parts/time.tsx";
import { manifestHref, manifestLooksHref, runHref } from "@/app/paths.ts";
import type { Relative } from "@/lib/checks/rows/balance.ts";
import { type RunStatus, splits } from "@/lib/wire/base/words.ts";
import type { Manifest } from "@/lib/wire/data/manifests.ts";
import type { Ledger } from "@/lib/wire/evaluations/looks.ts";
import { ledgerMeaningWords, lookUseWords, lookWords } from "@/lib/words/look-words.ts";
import { countWords, decimalWords, numberWords } from "@/lib/words/numbers.ts";
import { repairWords } from "@/lib/words/verdicts.ts";

type ManifestFactsProps = {
  manifest: Manifest;
  lineage: { parent: Relative | null; children: Relative[] };
  /** The folds of a k-fold manifest, in order. */
  folds: Relative[];
  /** How many of the dataset's samples are sealed. */
  sealed: number;
  runs: { id: string; name: string; status: string }[];
  /** Of the test split. */
  ledger: Ledger;
  refereeSplit: ReactNode;
};

/** A manifest's counts and shares, its identity and lineage, and the runs that cite it. */
export function ManifestFacts({ manifest, lineage, folds, sealed, runs, ledger, refereeSplit }: ManifestFactsProps) {
  const { project: slug } = manifest;
  const repair = repairWords(manifest);
  const relative = ({ id, name }: Relative) => (
    <Link key={id} href={manifestHref(slug, id)} prefetch={false} className="text-accent hover:underline">
      {name}
    </Link>
  );
  const others = lineage.children.filter(({ id }) => folds.every((fold) => fold.id !== id));
  return (
    <div className="grid gap-6 border-b border-line px-4 py-6 md:px-6 lg:grid-cols-2 lg:gap-12">
      <SplitTable manifest={manifest} />
      <dl className="grid content-start gap-x-4 gap-y-2 text-sm sm:grid-cols-[auto_minmax(0,1fr)]">
        <ManifestFact name="Dataset">
          {manifest.dataset.name} {manifest.dataset.version}
        </ManifestFact>
        <ManifestFact name="Made">
          {manifest.method}
          {manifest.seed !== null && `, seed ${manifest.seed}`}, <Time at={manifest.createdAt} />
        </ManifestFact>
        {repair !== null && <ManifestFact name="Repaired">{repair}</ManifestFact>}
        {manifest.notes && <ManifestFact name="Notes">{manifest.notes}</ManifestFact>}
        {lineage.parent && <ManifestFact name="Comes from">{relative(lineage.parent)}</ManifestFact>}
        {folds.length > 0 && (
          <ManifestFact name="Folds">
            <p>All of them are train here, and none is validation. A run cites one of:</p>
            <ol className="grid">
              {folds.map((fold) => (
                <li key={fold.id}>{relative(fold)}</li>
              ))}
            </ol>
          </ManifestFact>
        )}
        {others.length > 0 && (
          <ManifestFact name="Led to">
            <span className="flex flex-wrap gap-x-3">{others.map(relative)}</span>
          </ManifestFact>
        )}
        {sealed > 0 && (
          <ManifestFact name="Sealed">
            {countWords(sealed, "sample")} of the dataset: the labels are stored and shown to nobody. Somebody who holds
            the file can still look.
          </ManifestFact>
        )}
        <ManifestFact name="Looked at">
          <TestLooks ledger={ledger} href={manifestLooksHref(slug, manifest.id)} />
        </ManifestFact>
        <ManifestFact name="Referee split">{refereeSplit}</ManifestFact>
        <ManifestFact name="Cited by">
          {runs.length === 0 ? (
            <span className="text-muted">no run yet</span>
          ) : (
            <ul className="grid max-h-40 gap-1 overflow-y-auto">
              {runs.map((run) => (
                <li key={run.id} className="flex items-center gap-3">
                  <Link href={runHref(slug, run.id)} prefetch={false} className="truncate hover:text-accent">
                    {run.name}
                  </Link>
                  <StatusBadge status={run.status as RunStatus} />
                </li>
              ))}
            </ul>
          )}
        </ManifestFact>
      </dl>
    </div>
  );
}

/** What the looks at the test split come to, and the newest of them. */
function TestLooks({ ledger, href }: { ledger: Ledger; href: string }) {
  const { count, looks } = ledger;
  return (
    <>
      <p>
        <Link href={href} prefetch={false} className="text-accent hover:underline">
          {count === 0 ? "No look at its test split" : lookUseWords(ledger)}
        </Link>
      </p>
      <p className="text-muted">{ledgerMeaningWords(ledger)}</p>
      <ul className="grid gap-1 text-muted">
        {looks.slice(0, LOOKS_SHOWN).map(({ number, at, actor, reason }) => (
          <li key={number}>
            {actor}, <Time at={at} />: {lookWords(reason)}
          </li>
        ))}
        {count > LOOKS_SHOWN && <li>and {numberWords(count - LOOKS_SHOWN)} earlier</li>}
      </ul>
    </>
  );
}
const LOOKS_SHOWN = 3;

function ManifestFact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0 wrap-anywhere">{children}</dd>
    </>
  );
}

function SplitTable({ manifest }: { manifest: Manifest }) {
  const total = splits.reduce((sum, split) => sum + manifest.counts[split], 0);
  return (
    <div className="overflow-x-auto">
      <table className="w-full text-sm">
        <thead>
          <tr className="h-8 border-b border-line text-left text-xs text-muted">
            <th className="font-medium">Split</th>
            <th className="px-3 text-right font-medium">Samples</th>
            <th className="px-3 text-right font-medium">Share, %</th>
            <th className="pl-3 font-medium">Digest</th>
          </tr>
        </thead>
        <tbody>
          {splits.map((split) => (
            <SplitRow
              key={split}
              name={split}
              count={manifest.counts[split]}
              total={total}
              digest={manifest.splitDigests[split]}
            />
          ))}
          <SplitRow name="whole" count={total} total={total} digest={manifest.id} />
        </tbody>
      </table>
    </div>
  );
}

function SplitRow({ name, count, total, digest }: { name: string; count: number; total: number; digest: string }) {
  return (
    <tr className="h-8 border-b border-line last:border-b-0">
      <td>{name}</td>
      <td className="px-3 text-right tabular-nums">{numberWords(count)}</td>
      <td className="px-3 text-right tabular-nums">{total ? decimalWords((count / total) * 100, 1) : "–"}</td>
      <td className="pl-3">
        <span className="flex items-center gap-1 font-mono text-xs text-muted" title={digest}>
          {digest.slice(0, 12)}
          <CopyButton text={digest} label={`Copy the digest of ${name}`} icon />
        </span>
      </td>
    </tr>
  );
}
