"use client";
/** The columns that a table shows, in their order, and those that it could show. */
import { ArrowDown, ArrowUp, Pin, X } from "lucide-react";
import { Button } from "@/app/_ui/parts/button.tsx";
import { inputClass } from "@/app/_ui/parts/field.tsx";
import { shownName } from "@/lib/table/language/column-name.ts";
import { numberWords } from "@/lib/words/numbers.ts";
import type { ColumnSearch } from "../state/column-search.ts";
import { choosableColumns } from "../state/runs-columns.ts";
import type { ShownColumn } from "../state/runs-view.ts";

type ColumnsProps = { columns: ColumnSearch; shown: ShownColumn[]; onChange: (columns: ShownColumn[]) => void };
type MoreColumnsProps = ColumnsProps & { text: string; onText: (text: string) => void };

/** A longer list helps nobody: words narrow it down. */
const FOUND_MAX = 200;

export const ColumnsChoice = (props: MoreColumnsProps & { onClose: () => void }) => (
  <>
    <ShownColumns shown={props.shown} onChange={props.onChange} />
    <MoreColumns {...props} />
  </>
);

function ShownColumns({ shown, onChange }: Omit<ColumnsProps, "columns">) {
  const move = (at: number, by: number) => {
    const next = [...shown];
    const [column] = next.splice(at, 1);
    next.splice(at + by, 0, column!);
    onChange(next);
  };
  const pin = (name: string, pinned: boolean) =>
    onChange(shown.map((column) => (column.name === name ? { ...column, pinned } : column)));
  return (
    <ol className="grid gap-0.5" aria-label="Columns shown">
      {shown.map(({ name, pinned }, index) => (
        <li key={name} className="flex h-8 items-center gap-1 text-sm">
          <span className="min-w-0 flex-1 truncate font-mono text-xs" title={shownName(name)}>
            {shownName(name)}
          </span>
          <Button
            icon
            look="ghost"
            aria-pressed={pinned}
            aria-label={`Keep ${shownName(name)} in sight`}
            onClick={() => pin(name, !pinned)}
          >
            <Pin aria-hidden className={pinned ? "fill-current text-accent" : ""} />
          </Button>
          <Button
            icon
            look="ghost"
            disabled={index === 0}
            aria-label={`Move ${shownName(name)} to the left`}
            onClick={() => move(index, -1)}
          >
            <ArrowUp aria-hidden />
          </Button>
          <Button
            icon
            look="ghost"
            disabled={index === shown.length - 1}
            aria-label={`Move ${shownName(name)} to the right`}
            onClick={() => move(index, 1)}
          >
            <ArrowDown aria-hidden />
          </Button>
          <Button
            icon
            look="ghost"
            disabled={shown.length === 1}
            aria-label={`Hide ${shownName(name)}`}
            onClick={() => onChange(shown.filter((one) => one.name !== name))}
          >
            <X aria-hidden />
          </Button>
        </li>
      ))}
    </ol>
  );
}

/** The columns that aren't shown, with a search among them. */
function MoreColumns({ columns, shown, onChange, text, onText }: MoreColumnsProps) {
  const { known, search, isSearching } = columns;
  const isShown = new Set(shown.map(({ name }) => name));
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = choosableColumns(known).filter(
    (name) => !isShown.has(name) && words.every((word) => shownName(name).toLowerCase().includes(word)),
  );
  return (
    <>
      <input
        type="search"
        value={text}
        onChange={(event) => {
          onText(event.target.value);
          search(event.target.value);
        }}
        placeholder="Find a config key or a metric"
        aria-label="Find a column"
        className={inputClass}
      />
      <ul className="grid max-h-60 gap-0.5 overflow-y-auto" aria-label="More columns">
        {found.slice(0, FOUND_MAX).map((name) => (
          <li key={name}>
            <button
              type="button"
              className="h-8 w-full truncate rounded-md px-2 text-left font-mono text-xs hover:bg-hover"
              onClick={() => onChange([...shown, { name, width: null, pinned: false }])}
            >
              + {shownName(name)}
            </button>
          </li>
        ))}
        {isSearching && <li className="px-2 text-sm text-muted">Looking through all columns…</li>}
        {found.length === 0 && !isSearching && (
          <li className="px-2 text-sm text-muted">No other column has these words in its name.</li>
        )}
        {found.length > FOUND_MAX && (
          <li className="px-2 text-sm text-muted">
            {known.isCut ? "" : `${numberWords(found.length - FOUND_MAX)} `}more: type to find them.
          </li>
        )}
      </ul>
    </>
  );
}
