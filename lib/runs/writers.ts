/** Starts of a run: attempts, and the processes that log in them. */
import { and, eq, max, sql } from "drizzle-orm";
import type { z } from "zod";
import { connections, type Executor } from "../../db/connection.ts";
import { attempts, runs, writers } from "../../db/schema/runs.ts";
import { batches } from "../../db/schema/series.ts";
import type { Actor } from "../access/actor.ts";
import { recordAct } from "../access/audit.ts";
import { authorise } from "../access/permissions.ts";
import { noticeRun } from "../live/notices.ts";
import { ProblemError, parse } from "../problem.ts";
import { storeDeclarations } from "../projects/declarations.ts";
import type { RunStatus } from "../wire/base/words.ts";
import { type Writer, writerCreateSchema } from "../wire/runs.ts";
import { locateRun, type RunRecord } from "./runs.ts";
import { storeReplicateKeys } from "./values.ts";

const ended: readonly RunStatus[] = ["finished", "failed", "killed"];

/**
 * Registers a writer: `start` makes attempt 1, `resume` the next, `join` adds a process to the present one. The same
 * writer asking again gets the same answer. An ended run needs `reopen`, which is audited.
 */
export async function createWriter(actor: Actor, runId: string, input: unknown): Promise<Writer> {
  const { projectId } = await locateRun(actor, runId, "points.log");
  const given = parse(writerCreateSchema, input);
  // more than to log points: not for a token that the server made for the run
  if (given.reopen || given.metrics.length > 0 || given.code) authorise(actor, "runs.log", projectId);
  const writer = await connections().db.transaction(async (tx) => {
    const [locked] = await tx.select().from(runs).where(eq(runs.id, runId)).for("update");
    if (!locked || locked.deletedAt) throw new ProblemError("gone", "this run has been deleted");
    const known = await findWriter(tx, runId, given.writer);
    if (known) return known;
    if (ended.includes(locked.status) && !given.reopen)
      throw new ProblemError("conflict", `the run is ${locked.status}; it takes a new writer only with reopen: true`);
    const attempt = await enterAttempt(tx, locked, given);
    const [numbers] = await tx
      .select({ highest: max(writers.number) })
      .from(writers)
      .where(eq(writers.runId, runId));
    const number = (numbers?.highest ?? 0) + 1;
    await tx.insert(writers).values({ runId, id: given.writer, number, attempt });
    if (given.mode === "start") await storeLateFacts(tx, locked, given);
    await revive(tx, actor, locked);
    return { writer: given.writer, number, attempt, sequenceStored: 0 };
  });
  noticeRun(runId);
  return writer;
}

/** Attempt 1 of a run that was made in the caller's transaction, and its one writer. */
export type FirstWriter = Pick<typeof writers.$inferInsert, "runId" | "id" | "pointsLost" | "summedSequence"> & {
  environment: Record<string, string>;
};

/** Writes the first attempts and writers of new runs. */
export async function insertFirstWriters(tx: Executor, all: FirstWriter[]): Promise<void> {
  await tx.insert(attempts).values(all.map(({ runId, environment }) => ({ runId, number: 1, environment })));
  await tx.insert(writers).values(all.map(({ environment: _, ...writer }) => ({ ...writer, number: 1, attempt: 1 })));
}

/** What whoever queued a run couldn't know of it; what stands there already stays. */
async function storeLateFacts(
  tx: Executor,
  { id, projectId, code: known }: RunRecord,
  { metrics, code }: Pick<z.output<typeof writerCreateSchema>, "metrics" | "code">,
): Promise<void> {
  await storeDeclarations(tx, projectId, metrics, "keep");
  if (known !== null || code === null) return;
  await tx.update(runs).set({ code }).where(eq(runs.id, id));
  await storeReplicateKeys(tx, { runs: [id] });
}

type Entering = { mode: "start" | "resume" | "join"; resumeStep: number | null; environment: Record<string, string> };

async function enterAttempt(tx: Executor, run: RunRecord, given: Entering): Promise<number> {
  const [present] = await tx
    .select({ number: max(attempts.number) })
    .from(attempts)
    .where(eq(attempts.runId, run.id));
  const latest = present?.number ?? 0;
  if (given.mode === "start" && latest > 0)
    throw new ProblemError(
      "conflict",
      "the run has been started; mode resume makes the next attempt, join takes part",
      [{ field: "mode", detail: "expected resume or join, received start" }],
    );
  if (given.mode === "join") {
    if (latest === 0)
      throw new ProblemError("conflict", "the run has not been started; there is nothing to join", [
        { field: "mode", detail: "expected start, received join" },
      ]);
    return latest;
  }
  const { resumeStep, environment } = given;
  await tx.insert(attempts).values({ runId: run.id, number: latest + 1, resumeStep, environment });
  return latest + 1;
}

async function revive(tx: Executor, actor: Actor, run: RunRecord): Promise<void> {
  await tx
    .update(runs)
    .set({
      status: "running",
      failure: null,
      endedAt: null,
      heartbeatAt: sql`now()`,
      startedAt: sql`coalesce(${runs.startedAt}, now())`,
    })
    .where(eq(runs.id, run.id));
  if (run.status === "running") return;
  const action = ended.includes(run.status) ? "run.reopen" : run.status === "lost" ? "run.return" : "run.start";
  const detail = { from: run.status };
  await recordAct(tx, actor, { action, subject: `run:${run.id}`, projectId: run.projectId, detail });
}

async function findWriter(tx: Executor, runId: string, writer: string): Promise<Writer | null> {
  const [found] = await tx
    .select({
      number: writers.number,
      attempt: writers.attempt,
      sequenceStored: sql<number>`greatest(${writers.doneSequence}, max(${batches.sequence}))`.mapWith(Number),
    })
    .from(writers)
    .leftJoin(batches, and(eq(batches.runId, writers.runId), eq(batches.writer, writers.number)))
    .where(and(eq(writers.runId, runId), eq(writers.id, writer)))
    .groupBy(writers.number, writers.attempt, writers.doneSequence);
  return found ? { writer, ...found } : null;
}
