/** Which rows are shown although all runs may have the same in them: a running run takes none away, and adds none above. */
import { useMemo, useRef } from "react";
import type { GridData } from "./grid-data.ts";
import { isAlikeIn } from "./grid-items.ts";

/** What changes while a run goes on. */
const GOING_ON = ["identity/status", "identity/duration", "identity/last step"];

/** Rows that told these runs apart since they were chosen, and of running runs those that may. `places`: of the runs in sight. */
export function useTelling({ rows, runs }: GridData, places: readonly number[]): ReadonlySet<string> {
  const told = useRef({ of: "", rows: new Set<string>() });
  return useMemo(() => {
    const of = places.join();
    const before = told.current.of === of ? told.current.rows : [];
    const isGoingOn = places.some((place) => runs[place]!.status === "running");
    const telling = rows.flatMap((row) => (row.kind === "value" && !isAlikeIn(row, places) ? row.id : []));
    told.current = { of, rows: new Set([...before, ...telling, ...(isGoingOn ? GOING_ON : [])]) };
    return told.current.rows;
  }, [rows, runs, places]);
}
