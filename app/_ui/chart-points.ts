"use client";
/** A chart's points, by the route that programs use: fetched while the chart is seen, and again when its run changed. */
import { useCallback, useEffect, useRef, useState } from "react";
import { decodePoints, POINTS_CONTENT_TYPE } from "@/lib/metrics/points-codec.ts";
import type { Problem } from "@/lib/wire.ts";
import type { Points } from "./chart-traces.ts";
import { useLive } from "./live.tsx";

export type PointsWanted = {
  project: { id: string; slug: string };
  runs: string[];
  /** `split/metric`, `-/metric` where there is no split. */
  series: string[];
  /** Width of the chart in pixels. */
  px: number;
  /** First and last step; null: all there are. */
  range: { from: number; to: number } | null;
};
export type LoadedPoints = { points: Points[] | null; error: string | null };

/** Widths are rounded up to this, so that resizing asks seldom. */
const PX_STEP = 200;
const PX_MAX = 4000;

function pointsUrl({ project, runs, series, px, range }: PointsWanted): string {
  const query = new URLSearchParams(series.map((name) => ["series", name]));
  query.set("px", String(Math.min(PX_MAX, Math.max(PX_STEP, Math.ceil(px / PX_STEP) * PX_STEP))));
  if (range) {
    query.set("from", String(range.from));
    query.set("to", String(range.to));
  }
  if (runs.length === 1) return `/api/v1/runs/${runs[0]}/metrics?${query}`;
  for (const run of runs) query.append("run", run);
  return `/api/v1/projects/${encodeURIComponent(project.slug)}/points?${query}`;
}

/** As fine as the server gives them: every point of at most 16,000, else an envelope; `kind` says which. */
export const finestPoints = (wanted: PointsWanted) => fetchPoints(pointsUrl({ ...wanted, px: PX_MAX }), null, null);

type Answer = { points: Points[] | null; tag: string | null };

/** `points` is null where the server has nothing new since `tag`. Throws an Error in words for the reader. */
async function fetchPoints(url: string, tag: string | null, signal: AbortSignal | null): Promise<Answer> {
  const headers: HeadersInit = { accept: POINTS_CONTENT_TYPE, ...(tag ? { "if-none-match": tag } : {}) };
  const response = await fetch(url, { signal, headers }).catch((cause: unknown) => {
    // a browser's own words for this differ, and say little
    throw new Error("the server can't be reached", { cause });
  });
  if (response.status === 304) return { points: null, tag };
  if (!response.ok) {
    const problem = (await response.json().catch(() => null)) as Problem | null;
    throw new Error(problem?.detail ?? `the server answered ${response.status}`);
  }
  return { points: decodePoints(await response.arrayBuffer()), tag: response.headers.get("etag") };
}

/** The points last loaded stay while others are on their way, and while the server can't be reached. */
export function useSeriesPoints(wanted: PointsWanted, visible: boolean): LoadedPoints {
  const [loaded, setLoaded] = useState<LoadedPoints>({ points: null, error: null });
  const held = useRef<{ url: string; tag: string | null }>({ url: "", tag: null });
  const asking = useRef<AbortController | null>(null);
  const url = visible && wanted.px > 0 && wanted.runs.length > 0 ? pointsUrl(wanted) : null;

  const load = useCallback(async () => {
    if (url === null) return;
    asking.current?.abort();
    const controller = new AbortController();
    asking.current = controller;
    try {
      const { points, tag } = await fetchPoints(
        url,
        held.current.url === url ? held.current.tag : null,
        controller.signal,
      );
      if (controller.signal.aborted) return;
      held.current = { url, tag };
      setLoaded((before) => ({ points: points ?? before.points, error: null }));
    } catch (error) {
      if (controller.signal.aborted) return;
      setLoaded((before) => ({ ...before, error: error instanceof Error ? error.message : String(error) }));
    }
  }, [url]);

  useEffect(() => {
    void load();
    return () => asking.current?.abort();
  }, [load]);
  const [run, ...others] = wanted.runs;
  useLive(run && others.length === 0 ? { run } : { project: wanted.project.id }, load);
  return loaded;
}
