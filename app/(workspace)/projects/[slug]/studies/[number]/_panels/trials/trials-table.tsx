"use client";
import { ArrowDown, ArrowUp, ChevronLeft, ChevronRight, Download, Scale } from "lucide-react";
import Link from "next/link";
import { useId, useMemo, useState } from "react";
/** All trials of a study: filtered, sorted, chosen to be compared, and taken away as CSV. */
import { WideTable } from "@/app/_ui/figures/wide-table.tsx";
import { Button, buttonClass } from "@/app/_ui/parts/button.tsx";
import { download, fileName } from "@/app/_ui/parts/download.ts";
import { compareHref } from "@/app/paths.ts";
import { toCsv } from "@/lib/csv.ts";
import type { TrialState, TrialsData } from "@/lib/studies/panels/trials.ts";
import { countWords, numberWords } from "@/lib/words/numbers.ts";
import { useTrialsData } from "../frame/trials-data.tsx";
import { TrialRow } from "./trial-row.tsx";
import { csvOf, firstSort, rowsOf, type SortKey, statesOf, type TrialSort } from "./trial-rows.ts";

type TrialsTableProps = { slug: string; title: string };

const PAGE = 25;

export function TrialsTable({ slug, title }: TrialsTableProps) {
  const data = useTrialsData();
  const [state, setState] = useState<TrialState | null>(null);
  const [sort, setSort] = useState<TrialSort>(() => firstSort(data));
  const [from, setFrom] = useState(0);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const rows = useMemo(() => rowsOf(data, state, sort), [data, state, sort]);
  const first = Math.min(from, Math.max(0, rows.length - 1));
  const shown = rows.slice(first, first + PAGE);
  const choose = (run: string) =>
    setChosen(chosen.includes(run) ? chosen.filter((one) => one !== run) : [...chosen, run]);
  const exportAll = () => {
    const { header, lines } = csvOf(data, rows);
    download(`${fileName(title)}.csv`, toCsv(header, lines));
  };
  return (
    <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-2">
      <div className="flex flex-wrap items-center gap-2">
        <StateFilter
          data={data}
          state={state}
          onState={(next) => {
            setState(next);
            setFrom(0);
          }}
        />
        <span className="ml-auto flex gap-2">
          {chosen.length > 1 && (
            <Link
              prefetch={false}
              href={compareHref(slug, new URLSearchParams(chosen.map((run) => ["run", run])))}
              className={buttonClass()}
            >
              <Scale aria-hidden />
              Compare {chosen.length}
            </Link>
          )}
          <Button onClick={exportAll}>
            <Download aria-hidden />
            CSV
          </Button>
        </span>
      </div>
      <WideTable label="Table of trials">
        <table className="table flush dense">
          <TrialsHead data={data} sort={sort} onSort={setSort} />
          <tbody>
            {shown.map((at) => (
              <TrialRow
                key={data.columns.run[at]}
                data={data}
                at={at}
                slug={slug}
                isChosen={chosen.includes(data.columns.run[at]!)}
                onChoose={choose}
              />
            ))}
          </tbody>
        </table>
      </WideTable>
      <Pages total={rows.length} first={first} onFirst={setFrom} />
    </div>
  );
}

type StateFilterProps = {
  data: TrialsData;
  state: TrialState | null;
  onState: (state: TrialState | null) => void;
};

function StateFilter({ data, state, onState }: StateFilterProps) {
  const choices: [TrialState | null, number][] = [[null, data.columns.state.length], ...statesOf(data)];
  return (
    <fieldset className="flex flex-wrap gap-1">
      <legend className="sr-only">Which trials</legend>
      {choices.map(([one, count]) => (
        <button
          key={one ?? "all"}
          type="button"
          aria-pressed={one === state}
          onClick={() => onState(one)}
          className="inline-flex h-7 items-center gap-1.5 rounded-md px-2 text-xs text-muted hover:bg-hover hover:text-text aria-pressed:bg-accent-soft aria-pressed:text-accent"
        >
          {one ?? "all"} {numberWords(count)}
        </button>
      ))}
    </fieldset>
  );
}

type TrialsHeadProps = { data: TrialsData; sort: TrialSort; onSort: (sort: TrialSort) => void };

function TrialsHead({ data: { parameters, objective, equal, direction }, sort, onSort }: TrialsHeadProps) {
  const head = (by: SortKey, label: string, isNumber = true) => (
    <th
      key={by}
      className={isNumber ? "number" : ""}
      aria-sort={sort.by !== by ? "none" : sort.down ? "descending" : "ascending"}
    >
      <button
        type="button"
        onClick={() => onSort({ by, down: sort.by === by ? !sort.down : by === "value" && direction === "max" })}
        className="inline-flex items-center gap-1 hover:text-text"
      >
        {label}
        {sort.by === by &&
          (sort.down ? <ArrowDown aria-hidden className="size-3" /> : <ArrowUp aria-hidden className="size-3" />)}
      </button>
    </th>
  );
  return (
    <thead>
      <tr>
        <th>
          <span className="sr-only">Chosen</span>
        </th>
        {head("number", "Trial")}
        <th>State</th>
        {head("value", objective)}
        {equal && head("equal", `within ${numberWords(equal.steps)} steps`)}
        {parameters.map((name, at) => head(`p${at}`, name))}
        {head("bestStep", "Best step")}
        {head("lastStep", "Steps")}
        {head("seconds", "Time")}
        <th>Run</th>
        <th className="number">Seed</th>
        <th>Code</th>
        <th>Notes</th>
      </tr>
    </thead>
  );
}

type PagesProps = { total: number; first: number; onFirst: (first: number) => void };

function Pages({ total, first, onFirst }: PagesProps) {
  const id = useId();
  if (total === 0) return <p className="text-sm text-muted">No trial is in this state.</p>;
  return (
    <div className="flex min-h-8 items-center gap-2 text-xs text-muted">
      <span id={id}>
        {numberWords(first + 1)} to {numberWords(Math.min(total, first + PAGE))} of {countWords(total, "trial")}
      </span>
      {total > PAGE && (
        <>
          <Button
            aria-label="Earlier trials"
            aria-describedby={id}
            disabled={first === 0}
            onClick={() => onFirst(Math.max(0, first - PAGE))}
          >
            <ChevronLeft aria-hidden />
          </Button>
          <Button
            aria-label="Further trials"
            aria-describedby={id}
            disabled={first + PAGE >= total}
            onClick={() => onFirst(first + PAGE)}
          >
            <ChevronRight aria-hidden />
          </Button>
        </>
      )}
    </div>
  );
}
