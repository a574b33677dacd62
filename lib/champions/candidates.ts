/** What a claim is the best of, and whether its rule was there before anybody could know: by the ledger's times. */
import { and, eq } from "drizzle-orm";
import { connections } from "../../db/connection.ts";
import { claims } from "../../db/schema/champions.ts";
import { runs } from "../../db/schema/runs.ts";
import type { Actor } from "../access/actor.ts";
import { readLedger } from "../evaluations/ledger.ts";
import type { RulePlace, RuleRow } from "./rules.ts";

export type Candidates = {
  /** Runs whose numbers on the split were seen, the claimed one included. */
  count: number;
  written: "pre-registered" | "afterwards";
};

/**
 * The candidates of a claim by `rule`. On test: the runs that the ledger has a look of, on whichever project's account. On
 * validation, which a run sees each epoch: the runs that cite the manifest. The rule is pre-registered where it was written
 * before the first of these was seen; runs that were champions before are left out of that, as a rule may be used again.
 */
export async function findCandidates(
  actor: Actor,
  place: RulePlace & { runId: string },
  rule: Pick<RuleRow, "split" | "writtenAt">,
): Promise<Candidates> {
  const seen = rule.split === "test" ? await listLookedAt(actor, place) : await listCiting(place);
  const champions = await listClaimed(place);
  const before = [...seen.byRun]
    .filter(([run]) => run === place.runId || !champions.has(run))
    .some(([, at]) => at <= rule.writtenAt);
  return {
    count: new Set([...seen.byRun.keys(), place.runId]).size,
    written: before || !seen.isWhole ? "afterwards" : "pre-registered",
  };
}

/** By run, when it was seen first. `isWhole`: false where there are more than were read. */
type Seen = { byRun: Map<string, Date>; isWhole: boolean };

async function listLookedAt(actor: Actor, { projectId, manifestId }: RulePlace): Promise<Seen> {
  const { count, looks } = await readLedger(actor, projectId, manifestId);
  // the newest first: the last that is set is the earliest
  return { byRun: new Map(looks.map(({ run, at }) => [run.id, new Date(at)])), isWhole: count === looks.length };
}

const RUNS_MAX = 100_000;

async function listCiting({ projectId, manifestId }: RulePlace): Promise<Seen> {
  const rows = await connections()
    .db.select({ id: runs.id, createdAt: runs.createdAt })
    .from(runs)
    .where(and(eq(runs.projectId, projectId), eq(runs.manifestId, manifestId)))
    .limit(RUNS_MAX);
  return { byRun: new Map(rows.map(({ id, createdAt }) => [id, createdAt])), isWhole: rows.length < RUNS_MAX };
}

async function listClaimed({ projectId, manifestId }: RulePlace): Promise<Set<string>> {
  const rows = await connections()
    .db.selectDistinct({ runId: claims.runId })
    .from(claims)
    .where(and(eq(claims.projectId, projectId), eq(claims.manifestId, manifestId)));
  return new Set(rows.map(({ runId }) => runId));
}
