/** A value of a run in a cell, quiet where the baseline has the same. */
import { memo } from "react";
import { StatusBadge } from "@/app/_ui/domain/status-badge.tsx";
import { TagLine } from "@/app/_ui/domain/tags.tsx";
import { Time } from "@/app/_ui/parts/time.tsx";
import { manifestCompareHref, manifestHref } from "@/app/paths.ts";
import type { Scalar } from "@/lib/runs/flatten.ts";
import { significantWords } from "@/lib/words/numbers.ts";
import type { GridData, ValueRow } from "../grid-data.ts";
import { ratioAt, valueAt } from "../grid-items.ts";

type ValueCellProps = { data: GridData; row: ValueRow /** Their places. */; run: number; baseline: number };

export const ValueCell = memo(function ValueCell({ data, row, run, baseline }: ValueCellProps) {
  const value = valueAt(row, run);
  if (value === undefined) return <span className="text-muted">{row.show === "config" ? "not set" : "–"}</span>;
  if (row.show !== "config" && row.show !== "mono") return <Fact data={data} row={row} run={run} baseline={baseline} />;
  const ratio = ratioAt(row, run, baseline);
  const isOther = row.at[run] !== row.at[baseline];
  return (
    <span
      title={String(value)}
      data-differs={isOther || undefined}
      className={`flex items-baseline gap-1.5 ${typeof value === "number" ? "justify-end" : ""}`}
    >
      {ratio !== null && <span className="min-w-0 truncate text-[11px] text-muted">{ratioWords(ratio)}</span>}
      <span
        className={`max-w-full truncate ${typeof value === "number" ? "shrink-0" : ""} ${isOther ? "font-medium" : ""} ${row.show === "mono" ? "font-mono text-xs" : ""}`}
      >
        {valueText(value, row)}
      </span>
    </span>
  );
});

/** 1 and "1" look the same unless they are written as JSON. */
const valueText = (value: Scalar, { choices }: ValueRow): string =>
  typeof value === "string" && choices.some((other) => other !== value && String(other) === value)
    ? JSON.stringify(value)
    : typeof value === "string" && value === ""
      ? '""'
      : String(value);

/** `×2`, `×0.1`. */
export const ratioWords = (ratio: number): string => `×${significantWords(ratio, 2)}`;

function Fact({ data, row, run, baseline }: ValueCellProps) {
  const value = valueAt(row, run);
  const text = String(value);
  const { status, failureReason, manifest } = data.runs[run]!;
  if (row.show === "status") return <StatusBadge status={status} reason={failureReason} />;
  if (row.show === "time")
    return (
      <span className="block truncate">
        <Time at={text} />
      </span>
    );
  if (row.show === "tags") return <TagLine tags={JSON.parse(text) as string[]} />;
  if (row.show === "manifest" && manifest) {
    const other = data.runs[baseline]?.manifest;
    const { slug } = data.project;
    return (
      <span className="flex gap-1.5">
        <a href={manifestHref(slug, manifest.id)} title={manifest.name} className="truncate hover:underline">
          {manifest.name}
        </a>
        {other && other.id !== manifest.id && (
          <a
            href={`${manifestCompareHref(slug, other.id)}?with=${manifest.id}`}
            aria-label={`How ${manifest.name} differs from the baseline's manifest`}
            className="text-accent hover:underline"
          >
            diff
          </a>
        )}
      </span>
    );
  }
  return (
    <span title={text} className={`block truncate ${row.show === "number" ? "text-right" : ""}`}>
      {text}
    </span>
  );
}
