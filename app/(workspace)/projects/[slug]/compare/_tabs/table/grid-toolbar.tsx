"use client";
/** What of the table is shown: which rows, which summary of a metric, and the columns that are hidden. */
import { Search } from "lucide-react";
import type { RefObject } from "react";
import { inputClass, Select } from "@/app/_ui/parts/field.tsx";
import { type ComparedSummary, comparedSummaries } from "@/lib/wire/compared.ts";
import { numberWords } from "@/lib/words/numbers.ts";

type GridToolbarProps = {
  field: RefObject<HTMLInputElement | null>;
  find: string;
  onFind: (words: string) => void;
  summary: ComparedSummary;
  summaries: ComparedSummary[];
  onSummary: (summary: ComparedSummary) => void;
  hidden: number;
  onShowAll: () => void;
  isPending: boolean;
};

export const summaryWords: Record<ComparedSummary, string> = {
  last: "last value",
  best: "best value",
  atBest: "at best validation step",
  min: "lowest value",
  max: "highest value",
  mean: "mean value",
};

export function GridToolbar(props: GridToolbarProps) {
  const { field, find, onFind, summary, summaries, onSummary, hidden, onShowAll, isPending } = props;
  return (
    <div className="flex flex-wrap items-center gap-2 border-b border-line px-4 py-1.5 text-sm md:px-6 print:hidden">
      <label className="relative w-48">
        <span className="sr-only">Find rows</span>
        <Search aria-hidden className="pointer-events-none absolute top-2 left-2 size-4 text-muted" />
        <input
          ref={field}
          type="search"
          defaultValue={find}
          onChange={(event) => onFind(event.target.value)}
          onKeyDown={(event) => event.key === "Escape" && event.currentTarget.blur()}
          placeholder="Find rows"
          aria-keyshortcuts="/"
          className={`${inputClass} pl-7`}
        />
      </label>
      <label htmlFor="summary" className="text-muted max-md:sr-only">
        Metrics by
      </label>
      <div className="w-48">
        <Select
          id="summary"
          value={summary}
          onChange={(event) => onSummary(comparedSummaries.find((one) => one === event.target.value) ?? "last")}
          options={summaries.map((one) => [one, summaryWords[one]] as const)}
        />
      </div>
      {hidden > 0 && (
        <span className="text-muted">
          {numberWords(hidden)} hidden:{" "}
          <button type="button" onClick={onShowAll} className="text-accent hover:underline">
            show all
          </button>
        </span>
      )}
      <span role="status" className="ml-auto text-xs text-muted">
        {isPending && "comparing…"}
      </span>
    </div>
  );
}
