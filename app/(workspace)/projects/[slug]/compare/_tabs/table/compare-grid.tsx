"use client";
/** The table of a comparison: a column a run, a row a fact; only what is near the part in sight is made. */
import { useRef, useState } from "react";
import { countWords } from "@/lib/words/numbers.ts";
import { verdictAt } from "./cells/metric-cell.tsx";
import type { GridData, GridRow as Row } from "./grid-data.ts";
import { GridTable } from "./grid-table.tsx";
import { GridToolbar } from "./grid-toolbar.tsx";
import { type Grid, useGrid } from "./use-grid.ts";
import { useGridKeys } from "./use-grid-keys.ts";

export function CompareGrid({ data }: { data: GridData }) {
  const scroller = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const grid = useGrid(data, scroller);
  const [told, setTold] = useState("");
  const { items, offsets, columns, columnWidth, isFluid } = grid;
  const { state, change, isPending } = grid.address;
  useGridKeys(scroller, {
    rows: [...grid.pinned, ...items.flatMap((item) => (item.kind === "row" ? item.row : []))],
    runs: columns.ids,
    differing: grid.differing,
    columns: columns.acts,
    pin: grid.rowActs.pin,
    toggle: grid.rowActs.toggle,
    tell: (row) => setTold(differenceOf(row, grid)),
    find: () => field.current?.focus(),
    bringNear: (row, run) => {
      const box = scroller.current;
      const at = items.findIndex((item) => item.kind === "row" && item.row.id === row);
      if (!box) return;
      if (at >= 0) box.scrollTop = Math.max(0, offsets[at]! - box.clientHeight / 2);
      if (!isFluid) box.scrollLeft = Math.max(0, columns.ids.indexOf(run) * columnWidth - box.clientWidth / 2);
    },
  });
  return (
    <section aria-label="Compared values">
      <GridToolbar
        field={field}
        find={grid.find}
        onFind={grid.setFind}
        summary={state.summary ?? data.summary}
        summaries={data.summaries}
        onSummary={(summary) => change({ summary }, "server")}
        hidden={columns.hidden}
        onShowAll={() => change({ hidden: [] })}
        isPending={isPending}
      />
      <GridTable grid={grid} scroller={scroller} />
      <p aria-live="polite" className="sr-only">
        {told}
      </p>
    </section>
  );
}

/** For who can't see the row that the keys went to. */
function differenceOf(row: Row, { data, columns, differing, sourcesOf }: Grid): string {
  const runs = differing(row);
  if (runs === null) return `${row.label}: being compared`;
  const place = data.runs.findIndex(({ id }) => id === runs[0]);
  const { metric } = sourcesOf(row);
  const verdict = metric && place >= 0 ? `; ${data.runs[place]!.name}: ${verdictAt(metric, place)}` : "";
  const what = row.kind === "value" ? "differ from the baseline" : "told from the baseline";
  return `${row.label}: ${runs.length} of ${countWords(columns.ids.length, "run")} ${what}${verdict}`;
}
