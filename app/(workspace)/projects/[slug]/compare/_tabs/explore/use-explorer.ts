"use client";
/** The state of the explorer and what follows from it. */
import { useRouter } from "next/navigation";
import { useCallback, useLayoutEffect, useMemo, useRef, useState, useTransition } from "react";
import { useThemeColors } from "@/app/_ui/charts/plot/dom.ts";
import { useAddress } from "@/app/_ui/parts/address.ts";
import { newPointedStore } from "@/app/_ui/parts/pointed.ts";
import { runHref } from "@/app/paths.ts";
import { axisScale } from "./state/axis-scale.ts";
import { type Brush, selectRuns, withBrush } from "./state/brushes.ts";
import { asNumbers, type Column, declaredTowards, type Store, standingsOf } from "./state/columns.ts";
import { columnsIn, type ExploreView, writeExploreView } from "./state/explore-address.ts";
import type { Explorer } from "./state/explorer.ts";
import { colorRuns, themeOf } from "./state/run-colors.ts";

export type ExploreInput = {
  slug: string;
  store: Store;
  /** The column of what the project is about; null: there is no metric. */
  objective: string | null;
  initial: ExploreView;
};

export function useExplorer({ slug, store, objective: usual, initial }: ExploreInput) {
  const router = useRouter();
  const theme = useThemeColors();
  const [view, setView] = useState(initial);
  useAddress(view, writeExploreView);
  const { brushes, ...settings } = view;
  // biome-ignore lint/correctness/useExhaustiveDependencies: an object of its own for each frame of a brush is no other one
  const kept = useMemo(() => settings, [JSON.stringify(settings)]);
  const [isReading, startReading] = useTransition();
  const latest = useRef(view);
  useLayoutEffect(() => {
    latest.current = view;
  }, [view]);
  const show = useCallback(
    (change: Partial<ExploreView>) => {
      const before = columnsIn(latest.current);
      const next = { ...latest.current, ...change };
      setView(next);
      if (columnsIn(next).every((name) => store.columns.has(name) || before.includes(name))) return;
      // the server reads what isn't there yet
      const address = new URL(window.location.href);
      writeExploreView(next, address.searchParams);
      startReading(() => router.replace(`${address.pathname}${address.search}`, { scroll: false }));
    },
    [store, router],
  );
  const brush = useCallback(
    (column: string, one: Brush | null) =>
      setView((before) => ({ ...before, brushes: withBrush(before.brushes, column, one) })),
    [],
  );
  const objective = asNumbers(store.columns.get(view.objective ?? usual ?? ""));
  const better = kept.better ?? (objective && declaredTowards(objective));
  const standings = useMemo(() => standingsOf(store, objective), [store, objective]);
  const [pointed] = useState(newPointedStore);
  const axisOf = useMemo(() => {
    const known = new Map<Column, ReturnType<typeof axisScale>>();
    return (column: Column) => {
      const axis = known.get(column) ?? axisScale(column, kept.scales[column.name]);
      known.set(column, axis);
      return axis;
    };
  }, [kept]);
  const openRun = useCallback((run: number) => router.push(runHref(slug, store.ids[run]!)), [router, slug, store]);
  const explorer: Explorer = useMemo(
    () => ({ slug, store, view: kept, show, brush, axisOf, objective, better, standings, pointed, openRun }),
    [slug, store, kept, show, brush, axisOf, objective, better, standings, pointed, openRun],
  );
  const selected = useMemo(() => selectRuns(store, brushes), [store, brushes]);
  const color = (kept.color === null ? null : store.columns.get(kept.color)) ?? objective;
  const colorTowards = color === objective ? better : color?.kind === "number" ? declaredTowards(color) : null;
  const colors = useMemo(
    () => colorRuns(color ?? null, colorTowards, theme ? themeOf(theme.bg) : "light", store.n),
    [color, colorTowards, theme, store.n],
  );
  return { explorer, brushes, selected, color: color ?? null, colorTowards, colors, isReading };
}
