/** The first runs of the selection by the objective: by keyboard the way into a run. */
import { runHref } from "@/app/paths.ts";
import { countWords } from "@/lib/words/numbers.ts";
import { cellWords } from "../state/axis-scale.ts";
import type { Column, NumberColumn, Towards } from "../state/columns.ts";
import type { Explorer } from "../state/explorer.ts";

const SHOWN = 10;
const COLUMNS = 6;

type BestRunsProps = { explorer: Explorer; selected: Uint8Array | null; columns: Column[] };

export function BestRuns({ explorer: { slug, store, objective, better }, selected, columns }: BestRunsProps) {
  const runs = Array.from({ length: store.n }, (_, run) => run).filter((run) => !selected || selected[run] === 1);
  const first = objective && better ? bestFirst(runs, objective, better) : runs;
  const shown = [...(objective ? [objective] : []), ...columns.filter((column) => column !== objective)].slice(
    0,
    COLUMNS,
  );
  return (
    <div className="overflow-x-auto">
      <table className="w-full text-sm" data-testid="best-runs">
        <caption className="sr-only">
          The first {SHOWN} of {countWords(runs.length, "run")}
        </caption>
        <thead>
          <tr className="h-8 border-b border-line text-xs text-muted">
            <th scope="col" className="pr-3 text-left font-normal">
              Run
            </th>
            {shown.map((column) => (
              <th
                key={column.name}
                scope="col"
                className="max-w-40 truncate pr-3 text-right font-normal"
                title={column.label}
              >
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {first.slice(0, SHOWN).map((run) => (
            <tr key={store.ids[run]} className="h-8 border-b border-line">
              <th scope="row" className="max-w-60 truncate pr-3 text-left font-normal">
                <a className="hover:underline" href={runHref(slug, store.ids[run]!)}>
                  {store.names[run]}
                </a>
              </th>
              {shown.map((column) => (
                <td key={column.name} className="max-w-40 truncate pr-3 text-right" title={cellWords(column, run)}>
                  {cellWords(column, run)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {runs.length === 0 && <p className="py-3 text-sm text-muted">No run lies within all that is brushed.</p>}
    </div>
  );
}

/** Runs without a finite objective come last. */
function bestFirst(runs: number[], { values }: NumberColumn, better: Towards): number[] {
  const cost = (run: number) =>
    Number.isFinite(values[run]!) ? values[run]! * (better === "min" ? 1 : -1) : Number.POSITIVE_INFINITY;
  return [...runs].sort((a, b) => (cost(a) === cost(b) ? a - b : cost(a) - cost(b)));
}
