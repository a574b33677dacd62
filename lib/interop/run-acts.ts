/** What a client does to runs of its own: it makes them, names them, and says late what it trained with. */
import { eq, sql } from "drizzle-orm";
import { connections } from "../../db/connection.ts";
import { runs } from "../../db/schema/runs.ts";
import type { Actor } from "../access/actor.ts";
import { changeOf, recordAct } from "../access/audit.ts";
import { noticeRun } from "../live/notices.ts";
import { endRun } from "../metrics/end-run.ts";
import { ProblemError, parse } from "../problem.ts";
import { insertRun, prepareRun } from "../runs/new-run.ts";
import { locateLivingRun } from "../runs/runs.ts";
import { touchRun } from "../runs/status.ts";
import { type RunCreate, runUpdateSchema } from "../wire/runs.ts";
import { type ConfigText, storeConfigTexts } from "./late-config.ts";
import { type Property, storeProperties } from "./properties.ts";
import { hasEnded, setTimes } from "./run-ends.ts";
import { startLog } from "./run-log.ts";

export type ClientRun = {
  run: RunCreate;
  properties: Property[];
  /** By the client's clock; null: now, by ours. */
  startedAt: Date | null;
  environment: Record<string, string>;
};

/** Makes a run whose points come through `logPoints`, and returns its id. */
export async function createClientRun(actor: Actor, given: ClientRun): Promise<string> {
  const run = await prepareRun(actor, given.run);
  await connections().db.transaction(async (tx) => {
    await insertRun(tx, actor, run);
    const startedAt = given.startedAt ?? sql`now()`;
    await tx.update(runs).set({ quiet: true, startedAt }).where(eq(runs.id, run.id));
    await storeProperties(tx, { id: run.id, projectId: run.project.id }, given.properties);
  });
  await startLog(actor, run.id, { mode: "start", environment: given.environment });
  return run.id;
}

export type RunWords = { name?: string; notes?: string; config?: ConfigText[]; properties?: Property[] };

/** Adds to a run's config and properties, and changes its name and notes: all of it or nothing. Throws `gone` for a deleted run. */
export async function tellRun(actor: Actor, runId: string, given: RunWords): Promise<void> {
  const { projectId } = await locateLivingRun(actor, runId, "runs.log");
  const { config = [], properties = [], ...label } = given;
  const change = parse(runUpdateSchema, label);
  await connections().db.transaction(async (tx) => {
    const [before] = await tx.select().from(runs).where(eq(runs.id, runId)).for("update");
    if (!before || before.deletedAt) throw new ProblemError("gone", "this run has been deleted");
    await storeConfigTexts(tx, runId, config);
    await storeProperties(tx, { id: runId, projectId }, properties);
    const detail = changeOf(before, change);
    if (Object.keys(detail.to).length > 0) {
      await tx.update(runs).set(change).where(eq(runs.id, runId));
      await recordAct(tx, actor, { action: "run.update", subject: `run:${runId}`, projectId, detail });
    }
    await touchRun(tx, runId);
  });
  noticeRun(runId);
}

/** Ends a run, or lets one that ended go on. `endedAt` is the client's word. */
export async function setStatus(
  actor: Actor,
  runId: string,
  to: "running" | "finished" | "failed" | "killed",
  endedAt: Date | null,
): Promise<void> {
  const { status } = await locateLivingRun(actor, runId, "points.log");
  if (to === "running") {
    if (hasEnded(status)) await startLog(actor, runId, { mode: "resume", reopen: true });
    return;
  }
  if (status !== to) {
    if (hasEnded(status)) await startLog(actor, runId, { mode: "resume", reopen: true });
    await endRun(actor, runId, { status: to, failure: to === "failed" ? failedByItsClient : null });
  }
  if (endedAt) await setTimes(actor, runId, { endedAt });
}

const failedByItsClient = { reason: "other", message: "its client said that it failed, and not why" } as const;
