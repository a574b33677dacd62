/** What a thread may hang on: a subject that is there and of the project, and a place that the subject has. */
import { and, eq, isNull } from "drizzle-orm";
import { connections } from "../../db/connection.ts";
import { claims } from "../../db/schema/champions.ts";
import { evaluations } from "../../db/schema/evaluations.ts";
import { manifestSamples, manifests } from "../../db/schema/manifests.ts";
import { reviews } from "../../db/schema/reviews.ts";
import { runs } from "../../db/schema/runs.ts";
import { studies } from "../../db/schema/studies.ts";
import type { Actor } from "../access/actor.ts";
import { requireSight } from "../evaluations/sight.ts";
import { listSeries } from "../metrics/list-series.ts";
import { invalid, ProblemError } from "../problem.ts";
import { flattenConfig } from "../runs/flatten.ts";
import type { Config } from "../wire/base/config.ts";
import { seriesKey, seriesWords } from "../wire/points/series-name.ts";
import { reportSections } from "../wire/report-sections.ts";
import { type Anchor, anchorsOf, parseAnchor, type Subject, seriesOfAnchor } from "../wire/reviews/anchors.ts";

/** `runId`: of a subject that is a run or an evaluation. */
export type PlacedSubject = { runId: string | null };

/**
 * Throws `not-found` where the project has no such subject, `gone` for a deleted run, `forbidden` for an evaluation whose
 * numbers the actor may not see, and `invalid` for a place that the subject doesn't have.
 */
export async function requireSubject(
  actor: Actor,
  projectId: string,
  subject: Subject,
  anchorText: string,
): Promise<PlacedSubject> {
  const anchor = parseAnchor(anchorText);
  if (anchor === null || !anchorsOf[subject.kind].includes(anchor.kind))
    throw invalid(
      "anchor",
      `a ${subject.kind} has ${anchorsOf[subject.kind].join(", ")}, received ${short(anchorText)}`,
    );
  const place = { actor, projectId, id: subject.id, anchor };
  switch (subject.kind) {
    case "run":
      return ofRun(place);
    case "evaluation":
      return ofEvaluation(place);
    case "study":
      return ofStudy(place);
    case "claim":
    case "review":
      return ofFinal(place, subject.kind);
  }
}

type Place = { actor: Actor; projectId: string; id: string; anchor: Anchor };

const short = (text: string): string => JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);

const missing = (kind: string, id: string): ProblemError =>
  new ProblemError("not-found", `subject: this project has no ${kind} ${id}`, [
    { field: "subject", detail: `this project has no ${kind} ${id}` },
  ]);

async function ofRun({ actor, projectId, id, anchor }: Place): Promise<PlacedSubject> {
  const [run] = await connections()
    .db.select()
    .from(runs)
    .where(and(eq(runs.id, id), eq(runs.projectId, projectId)));
  if (!run) throw missing("run", id);
  if (run.deletedAt)
    throw new ProblemError("gone", `subject: run ${id} is deleted; restore it in its project's settings first`);
  if (anchor.kind === "config") requireKey(flattenConfig(run.config as Config), anchor.key);
  const series = seriesOfAnchor(anchor);
  if (series) {
    const list = await listSeries(actor, id);
    const isOf = (one: { split: string | null; metric: string }) =>
      one.metric === series.metric && one.split === series.split;
    if (list.quarantined.some(isOf))
      throw invalid("anchor", `an ordinary series: ${seriesWords(series)} is kept out of sight, as a test number is`);
    if (!list.series.some(isOf)) throw invalid("anchor", `the run has no series ${short(seriesKey(series))}`);
  }
  return { runId: id };
}

async function ofEvaluation({ actor, projectId, id, anchor }: Place): Promise<PlacedSubject> {
  const { db } = connections();
  const [found] = await db
    .select({ evaluation: evaluations, deletedAt: runs.deletedAt, manifestNumber: manifests.number })
    .from(evaluations)
    .innerJoin(runs, eq(runs.id, evaluations.runId))
    .innerJoin(manifests, eq(manifests.id, evaluations.manifestId))
    .where(and(eq(evaluations.id, id), eq(evaluations.projectId, projectId)));
  if (!found) throw missing("evaluation", id);
  if (found.deletedAt)
    throw new ProblemError(
      "gone",
      `subject: the run of evaluation ${id} is deleted; restore it in its project's settings first`,
    );
  const { evaluation, manifestNumber } = found;
  await requireSight(actor, evaluation);
  if (anchor.kind === "panel" && !(reportSections as readonly string[]).includes(anchor.name))
    throw invalid("anchor", `one of ${reportSections.join(", ")}, received ${short(anchor.name)}`);
  if (anchor.kind === "class" && !evaluation.classes?.includes(anchor.name))
    throw invalid("anchor", `the evaluation has no class ${short(anchor.name)}`);
  if (anchor.kind === "sample") {
    const [sample] = await db
      .select({ split: manifestSamples.split })
      .from(manifestSamples)
      .where(and(eq(manifestSamples.manifestNumber, manifestNumber), eq(manifestSamples.key, anchor.key)));
    if (sample?.split !== evaluation.split)
      throw invalid("anchor", `the evaluation's split has no sample ${short(anchor.key)}`);
  }
  return { runId: evaluation.runId };
}

async function ofStudy({ projectId, id, anchor }: Place): Promise<PlacedSubject> {
  const [study] = await connections()
    .db.select()
    .from(studies)
    .where(and(eq(studies.id, id), eq(studies.projectId, projectId)));
  if (!study) throw missing("study", id);
  if (anchor.kind === "config") {
    const searched = (study.space as { path: string }[]).map(({ path }) => path);
    if (!searched.includes(anchor.key)) requireKey(flattenConfig(study.base as Config), anchor.key);
  }
  return { runId: null };
}

async function ofFinal({ projectId, id }: Place, kind: "claim" | "review"): Promise<PlacedSubject> {
  const { db } = connections();
  const [found] =
    kind === "claim"
      ? await db
          .select({ id: claims.id })
          .from(claims)
          .where(and(eq(claims.id, id), eq(claims.projectId, projectId)))
      : await db
          .select({ id: reviews.id })
          .from(reviews)
          .where(and(eq(reviews.id, id), eq(reviews.projectId, projectId), isNull(reviews.closedAt)));
  if (!found) throw missing(kind, id);
  return { runId: null };
}

function requireKey(config: Record<string, unknown>, key: string): void {
  if (!Object.hasOwn(config, key)) throw invalid("anchor", `the config has no key ${short(key)}`);
}
