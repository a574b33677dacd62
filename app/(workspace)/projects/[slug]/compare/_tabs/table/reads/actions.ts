"use server";
/** What the table of a comparison reads once it is asked for: more metrics, small curves, paired differences, texts. */
import { z } from "zod";
import { actOn, projectId, runId } from "@/app/_ui/acts/action.ts";
import type { ActionOutcome } from "@/app/_ui/parts/outcome.ts";
import { compareFacts, compareMetrics } from "@/lib/compare/comparison.ts";
import { alignConfigs } from "@/lib/compare/config-rows.ts";
import { alignFacts } from "@/lib/compare/fact-rows.ts";
import { type PairedDifferences, pairWithBaseline } from "@/lib/compare/read-evaluations.ts";
import { readComparedRuns } from "@/lib/compare/read-runs.ts";
import { readSparklines, type Sparklines } from "@/lib/compare/sparklines.ts";
import { type DiffPart, diffTexts } from "@/lib/compare/text-diff.ts";
import { requireProject } from "@/lib/projects/projects.ts";
import { readNoiseFloor } from "@/lib/studies/noise-floor.ts";
import { requireObjective } from "@/lib/studies/plan.ts";
import { COMPARED_RUNS_MAX, comparedSummaries } from "@/lib/wire/compared.ts";
import { metricNames } from "@/lib/wire/evaluations/metrics.ts";
import { parseSeriesKey, seriesKey } from "@/lib/wire/points/series-name.ts";
import { noiseFloorWords } from "@/lib/words/studies/standing-words.ts";
import { type MetricCells, packSeries } from "../grid-data.ts";

const SERIES_MAX = 60;
const runs = z.array(runId).min(1).max(COMPARED_RUNS_MAX);
const series = z.array(z.string().max(300)).min(1).max(SERIES_MAX);

/** `runs` in the order of the cells. */
export const readMetricCellsAction = async (
  project: string,
  asked: { runs: string[]; baseline: string; summary: string; series: string[] },
): Promise<ActionOutcome<MetricCells[]>> =>
  actOn(
    { project: projectId, asked: z.object({ runs, series, baseline: runId, summary: z.enum(comparedSummaries) }) },
    { project, asked },
    async (member, given) => {
      const { summary, baseline } = given.asked;
      const found = await requireProject(member, given.project);
      const facts = await compareFacts(member, found.id, { runs: given.asked.runs, baseline });
      const read = await compareMetrics(member, found, facts, summary, given.asked.series);
      return read.map((one) => packSeries(one, { series: seriesKey(one), baseline: facts.baseline, summary }));
    },
    "keep",
  );

export const readSparklinesAction = async (
  project: string,
  asked: { runs: string[]; series: string[] },
): Promise<ActionOutcome<Sparklines>> =>
  actOn(
    { project: projectId, asked: z.object({ runs, series }) },
    { project, asked },
    (member, given) => readSparklines(member, given.project, given.asked),
    "keep",
  );

/** `pairs`: the baseline's first. */
export const pairWithBaselineAction = async (
  project: string,
  asked: { pairs: { run: string; evaluation: string }[]; metric: string },
): Promise<ActionOutcome<PairedDifferences>> =>
  actOn(
    {
      project: projectId,
      asked: z.object({
        pairs: z
          .array(z.object({ run: runId, evaluation: z.uuid() }))
          .min(2)
          .max(COMPARED_RUNS_MAX),
        metric: z.enum(metricNames),
      }),
    },
    { project, asked },
    async (member, given) =>
      pairWithBaseline(member, await requireProject(member, given.project), given.asked.pairs, given.asked.metric),
    "keep",
  );

/** The project's noise floor of a series, on the samples of that manifest, in a sentence. */
export const readFloorAction = async (
  project: string,
  asked: { series: string; direction: "min" | "max"; manifest: string | null },
): Promise<ActionOutcome<string>> =>
  actOn(
    {
      project: projectId,
      asked: z.object({
        series: z.string().max(300),
        direction: z.enum(["min", "max"]),
        manifest: z.string().max(64).nullable(),
      }),
    },
    { project, asked },
    async (member, given) => {
      const { series: key, direction, manifest } = given.asked;
      const { split, metric } = parseSeriesKey(key);
      // no test number is told of, nor how it varies
      if (split !== "train" && split !== "validation") return "";
      requireObjective({ split, metric });
      return noiseFloorWords(await readNoiseFloor(member, given.project, { split, metric, direction }, manifest));
    },
    "keep",
  );

/** A value of a row that differs from the baseline's, and the runs that have it. */
export type ValueDiff = { runs: string[]; parts: DiffPart[] };
const DIFFS_MAX = 20;

/** Word by word, of a row of config or facts; `id` names the row. */
export const diffValuesAction = async (
  project: string,
  asked: { runs: string[]; baseline: string; id: string },
): Promise<ActionOutcome<{ baseline: string; diffs: ValueDiff[] }>> =>
  actOn(
    { project: projectId, asked: z.object({ runs, baseline: runId, id: z.string().max(1000) }) },
    { project, asked },
    async (member, given) => {
      const { runs: ids, baseline, id } = given.asked;
      const found = await readComparedRuns(member, given.project, ids);
      const rows = id.startsWith("config/")
        ? alignConfigs(found.map(({ config }) => config)).map((row) => ({ ...row, section: "config" }))
        : alignFacts(found);
      const row = rows.find(({ section, key }) => `${section}/${key}` === id);
      if (!row) return { baseline: "", diffs: [] };
      const textAt = (place: number) => (place < 0 ? "" : String(row.choices[place]));
      const own = row.at[found.findIndex((run) => run.id === baseline)] ?? -1;
      const others = [...new Set(row.at)].filter((place) => place !== own).slice(0, DIFFS_MAX);
      return {
        baseline: textAt(own),
        diffs: others.map((place) => ({
          runs: found.flatMap(({ name }, at) => (row.at[at] === place ? [name] : [])),
          parts: diffTexts(textAt(own), textAt(place)),
        })),
      };
    },
    "keep",
  );
