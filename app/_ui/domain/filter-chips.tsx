"use client";
/** The parts of a filter that must all hold, each by name, sign and value, and what names were taken for. */
import { X } from "lucide-react";
import { useMemo } from "react";
import { parseFilter, type Taken } from "@/lib/table/language/filter-language.ts";
import type { FilterNames } from "@/lib/table/language/filter-names.ts";
import { chipsOf, type FilterChip, joinChips, printFilter } from "@/lib/table/language/filter-print.ts";

type FilterChipsProps = {
  /** The filter in force, with full names. */
  value: string;
  names: FilterNames;
  taken: Taken[];
  onChange: (filter: string) => void;
};

export function FilterChips({ value, names, taken, onChange }: FilterChipsProps) {
  const chips = useMemo(() => readChips(value, names), [value, names]);
  if (value === "" || chips.length === 0) return null;
  const without = (index: number) =>
    printFilter(joinChips(chips.filter((_, at) => at !== index).map(({ filter }) => filter)));
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
      <ul className="flex min-w-0 flex-wrap gap-1.5" aria-label="Filters in force">
        {chips.map(({ text, title }, index) => (
          <li
            key={text}
            className="flex h-6 items-center gap-1 rounded-md bg-accent-soft pr-1 pl-2 font-mono text-xs text-accent"
          >
            <span className="max-w-60 truncate" title={title}>
              {text}
            </span>
            <button
              type="button"
              aria-label={`Take away the filter ${text}`}
              className="rounded-sm hover:bg-hover"
              onClick={() => onChange(without(index))}
            >
              <X aria-hidden className="size-3.5" />
            </button>
          </li>
        ))}
      </ul>
      {taken.length > 0 && (
        <p role="status" className="min-w-0 text-xs break-words text-muted">
          {taken.map(({ from, to }) => `${from} → ${to}`).join(", ")}
        </p>
      )}
    </div>
  );
}

function readChips(value: string, names: FilterNames): FilterChip[] {
  try {
    return chipsOf(parseFilter(value), names.labelOf);
  } catch {
    return [];
  }
}
