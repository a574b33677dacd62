/** A trial that waits, with the run that it makes: both or neither. */
import { v7 as uuidv7 } from "uuid";
import { connections, type Executor } from "../../db/connection.ts";
import { trials } from "../../db/schema/studies.ts";
import type { Actor } from "../access/actor.ts";
import { recordAct } from "../access/audit.ts";
import { authorise } from "../access/permissions.ts";
import { requireStill } from "../access/standing.ts";
import { noticeRun } from "../live/notices.ts";
import { invalid, parse } from "../problem.ts";
import { requireProject } from "../projects/projects.ts";
import { insertRun, type NewRun, prepareRun } from "../runs/new-run.ts";
import { getRun } from "../runs/runs.ts";
import { type Trial, trialQueueSchema } from "../wire/studies/trials.ts";
import { requireTrial, type TrialRow } from "./trials.ts";

/** What a trial is beside its run. */
export type NewTrial = Pick<
  typeof trials.$inferInsert,
  "studyId" | "number" | "replicate" | "values" | "origin" | "labels" | "memoryGib" | "priority"
>;

/** Writes a run as queued, and the trial that trains it, in the caller's transaction. */
export async function insertTrial(tx: Executor, actor: Actor, run: NewRun, trial: NewTrial): Promise<TrialRow> {
  await insertRun(tx, actor, run);
  const [row] = await tx
    .insert(trials)
    .values({ ...trial, id: uuidv7(), projectId: run.project.id, runId: run.id, createdBy: actor.name })
    .returning();
  return row!;
}

/**
 * Queues a run by itself. Where no manifest is named it is trained on the one that the project has chosen. A worker's
 * run needs one: by it the worker knows which samples are meant.
 */
export async function queueTrial(actor: Actor, input: unknown): Promise<Trial> {
  authorise(actor, "trials.queue");
  const { project: named, labels, memoryGib, priority, copyOf, ...content } = parse(trialQueueSchema, input);
  const project = await requireProject(actor, named);
  authorise(actor, "trials.queue", project.id);
  if (copyOf !== null && (await getRun(actor, copyOf))?.projectId !== project.id)
    throw invalid("copyOf", `${copyOf} is no run of this project`);
  const manifest = content.manifest ?? project.chosenManifest;
  const run = await prepareRun(actor, { ...content, manifest, project: project.id, status: "queued" });
  const trial = await connections().db.transaction(async (tx) => {
    await requireStill(tx, actor, "trials.queue", project.id);
    const origin = copyOf === null ? "hand" : "copy";
    const row = await insertTrial(tx, actor, run, { origin, labels, memoryGib, priority });
    const detail = { name: run.content.name ?? null, copyOf };
    await recordAct(tx, actor, { action: "trial.queue", subject: `run:${run.id}`, projectId: project.id, detail });
    return row;
  });
  noticeRun(run.id);
  return requireTrial(actor, trial.id);
}
