/** Runs of an import on their way into the tables: a few statements for all of them. */
import { eq } from "drizzle-orm";
import type { Executor } from "../../db/connection.ts";
import { projects } from "../../db/schema/projects.ts";
import type { Actor } from "../access/actor.ts";
import { type Act, changeOf, recordActs } from "../access/audit.ts";
import { recordLooks } from "../looks/looks.ts";
import { insertNewPoints, type NewPoints } from "../metrics/new-points.ts";
import { tagNewRuns } from "../runs/bulk.ts";
import { insertRuns, type NewRun } from "../runs/new-run.ts";
import { endAct, endColumns } from "../runs/status.ts";
import { insertFirstWriters } from "../runs/writers.ts";
import type { Project } from "../wire/projects.ts";
import type { HeldRun } from "./held-runs.ts";

/** Writes those runs that aren't there, whole, and returns them: one that came in by another request is left to it. */
export async function writeRuns<Fresh extends { held: HeldRun; points: NewPoints }>(
  tx: Executor,
  actor: Actor,
  project: Project,
  fresh: Fresh[],
): Promise<Fresh[]> {
  const bestStale = !(await isPrimaryStill(tx, project));
  const made = fresh.map(({ held, points }) => ({ ...held.run, past: pastOf(held, points, bestStale) }));
  const created = await insertRuns(tx, actor, project, made);
  const written = fresh.filter(({ held }) => created.has(held.run.id));
  if (written.length === 0) return [];
  await insertFirstWriters(tx, written.map(firstWriterOf));
  await insertNewPoints(
    tx,
    project.id,
    written.map(({ held, points }) => ({ id: held.run.id, points })),
  );
  await tagNewRuns(
    tx,
    actor,
    project.id,
    written.map(({ held }) => ({ id: held.run.id, tags: held.said.tags })),
  );
  await recordActs(
    tx,
    actor,
    written.flatMap(({ held }) => actsOf(held)),
  );
  for (const { held, points } of written) {
    const { id, content } = held.run;
    const reasons = points.series.flatMap(({ isTest, key }) => (isTest ? [key] : []));
    const looker = { projectId: project.id, runId: id, manifestId: content.manifest };
    await recordLooks(tx, actor, looker, { kind: "logged", reasons });
  }
  return written;
}

/** Whether runs were summed up by the primary metric that the project has; it has it until the caller's transaction ends. */
async function isPrimaryStill(tx: Executor, project: Project): Promise<boolean> {
  const { primaryMetric, primarySplit, primaryDirection } = projects;
  const [now] = await tx
    .select({ primaryMetric, primarySplit, primaryDirection })
    .from(projects)
    .where(eq(projects.id, project.id))
    .for("share");
  return (
    now?.primaryMetric === project.primaryMetric &&
    now.primarySplit === project.primarySplit &&
    now.primaryDirection === project.primaryDirection
  );
}

function pastOf({ said }: HeldRun, { bestStep }: NewPoints, bestStale: boolean): NewRun["past"] {
  const { color, end } = said;
  return { color, bestStep, bestStale, pointsLost: lostIn(said), ...(end === null ? {} : endColumns(end)) };
}

/** As `finishRun` counts them: of the writer that is named. */
const lostIn = ({ end }: HeldRun["said"]): number => (end?.writer ? end.pointsLost : 0);

const firstWriterOf = ({ held: { run, said }, points }: { held: HeldRun; points: NewPoints }) => ({
  runId: run.id,
  id: said.writer.writer,
  environment: said.writer.environment,
  pointsLost: lostIn(said),
  summedSequence: points.batches.length,
});

function actsOf({ run, said: { color, end } }: HeldRun): Act[] {
  const place = { id: run.id, projectId: run.project.id };
  const detail = changeOf({ color: null }, { color });
  return [
    ...(color === null
      ? []
      : [{ action: "run.update", subject: `run:${place.id}`, projectId: place.projectId, detail }]),
    ...(end === null ? [] : [endAct(place, end)]),
  ];
}
