"use client";
import { ArrowDown, ArrowUp } from "lucide-react";
import { useState } from "react";
import { ThreadMark } from "@/app/_ui/domain/threads/thread-mark.tsx";
import { IntervalBar } from "@/app/_ui/figures/interval-bar.tsx";
import { UNIT } from "@/app/_ui/figures/scale.ts";
/** Precision, recall and F1 of each class, sorted and filtered by the reader. */
import { WideTable } from "@/app/_ui/figures/wide-table.tsx";
import { Button } from "@/app/_ui/parts/button.tsx";
import { Input } from "@/app/_ui/parts/field.tsx";
import type { Estimate, Measured } from "@/lib/wire/evaluations/measured.ts";
import type { ClassRow } from "@/lib/wire/evaluations/per-class.ts";
import { anchorText } from "@/lib/wire/reviews/anchors.ts";
import { numberWords } from "@/lib/words/numbers.ts";
import { intervalWords, isUndefined, measuredWords } from "@/lib/words/report-words.ts";
import type { Talk } from "../frame/panel.ts";

const parts = ["precision", "recall", "f1"] as const;
type SortedBy = (typeof parts)[number] | "name" | "support";
const SHOWN = 30;

type ClassTableProps = { rows: ClassRow[]; samplesHref: string | null; talk?: Talk };

export function ClassTable({ rows, samplesHref, talk }: ClassTableProps) {
  const [sort, setSort] = useState<{ by: SortedBy; down: boolean }>({ by: "f1", down: false });
  const [typed, setTyped] = useState("");
  const [isWhole, setWhole] = useState(false);
  const found = rows.filter(({ name }) => name.toLowerCase().includes(typed.toLowerCase()));
  const sorted = found.toSorted((a, b) => (sort.down ? -1 : 1) * compare(a, b, sort.by));
  const shown = isWhole ? sorted : sorted.slice(0, SHOWN);
  const head = (by: SortedBy, label: string, number = true) => (
    <th className={number ? "number" : ""} aria-sort={sort.by !== by ? "none" : sort.down ? "descending" : "ascending"}>
      <button
        type="button"
        onClick={() => setSort({ by, down: sort.by === by ? !sort.down : by === "support" })}
        className="inline-flex items-center gap-1 hover:text-text"
      >
        {label}
        {sort.by === by &&
          (sort.down ? <ArrowDown aria-hidden className="size-3" /> : <ArrowUp aria-hidden className="size-3" />)}
      </button>
    </th>
  );
  return (
    <div className="grid gap-2">
      {rows.length > 10 && (
        <Input
          aria-label="Part of a class's name"
          placeholder="part of a class's name"
          value={typed}
          onChange={({ target }) => setTyped(target.value)}
          className="max-w-60 print:hidden"
        />
      )}
      <WideTable>
        <table className="table flush dense">
          <thead>
            <tr>
              {head("name", "Class", false)}
              {head("support", "Samples")}
              {head("precision", "Precision")}
              {head("recall", "Recall")}
              {head("f1", "F1")}
              <th>F1 with interval</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <tr key={row.name} className="group">
                <td className="max-w-60 truncate">
                  {samplesHref === null ? (
                    row.name
                  ) : (
                    <a
                      href={`${samplesHref}?${new URLSearchParams({ truth: row.name })}`}
                      className="hover:text-accent"
                    >
                      {row.name}
                    </a>
                  )}{" "}
                  {talk && (
                    <ThreadMark
                      projectId={talk.projectId}
                      subject={talk.subject}
                      anchor={anchorText({ kind: "class", name: row.name })}
                      count={talk.counts[anchorText({ kind: "class", name: row.name })] ?? 0}
                      isQuiet
                    />
                  )}
                </td>
                <td className="number">{numberWords(row.support)}</td>
                <Score
                  estimate={row.precision}
                  counts={row.predicted < row.support || row.rare ? `${row.right}/${row.predicted}` : null}
                  rare={row.rare}
                />
                <Score estimate={row.recall} counts={`${row.right}/${row.support}`} rare={row.rare} />
                <Score estimate={row.f1} counts={null} rare={false} />
                <td>
                  <IntervalBar span={UNIT} {...endsOf(row.f1)} tone={row.rare ? "warning" : "plain"} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </WideTable>
      {found.length === 0 && <p className="text-sm text-muted">No class has “{typed}” in its name.</p>}
      {shown.length < sorted.length && (
        <Button onClick={() => setWhole(true)} className="w-fit print:hidden">
          Show all {numberWords(sorted.length)}
        </Button>
      )}
    </div>
  );
}

/** A share with its interval; of a rare class the counts, which say more. */
function Score({
  estimate: { value, interval },
  counts,
  rare,
}: {
  estimate: Estimate;
  counts: string | null;
  rare: boolean;
}) {
  const ends = intervalWords(interval, "accuracy");
  if (typeof value !== "number") return <td className="number text-muted">{measuredWords(value, "accuracy")}</td>;
  return (
    <td className="number" title={counts === null ? ends : `${counts}, ${ends}`}>
      {rare && counts !== null ? counts : measuredWords(value, "accuracy")}{" "}
      <span className="text-xs text-muted max-lg:hidden">{ends}</span>
    </td>
  );
}

const endsOf = ({ value, interval }: Estimate) => ({
  value: typeof value === "number" ? value : null,
  low: isUndefined(interval) ? null : interval.low,
  high: isUndefined(interval) ? null : interval.high,
});

/** What is undefined stands behind what is not. */
const orderOf = (value: Measured): number => (typeof value === "number" ? value : 2);

const compare = (a: ClassRow, b: ClassRow, by: SortedBy): number =>
  by === "name"
    ? a.name.localeCompare(b.name, undefined, { numeric: true })
    : by === "support"
      ? a.support - b.support
      : orderOf(a[by].value) - orderOf(b[by].value);
