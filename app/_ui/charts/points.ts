"use client";
/** A chart's points, by the route that programs use: fetched while the chart is seen, and again when its run changed. */
import { useCallback, useEffect, useRef, useState } from "react";
import { projectPointsApi, runPointsApi } from "@/app/paths.ts";
import type { Problem } from "@/lib/wire/base/problem.ts";
import type { PointSeries } from "@/lib/wire/points/points.ts";
import { decodePoints, POINTS_CONTENT_TYPE } from "@/lib/wire/points/points-codec.ts";
import { useLive } from "../live/live.tsx";

export type CurvesQuery = {
  project: { id: string; slug: string };
  runs: string[];
  /** `split/metric`, `-/metric` where there is no split. */
  series: string[];
  /** Width of the chart in pixels. */
  px: number;
  /** First and last step; null: all there are. */
  range: { from: number; to: number } | null;
};
export type PointsState = { points: PointSeries[] | null; error: string | null };

/** Widths are rounded up to this, so that resizing asks seldom. */
const PX_STEP = 200;
/** The server draws no wider. */
const PX_MAX = 4000;
/** Pause between two answers for the curves of one run. */
const RUN_PAUSE_MS = 100;
/** Pause between two answers for the curves of a project, which take the server longer. */
const PROJECT_PAUSE_MS = 250;

function pointsUrl({ project, runs, series, px, range }: CurvesQuery): string {
  const query = new URLSearchParams(series.map((name) => ["series", name]));
  query.set("px", String(Math.min(PX_MAX, Math.max(PX_STEP, Math.ceil(px / PX_STEP) * PX_STEP))));
  if (range) {
    query.set("from", String(range.from));
    query.set("to", String(range.to));
  }
  if (runs.length === 1) return runPointsApi(runs[0]!, query);
  for (const run of runs) query.append("run", run);
  return projectPointsApi(project.slug, query);
}

/** Fetches points as fine as the server gives them: every point of at most 16,000, else an envelope; `kind` says which. */
export const finestPoints = (wanted: CurvesQuery) => fetchPoints(pointsUrl({ ...wanted, px: PX_MAX }), null, null);

/** The answer that a chart has. */
type AnswerTag = { url: string; tag: string | null };
type PointsAnswer = AnswerTag & { points: PointSeries[] | null };

/** `points` is null where the server has nothing new since `tag`. Throws an Error in words for the reader. */
async function fetchPoints(url: string, tag: string | null, signal: AbortSignal | null): Promise<PointsAnswer> {
  const headers: HeadersInit = { accept: POINTS_CONTENT_TYPE, ...(tag ? { "if-none-match": tag } : {}) };
  const response = await fetch(url, { signal, headers }).catch((cause: unknown) => {
    // a browser's own words for this differ, and say little
    throw new Error("the server can't be reached", { cause });
  });
  if (response.status === 304) return { url, tag, points: null };
  if (!response.ok) {
    const problem = (await response.json().catch(() => null)) as Problem | null;
    throw new Error(problem?.detail ?? `the server answered ${response.status}`);
  }
  return { url, tag: response.headers.get("etag"), points: decodePoints(await response.arrayBuffer()) };
}

/** A request asks for at most so many curves; more take several requests. */
const CURVES_MAX = 200;
type SharedRequest = {
  series: Set<string>;
  helds: (AnswerTag | null)[];
  askers: number;
  over: AbortController;
  answer: Promise<PointsAnswer>;
};
/** Requests that haven't gone out yet, by runs, width and steps. */
const gathering = new Map<string, SharedRequest>();

/** Charts that ask in the same turn for the same runs, width and steps share a request: a page has many charts. */
function askTogether(wanted: CurvesQuery, held: AnswerTag | null, signal: AbortSignal): Promise<PointsAnswer> {
  const key = pointsUrl({ ...wanted, series: [] });
  const found = gathering.get(key);
  const hasRoom = found && wanted.runs.length * (found.series.size + wanted.series.length) <= CURVES_MAX;
  const shared = hasRoom ? found : gather(key, wanted);
  for (const name of wanted.series) shared.series.add(name);
  shared.helds.push(held);
  shared.askers++;
  const leave = () => {
    if (--shared.askers > 0) return;
    shared.over.abort();
    forget(key, shared);
  };
  signal.addEventListener("abort", leave, { once: true });
  return shared.answer;
}

/** Charts that ask later don't join this request. */
const forget = (key: string, shared: SharedRequest) => gathering.get(key) === shared && gathering.delete(key);

function gather(key: string, wanted: CurvesQuery): SharedRequest {
  const over = new AbortController();
  const answer = new Promise((resolve) => setTimeout(resolve)).then(() => {
    forget(key, shared);
    const url = pointsUrl({ ...wanted, series: [...shared.series].sort() });
    const [first] = shared.helds;
    const isHeld = shared.helds.every((held) => held?.url === url && held.tag === first?.tag);
    return fetchPoints(url, isHeld ? first!.tag : null, over.signal);
  });
  const shared: SharedRequest = { series: new Set(), helds: [], askers: 0, over, answer };
  gathering.set(key, shared);
  return shared;
}

/** The points last loaded stay while others are on their way, and while the server can't be reached. */
export function useSeriesPoints(wanted: CurvesQuery, visible: boolean): PointsState & { reload: () => void } {
  const [loaded, setLoaded] = useState<PointsState>({ points: null, error: null });
  const held = useRef<AnswerTag | null>(null);
  const asking = useRef<AbortController | null>(null);
  const url = visible && wanted.px > 0 && wanted.runs.length > 0 ? pointsUrl(wanted) : null;

  const asked = useRef(wanted);
  asked.current = wanted;
  const load = useCallback(async () => {
    if (url === null) return;
    asking.current?.abort();
    const controller = new AbortController();
    asking.current = controller;
    try {
      const { points, ...now } = await askTogether(asked.current, held.current, controller.signal);
      if (controller.signal.aborted) return;
      held.current = now;
      setLoaded((before) => (points || before.error ? { points: points ?? before.points, error: null } : before));
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
  const isOne = run !== undefined && others.length === 0;
  useLive(isOne ? { run } : { project: wanted.project.id }, load, isOne ? RUN_PAUSE_MS : PROJECT_PAUSE_MS);
  return { ...loaded, reload: () => void load() };
}
