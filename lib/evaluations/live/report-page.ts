/** What every section of a report's page begins with: the evaluation, its run and manifest, and the stored report. */
import { connections } from "../../../db/connection.ts";
import type { Actor } from "../../access/actor.ts";
import { BoundedMap } from "../../bounded-map.ts";
import { requireManifest } from "../../manifests/manifests.ts";
import { asProblem } from "../../problem.ts";
import { requireProject } from "../../projects/projects.ts";
import { type RunDetail, requireRun } from "../../runs/runs.ts";
import type { Manifest } from "../../wire/data/manifests.ts";
import type { Cost, EvaluatedSplit, Evaluation, Soundness } from "../../wire/evaluations/evaluations.ts";
import type { HeadlineMetric } from "../../wire/evaluations/headline.ts";
import type { Ledger, TestMode } from "../../wire/evaluations/looks.ts";
import type { Panels } from "../../wire/evaluations/panels.ts";
import { locateEvaluation, requireEvaluation } from "../evaluations.ts";
import { readLedger } from "../ledger.ts";
import { requireReport } from "../read-report.ts";
import { type ListedEvaluation, listProjectEvaluations } from "./listed.ts";
import { primaryOf } from "./primary.ts";

export type StoredPanels = { version: number; digest: string; createdAt: string; report: Panels };

export type ReportPage = {
  evaluation: Evaluation;
  run: RunDetail;
  manifest: Manifest;
  /** Of the project, as its trainers log it. */
  primaryMetric: string | null;
  /** Done evaluations of the project on the same manifest, by the same task, this one among them; the newest first. */
  beside: ListedEvaluation[];
  /** Whether labels of the split are sealed: then no sample is shown, and no right or wrong of one. */
  sealed: boolean;
  /** Whether this report may be shared by a link. */
  sharing: boolean;
  /** Of the test split; null: validation is free. */
  ledger: Ledger | null;
  cost: Cost | null;
  soundness: Soundness | null;
  /** `none`: not computed yet. `closed`: the reader may not see its numbers; `why` says so. */
  stored: StoredPanels | { none: true } | { closed: true; why: string };
};

/** A page with a report: what the sections take. */
export type FilledPage = ReportPage & { stored: StoredPanels };

export const isFilled = (page: ReportPage): page is FilledPage => "report" in page.stored;

/** The metric that the page leads with; null where the report has none. */
export const leadOf = ({ stored, primaryMetric }: FilledPage): HeadlineMetric | null =>
  primaryOf(stored.report.panels.headline?.metrics ?? [], primaryMetric);

const closedModes: TestMode[] = ["ladder", "one-bit"];

/** Throws `not-found`. */
export async function readReportPage(actor: Actor, runId: string, id: string): Promise<ReportPage> {
  const [evaluation, run] = await Promise.all([requireEvaluation(actor, runId, id), requireRun(actor, runId)]);
  const { manifest, number, datasetNumber } = await requireManifest(actor, run.projectId, evaluation.manifest);
  const [project, record, listed, ledger, sealed, stored] = await Promise.all([
    requireProject(actor, run.projectId),
    locateEvaluation(actor, runId, id, "evaluations.read"),
    listProjectEvaluations(actor, run.projectId),
    evaluation.split === "test" ? readLedger(actor, run.projectId, manifest.id) : null,
    isSealed({ manifestNumber: number, datasetNumber, split: evaluation.split }),
    evaluation.status === "done" ? readStored(actor, runId, id) : { none: true as const },
  ]);
  return {
    evaluation,
    run,
    manifest,
    primaryMetric: project.primaryMetric,
    beside: listed.filter(
      ({ manifest: of, task, lead }) => of === manifest.id && task === evaluation.task && lead !== null,
    ),
    sealed,
    sharing: project.sharesReports && (ledger === null || !closedModes.includes(ledger.mode)),
    ledger,
    cost: record.cost as Cost | null,
    soundness: record.soundness as Soundness | null,
    stored,
  };
}

async function readStored(actor: Actor, runId: string, id: string): Promise<ReportPage["stored"]> {
  try {
    const { report } = await requireReport(actor, runId, id);
    const { version, digest, createdAt, panels } = report;
    return { version, digest, createdAt: createdAt.toISOString(), report: panels as Panels };
  } catch (error) {
    const problem = asProblem(error);
    if (problem?.kind !== "forbidden") throw error;
    return { closed: true, why: problem.detail };
  }
}

type SplitOfDataset = { manifestNumber: number; datasetNumber: number; split: EvaluatedSplit };

/** What a split's samples are is final, and of a million it takes a second to find that none is sealed. */
const sealedSplits = new BoundedMap<string, boolean>(1_000);

/** Whether a sample of the split has a sealed label. */
export async function isSealed({ manifestNumber, datasetNumber, split }: SplitOfDataset): Promise<boolean> {
  const key = `${manifestNumber} ${datasetNumber} ${split}`;
  const known = sealedSplits.get(key);
  if (known !== undefined) return known;
  const [row] = await connections().sql<{ sealed: boolean }[]>`
    select exists (
      select from dataset_samples d
      join manifest_samples m on m.manifest_number = ${manifestNumber} and m.key = d.key
      where d.dataset_number = ${datasetNumber} and d.sealed and m.split = ${split}
    ) as sealed`;
  sealedSplits.set(key, row!.sealed);
  return row!.sealed;
}
