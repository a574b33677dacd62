import { OctagonX } from "lucide-react";
import type { ReactNode } from "react";
import type { ManifestDiff } from "@/lib/wire/data/manifest-diff.ts";
import { numberWords } from "@/lib/words/numbers.ts";
import { FlowTable } from "./flow-table.tsx";

type ManifestDiffViewProps = { before: string; after: string; diff: ManifestDiff };

/** What changed from one manifest to the other, and what must not be evaluated across them. */
export function ManifestDiffView({ before, after, diff }: ManifestDiffViewProps) {
  const { counts } = diff;
  const same = Object.values(counts).every((count) => count === 0);
  const arrow = (from: ReactNode, to: ReactNode) => (
    <>
      {from} <span className="text-muted">→</span> {to}
    </>
  );
  return (
    <div className="grid gap-6 px-4 py-6 text-sm md:px-6">
      {counts.leakRisk > 0 ? (
        <div role="alert" className="flex items-start gap-2 rounded-md bg-danger-soft p-3 text-danger">
          <OctagonX aria-hidden className="mt-0.5 size-4 shrink-0" />
          <div className="grid gap-1">
            <Refusal cited={after} tested={before} count={counts.leakRiskInBefore} />
            <Refusal cited={before} tested={after} count={counts.leakRisk - counts.leakRiskInBefore} />
          </div>
        </div>
      ) : (
        <p className="text-finished">
          No sample is test in one and train or validation in the other
          {diff.sameTest ? "; both have the same test split, to the byte." : "."}
        </p>
      )}
      {same && <p className="text-muted">The two hold the same samples in the same splits.</p>}
      <FlowTable flows={diff.flows} />
      <DiffKind name="Leak risk" count={counts.leakRisk}>
        {diff.leakRisk.map(({ key, from, to, as }) => (
          <DiffLine key={`${key}\n${as ?? ""}`} name={as ? `${key}, there ${as}` : key}>
            {arrow(from, to)}
          </DiffLine>
        ))}
      </DiffKind>
      <DiffKind name="Moved" count={counts.moved}>
        {diff.moved.map(({ key, from, to }) => (
          <DiffLine key={key} name={key}>
            {arrow(from, to)}
          </DiffLine>
        ))}
      </DiffKind>
      <DiffKind name="Relabelled" count={counts.relabelled}>
        {diff.relabelled.map(({ key, from, to }) => (
          <DiffLine key={key} name={key}>
            {arrow(from ?? "none", to ?? "none")}
          </DiffLine>
        ))}
      </DiffKind>
      <DiffKind name="Renamed" count={counts.renamed}>
        {diff.renamed.map(([from, to]) => (
          <DiffLine key={from} name={from}>
            {arrow("", to)}
          </DiffLine>
        ))}
      </DiffKind>
      {(["added", "removed", "changed"] as const).map((kind) => (
        <DiffKind
          key={kind}
          name={{ added: "Added", removed: "Removed", changed: "Content changed" }[kind]}
          count={counts[kind]}
        >
          {diff[kind].map((key) => (
            <DiffLine key={key} name={key} />
          ))}
        </DiffKind>
      ))}
    </div>
  );
}

function Refusal({ cited, tested, count }: { cited: string; tested: string; count: number }) {
  if (count === 0) return null;
  return (
    <p className="max-w-[80ch] wrap-anywhere">
      The test split of <b className="font-semibold">{tested}</b> is refused to runs that cite{" "}
      <b className="font-semibold">{cited}</b>: {numberWords(count)} of its samples {count === 1 ? "is" : "are"} train
      or validation there.
    </p>
  );
}

function DiffKind({ name, count, children }: { name: string; count: number; children: ReactNode[] }) {
  if (count === 0) return null;
  return (
    <section className="grid gap-1">
      <h2 className="font-medium">
        {name} <span className="font-normal text-muted tabular-nums">{numberWords(count)}</span>
      </h2>
      <ul className="grid max-h-72 overflow-y-auto border-t border-line">{children}</ul>
      {children.length < count && <p className="text-xs text-muted">The first {children.length} are shown.</p>}
    </section>
  );
}

function DiffLine({ name, children }: { name: string; children?: ReactNode }) {
  return (
    <li className="flex min-h-8 flex-wrap items-center gap-x-4 border-b border-line">
      <span className="font-mono text-xs wrap-anywhere">{name}</span>
      {children && <span className="text-xs">{children}</span>}
    </li>
  );
}
