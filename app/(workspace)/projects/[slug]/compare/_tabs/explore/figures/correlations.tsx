"use client";
/** Which columns move together: each pair's rank correlation, and those with the objective with their intervals. */
import { useMemo } from "react";
import { type Correlation, correlatePairs } from "@/lib/statistics/exploration/correlations.ts";
import { decimalWords, numberWords } from "@/lib/words/numbers.ts";
import { cellsPicture, type PictureCell } from "../pictures/cells-picture.ts";
import { type Picture, TakePicture } from "../pictures/take-picture.tsx";
import { type NumberColumn, type Standing, shortLabels } from "../state/columns.ts";
import type { Explorer } from "../state/explorer.ts";

type CorrelationsProps = { explorer: Explorer; columns: NumberColumn[] };

export function Correlations({ explorer, columns }: CorrelationsProps) {
  const { standings, show } = explorer;
  const { pairs, family } = useMemo(() => correlateAll(columns, standings), [columns, standings]);
  if (columns.length < 2) return <p className="text-sm text-muted">There are fewer than two columns of numbers.</p>;
  const [first] = columns;
  const labels = shortLabels(columns);
  return (
    <>
      <div className="overflow-x-auto">
        <table className="text-xs" data-testid="correlations" data-drawn={pairs.size}>
          <caption className="sr-only">Spearman's correlation of each pair of columns</caption>
          <thead>
            <tr>
              <td />
              {columns.slice(0, -1).map((column) => (
                <th
                  key={column.name}
                  scope="col"
                  className="w-14 max-w-14 truncate px-1 pb-1 font-normal text-muted"
                  title={column.label}
                >
                  {labels.get(column)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {columns.slice(1).map((row, at) => (
              <tr key={row.name}>
                <th scope="row" className="max-w-32 truncate pr-2 text-right font-normal text-muted" title={row.label}>
                  {row.label}
                </th>
                {columns.slice(0, at + 1).map((column) => (
                  <PairCell
                    key={column.name}
                    pair={pairs.get(keyOf(column, row))!}
                    words={`${column.label} and ${row.label}`}
                    onPick={() => show({ x: row.name, y: column.name, xBetter: null, yBetter: null })}
                  />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="flex justify-end pt-1">
        <TakePicture title={PICTURE_TITLE} make={() => pictureOf(columns, pairs)} />
      </div>
      <WithFirst first={first!} others={columns.slice(1)} pairs={pairs} family={family} />
    </>
  );
}

const keyOf = (a: NumberColumn, b: NumberColumn): string => JSON.stringify([a.name, b.name]);

function correlateAll(
  columns: NumberColumn[],
  standings: readonly Standing[],
): { pairs: Map<string, Correlation>; family: number } {
  const runs = [...standings.keys()].filter((run) => standings[run] === "counted");
  const values = columns.map((column) => Float64Array.from(runs, (run) => column.values[run]!));
  const places = columns.flatMap((_, b) => Array.from({ length: b }, (_, a) => [a, b] as const));
  const { pairs, family } = correlatePairs(places.map(([a, b]) => [values[a]!, values[b]!]));
  return { pairs: new Map(places.map(([a, b], at) => [keyOf(columns[a]!, columns[b]!), pairs[at]!])), family };
}

const signed = (value: number): string => decimalWords(value, 2).replace("-", "−");

const PICTURE_TITLE = "Spearman’s correlation of each pair";

/** The same triangle. */
function pictureOf(columns: NumberColumn[], pairs: Map<string, Correlation>): Picture {
  const labels = shortLabels(columns);
  const cellOf = (theme: Record<"accent" | "warning", string>, a: NumberColumn, b: NumberColumn): PictureCell => {
    const pair = pairs.get(keyOf(a, b))!;
    const ground = pair.spearman === null ? null : pair.spearman > 0 ? theme.accent : theme.warning;
    return { ground, strength: strengthOf(pair) / 100, lines: [pair.spearman === null ? "–" : signed(pair.spearman)] };
  };
  const whole = (theme: Record<"accent" | "warning", string>) =>
    cellsPicture({
      title: PICTURE_TITLE,
      across: columns.slice(0, -1).map((column) => labels.get(column)!),
      down: columns.slice(1).map(({ label }) => label),
      cells: columns.slice(1).map((row, at) => columns.slice(0, at + 1).map((column) => cellOf(theme, column, row))),
    });
  const { width, height } = whole({ accent: "", warning: "" });
  return { width, height, draw: (pen, theme) => whole(theme).draw(pen, theme) };
}

/** Of the colour, in per cent. */
const strengthOf = ({ spearman }: Correlation): number => (spearman === null ? 0 : Math.round(Math.abs(spearman) * 45));

function PairCell({ pair, words, onPick }: { pair: Correlation; words: string; onPick: () => void }) {
  const { spearman, n } = pair;
  const strength = strengthOf(pair);
  return (
    <td
      className="h-7 p-0 text-right"
      style={{
        backgroundColor:
          strength === 0
            ? undefined
            : `color-mix(in srgb, var(${spearman! > 0 ? "--accent" : "--warning"}) ${strength}%, transparent)`,
      }}
    >
      <button
        type="button"
        className="size-full px-1 text-right"
        title={`${words}: n ${n}`}
        aria-label={`${words}: ${spearman === null ? "none" : signed(spearman)} of ${n} runs`}
        onClick={onPick}
      >
        {spearman === null ? "–" : signed(spearman)}
      </button>
    </td>
  );
}

type WithFirstProps = { first: NumberColumn; others: NumberColumn[]; pairs: Map<string, Correlation>; family: number };

function WithFirst({ first, others, pairs, family }: WithFirstProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard scrolls it sideways
    <div className="mt-3 overflow-x-auto" tabIndex={0}>
      <table className="w-full text-xs" data-testid="correlations-of-first">
        <thead>
          <tr className="h-7 border-b border-line text-muted">
            {[`${first.label} with`, "Spearman", "95 % interval", "Pearson", "n", `p, Holm of ${family}`].map(
              (head, at) => (
                <th
                  key={head}
                  scope="col"
                  className={`pr-3 font-normal whitespace-nowrap ${at === 0 ? "text-left" : "text-right"}`}
                >
                  {head}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>
          {others.map((other) => {
            const { spearman, interval, pearson, n, p } = pairs.get(keyOf(first, other))!;
            return (
              <tr key={other.name} className="h-7 border-b border-line" data-pair={other.name}>
                <th scope="row" className="max-w-40 truncate pr-3 text-left font-normal" title={other.label}>
                  {other.label}
                </th>
                <td className="pr-3 text-right">{spearman === null ? "–" : signed(spearman)}</td>
                <td className="pr-3 text-right text-muted whitespace-nowrap">
                  {interval ? `${signed(interval[0])} to ${signed(interval[1])}` : "–"}
                </td>
                <td className="pr-3 text-right">{pearson === null ? "–" : signed(pearson)}</td>
                <td className="pr-3 text-right text-muted">{numberWords(n)}</td>
                <td className="pr-3 text-right text-muted">
                  {p === null ? "–" : p < 0.001 ? "< 0.001" : decimalWords(p, 3)}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
