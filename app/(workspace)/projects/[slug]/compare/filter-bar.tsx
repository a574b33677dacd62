"use client";
/** Of runs that a filter finds: the filter, to be changed. */
import { useRouter, useSearchParams } from "next/navigation";
import { useMemo, useState, useTransition } from "react";
import { FilterChips } from "@/app/_ui/domain/filter-chips.tsx";
import { type FilterFault, FilterInput } from "@/app/_ui/domain/filter-input.tsx";
import type { RunsColumns } from "@/lib/table/known-columns.ts";
import { filterColumns, filterNames } from "@/lib/table/language/filter-names.ts";

type FilterBarProps = {
  /** With full names. */
  value: string;
  fault: FilterFault | null;
  known: RunsColumns;
  /** `split/metric` of the project's primary metric, or null. */
  primary: string | null;
};

export function FilterBar({ value, fault: told, known, primary }: FilterBarProps) {
  const router = useRouter();
  const query = useSearchParams();
  // a live page tells the same fault again, and what is typed meanwhile stays
  const [fault, setFault] = useState(told);
  if (told?.text !== fault?.text || told?.message !== fault?.message) setFault(told);
  const [pending, startTransition] = useTransition();
  const names = useMemo(() => filterNames(filterColumns(known, primary), known.isCut), [known, primary]);
  const show = (q: string) =>
    startTransition(() => {
      const next = new URLSearchParams(query);
      next.delete("run");
      next.set("q", q);
      router.replace(`?${next}`, { scroll: false });
    });
  return (
    <div className="grid gap-2 border-b border-line px-4 py-2 md:px-6 print:hidden" aria-busy={pending}>
      <FilterInput value={value} names={names} fault={fault} onWord={ignored} onChange={show} />
      <FilterChips value={value} names={names} taken={[]} onChange={show} />
    </div>
  );
}

const ignored = () => {};
