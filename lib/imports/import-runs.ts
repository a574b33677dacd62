/** Whole runs of another tracker, many at once: stored in one transaction, each whole or not at all. */
import { setImmediate as turn } from "node:timers/promises";
import { connections, type Executor } from "../../db/connection.ts";
import type { Actor } from "../access/actor.ts";
import { authorise } from "../access/permissions.ts";
import { keepFiles, type StagedArtifact, stageFiles } from "../artifacts/many-files.ts";
import { noticeRun } from "../live/notices.ts";
import { countBatch } from "../metrics/append.ts";
import type { NewPoints } from "../metrics/new-points.ts";
import { runLink } from "../origin.ts";
import { asProblem, ProblemError } from "../problem.ts";
import { requireProject } from "../projects/projects.ts";
import type { Imported, ImportedAnswer, SentRun } from "../wire/imports.ts";
import type { Project } from "../wire/projects.ts";
import { type HeldRun, pointsOf, runHolder } from "./held-runs.ts";
import { findThere } from "./there.ts";
import { writeRuns } from "./write-runs.ts";

/** A run on its way through the request: `answer` is what is known of it. */
type Place = { held: HeldRun | null; answer: ImportedAnswer };

/**
 * Stores those of the runs that aren't there, with their points, files, marks and ends: all of them in one transaction. What
 * is wrong with one is said in its answer, and keeps none of the others. May be repeated: what is there stays as it is.
 */
export async function importRuns(actor: Actor, named: string, sent: SentRun[]): Promise<Imported> {
  authorise(actor, "runs.log");
  const project = await requireProject(actor, named);
  authorise(actor, "runs.log", project.id);
  const places = await holdAll(actor, project, sent);
  const there = await findThere(places.flatMap(({ held }) => held ?? []));
  const fresh: FreshRun[] = [];
  for (const place of places) {
    const { held, answer } = place;
    if (held === null) continue;
    const found = there.get(held.run.id);
    if (found) Object.assign(answer, { outcome: found });
    else
      await unlessRefused(answer, async () => {
        // other requests have their turn between the points of two runs
        await turn();
        fresh.push({ held, points: pointsOf(held), answer });
      });
  }
  await storeAll(actor, project, fresh);
  return { runs: places.map(({ answer }) => answer) };
}

export type FreshRun = { held: HeldRun; points: NewPoints; answer: ImportedAnswer };

async function holdAll(actor: Actor, project: Project, sent: SentRun[]): Promise<Place[]> {
  const hold = runHolder(actor, project);
  const seen = new Set<string>();
  const places: Place[] = [];
  for (const one of sent) {
    const answer: ImportedAnswer = { id: null, outcome: "refused", url: null, quarantined: [], why: null };
    const place: Place = { held: null, answer };
    places.push(place);
    await unlessRefused(answer, async () => {
      const held = await hold(one);
      const { id } = held.run;
      if (seen.has(id)) throw new ProblemError("conflict", `the run ${id} stands twice in this request`);
      seen.add(id);
      Object.assign(answer, { id, outcome: "other", url: runLink(project.slug, id) });
      place.held = held;
    });
  }
  return places;
}

/** What a caller can mend is the answer of this run alone. */
async function unlessRefused(answer: ImportedAnswer, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    const problem = asProblem(error);
    if (!problem || problem.status >= 500) throw error;
    Object.assign(answer, { outcome: "refused", url: null, why: problem.detail });
  }
}

async function storeAll(actor: Actor, project: Project, fresh: FreshRun[]): Promise<void> {
  if (fresh.length === 0) return;
  const staged = await stageFiles(fresh.flatMap(({ held }) => held.files));
  try {
    const stored = await connections().db.transaction(async (tx) => {
      const written = await writeRuns(tx, actor, project, fresh);
      await keepFilesOf(tx, written, staged);
      return written;
    });
    for (const { points, answer } of stored) {
      const quarantined = points.series.flatMap((one) => (one.quarantined ? [one.key] : []));
      Object.assign(answer, { outcome: "stored", quarantined });
      for (const batch of points.batches) countBatch(true, batch.points, batch.data.byteLength);
    }
    // an open page needs but one of its project's runs to read again
    if (stored[0]) noticeRun(stored[0].held.run.id);
  } finally {
    for (const file of staged.values()) await file.discard();
  }
}

async function keepFilesOf(tx: Executor, stored: FreshRun[], staged: Map<string, StagedArtifact>): Promise<void> {
  const files = stored.flatMap(({ held }) => held.files.map((file) => ({ runId: held.run.id, ...file })));
  await keepFiles(tx, files, staged);
}
