"use client";
/** How many runs there are and are selected, what they are held against, and where to go with the selection. */
import Link from "next/link";
import { memo } from "react";
import { Button, buttonClass } from "@/app/_ui/parts/button.tsx";
import { Select } from "@/app/_ui/parts/field.tsx";
import { compareHref, projectHref } from "@/app/paths.ts";
import { countWords, numberWords } from "@/lib/words/numbers.ts";
import { type Brush, countSelected } from "./state/brushes.ts";
import type { Explorer } from "./state/explorer.ts";
import { brushedFilter } from "./state/links.ts";

/** Most runs that stand side by side; more go by their filter. */
const COMPARED_MAX = 100;

type ExploreBarProps = {
  explorer: Explorer;
  selected: Uint8Array | null;
  brushes: readonly Brush[];
  /** Null: the runs are those of a link. */
  filter: string | null;
  beyond: number;
  /** Whether the server reads a column that was asked for. */
  isReading: boolean;
  onClear: () => void;
};

export function ExploreBar({ explorer, selected, brushes, filter, beyond, isReading, onClear }: ExploreBarProps) {
  const { store, standings } = explorer;
  const count = countSelected(selected, store.n);
  return (
    <div className="sticky top-0 z-20 flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line bg-bg px-4 py-2 text-sm md:px-6">
      <p role="status" data-testid="selection" data-selected={count} data-runs={store.n}>
        {selected ? (
          <>
            <b className="font-medium">{numberWords(count)}</b> of {countWords(store.n, "run")} selected
          </>
        ) : (
          countWords(store.n, "run")
        )}
        {store.n > COMPARED_MAX && <span className="text-muted"> here, {COMPARED_MAX} side by side</span>}
        {beyond > 0 && <span className="text-muted">, the first of {numberWords(store.n + beyond)}</span>}
        <span className="text-muted">{standingWords(standings)}</span>
        {isReading && <span className="text-muted"> · reading a column …</span>}
      </p>
      <ObjectiveFields explorer={explorer} />
      {/* its room is there before, so that nothing jumps under a brush */}
      <span className={`ml-auto flex flex-wrap items-center gap-2 ${selected ? "" : "invisible"}`}>
        <SelectionLinks explorer={explorer} selected={selected} count={count} filter={filter} brushes={brushes} />
        <Button look="ghost" onClick={onClear}>
          Clear the selection
        </Button>
      </span>
    </div>
  );
}

/** By themselves, as nothing of them changes with a brush. */
const ObjectiveFields = memo(function ObjectiveFields({ explorer }: Pick<ExploreBarProps, "explorer">) {
  const { store, objective, better, show } = explorer;
  const options = [...store.columns.values()]
    .filter(({ kind }) => kind === "number")
    .map(({ name, label }) => [name, label] as const);
  return (
    <>
      <span className="flex items-center gap-2">
        <span aria-hidden className="text-muted">
          Objective
        </span>
        <Select
          aria-label="Objective"
          className="max-w-56"
          options={options}
          value={objective?.name ?? ""}
          onChange={(event) => show({ objective: event.target.value, better: null })}
        />
      </span>
      <Select
        aria-label="Which side of the objective is better"
        className="max-w-40"
        options={[
          ...(better === null ? [["", "no better side"] as const] : []),
          ["min", "lower is better"],
          ["max", "higher is better"],
        ]}
        value={better ?? ""}
        onChange={(event) => show({ better: event.target.value === "min" ? "min" : "max" })}
      />
    </>
  );
});

function standingWords(standings: Explorer["standings"]): string {
  const count = (standing: (typeof standings)[number]) => standings.filter((one) => one === standing).length;
  const [infeasible, unfinished] = [count("infeasible"), count("unfinished")];
  return [
    infeasible > 0 ? `; ${numberWords(infeasible)} failed or without a finite objective` : "",
    unfinished > 0 ? `; ${numberWords(unfinished)} not finished` : "",
  ].join("");
}

type SelectionLinksProps = Pick<ExploreBarProps, "explorer" | "selected" | "filter" | "brushes"> & { count: number };

function SelectionLinks({ explorer: { slug, store }, selected, count, filter, brushes }: SelectionLinksProps) {
  const text = filter === null ? null : brushedFilter(filter, brushes);
  const ids = store.ids.filter((_, run) => !selected || selected[run] === 1);
  const query = new URLSearchParams();
  if (count <= COMPARED_MAX) for (const id of ids) query.append("run", id);
  else if (text !== null) query.set("q", text);
  const isComparable = count > 0 && query.size > 0;
  return (
    <>
      {text !== null && (
        <Link prefetch={false} href={projectHref(slug, new URLSearchParams({ q: text }))} className={buttonClass()}>
          Open in the table
        </Link>
      )}
      {isComparable && (
        <Link prefetch={false} href={compareHref(slug, query)} className={buttonClass()}>
          {count <= COMPARED_MAX ? "Compare these" : `Compare the first ${COMPARED_MAX}`}
        </Link>
      )}
    </>
  );
}
