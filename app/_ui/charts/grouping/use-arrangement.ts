"use client";
/** The runs and groups that charts draw, as their view arranges them. */
import { useMemo } from "react";
import type { PlotGroup } from "../plot/group-traces.ts";
import type { PlotRun } from "../plot/traces.ts";
import { type Arrangement, arrange, type ChartComparison, type Grouping } from "./arrange.ts";

type Arranged = Omit<Arrangement, "baseline"> & { baseline: string | null };

/** Without a comparison they stand as they are given. */
export function useArrangement(
  { runs, groups }: { runs: PlotRun[]; groups: PlotGroup[] | null },
  { grouping }: { grouping: Grouping },
  comparison: ChartComparison | undefined,
): Arranged {
  return useMemo(
    () =>
      comparison ? arrange(runs, comparison, grouping) : { runs, groups, facets: null, legends: [], baseline: null },
    [runs, groups, grouping, comparison],
  );
}
