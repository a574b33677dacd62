/** The ledger of a test split, as pages and programs read it. It holds no number that depends on a test label. */
import { connections } from "../../db/connection.ts";
import type { Actor } from "../access/actor.ts";
import { recordAct } from "../access/audit.ts";
import { authorise, reaches } from "../access/permissions.ts";
import { type Look, listConfirmed, listLooksAt, lockLooks, recordConfirmation } from "../looks/looks.ts";
import { listManifests, requireManifest } from "../manifests/manifests.ts";
import { parse } from "../problem.ts";
import { lookBudget } from "../statistics/reuse/budget.ts";
import { expectedMaximum } from "../statistics/selection/expected-maximum.ts";
import {
  type Ledger,
  type LedgerLook,
  type LedgerStatus,
  lookConfirmSchema,
  type TestMode,
} from "../wire/evaluations/looks.ts";
import { listSharing } from "./sharing-splits.ts";
import { sameDigests, sumLooks } from "./test-looks.ts";

/**
 * Every look at the test split of a manifest, and what is left of it. A member learns of those of all projects, a token of
 * its own project's. Throws `not-found`.
 */
export async function readLedger(actor: Actor, projectNamed: string | undefined, manifestId: string): Promise<Ledger> {
  const { manifest, project, number } = await requireManifest(actor, projectNamed, manifestId);
  const [digest, samples] = [manifest.splitDigests.test, manifest.counts.test];
  const sharing = await listSharing({ number, digest, count: samples });
  const same = sameDigests(digest, sharing);
  const [{ looks }, counts, confirmed] = await Promise.all([
    listLooksAt(actor, same),
    countOwn(actor, [digest, ...sharing.map((other) => other.digest)]),
    listConfirmed(connections().db, project.id, same),
  ]);
  const use = sumLooks(digest, sharing, counts);
  const since = await readRunsSince(actor, same, looks);
  const rows = await toLedgerLooks(looks, use.count, since.latest);
  const adaptive = use.count - rows.filter((look) => !look.adaptive).length;
  const { testMode: mode, testBudget: budget } = project;
  const used = use.count + use.inherited;
  return {
    manifest: manifest.id,
    testDigest: digest,
    samples,
    mode,
    budget,
    ...use,
    inheritedFrom: sharing
      .filter(({ isSame, digest }) => !isSame && counts.has(digest))
      .map(({ digest, share }) => ({ testDigest: digest, looks: counts.get(digest)!, share })),
    adaptive: rows.length === 0 ? 0 : adaptive,
    runsSince: since.count,
    confirmed: confirmed.length,
    status: statusOf({ used, adaptive, isSpent: mode !== "open" && used >= budget && confirmed.length === 0 }),
    halfWidths: halfWidthsOf(used, samples, mode),
    freshSamples: freshSamples(samples, budget),
    // each look counts for everybody; what happened in a project is told to whom it is there for
    looks: rows.filter((_, at) => reaches(actor, looks[at]!.projectId)),
  };
}

/** An admin's word for one look past the budget; whoever may open the split then uses it up. */
export async function confirmLook(
  actor: Actor,
  projectNamed: string | undefined,
  manifestId: string,
  input: unknown,
): Promise<Ledger> {
  const { manifest, project } = await requireManifest(actor, projectNamed, manifestId);
  authorise(actor, "tests.confirm", project.id);
  const { reason } = parse(lookConfirmSchema, input);
  const testDigest = manifest.splitDigests.test;
  await connections().db.transaction(async (tx) => {
    await lockLooks(tx);
    await recordConfirmation(tx, actor, { projectId: project.id, testDigest, reason });
    await recordAct(tx, actor, {
      action: "look.confirm",
      subject: `manifest:${manifest.id}`,
      projectId: project.id,
      detail: { reason, testDigest },
    });
  });
  return readLedger(actor, project.id, manifestId);
}

async function countOwn(actor: Actor, digests: string[]): Promise<Map<string, number>> {
  const { sql } = connections();
  const own = actor.kind === "token" && actor.projectId ? sql`and project_id = ${actor.projectId}` : sql``;
  const rows = await sql<{ digest: string; looks: number }[]>`
    select test_digest as digest, count(*)::int as looks from looks
    where test_digest in ${sql(digests)} ${own} group by test_digest`;
  return new Map(rows.map(({ digest, looks }) => [digest, looks]));
}

/** When a run on these test splits last began, and how many began after the first look; deleted ones too. */
async function readRunsSince(
  actor: Actor,
  digests: string[],
  looks: Look[],
): Promise<{ latest: Date | null; count: number }> {
  const first = looks.at(-1)?.at;
  if (first === undefined) return { latest: null, count: 0 };
  const { sql } = connections();
  const own = actor.kind === "token" && actor.projectId ? sql`and g.project_id = ${actor.projectId}` : sql``;
  const [row] = await sql<{ latest: Date | null; count: number }[]>`
    select max(began) as latest, count(*)::int as count from (
      select coalesce(r.started_at, r.created_at) as began
      from manifests m join manifest_registrations g on g.manifest_id = m.id
        join runs r on r.project_id = g.project_id and r.manifest_id = g.manifest_id
      where m.test_digest in ${sql(digests)} ${own}) runs
    where began > ${first}::timestamptz`;
  return row!;
}

async function toLedgerLooks(looks: Look[], count: number, latestRun: Date | null): Promise<LedgerLook[]> {
  if (looks.length === 0) return [];
  const { sql } = connections();
  const of = (ids: (string | null)[]) => [...new Set(ids)].filter((id) => id !== null);
  const evaluations = of(looks.map(({ evaluationId }) => evaluationId));
  const [runs, checkpoints] = await Promise.all([
    sql<{ id: string; name: string; slug: string }[]>`
      select r.id, r.name, p.slug from runs r join projects p on p.id = r.project_id
      where r.id in ${sql(of(looks.map(({ runId }) => runId)))} and r.deleted_at is null and p.deleted_at is null`,
    evaluations.length === 0
      ? []
      : sql<{ id: string; path: string; step: number }[]>`
          select id, checkpoint_path as path, step::float8 as step from evaluations where id in ${sql(evaluations)}`,
  ]);
  const runOf = new Map(runs.map((run) => [run.id, run]));
  const checkpointOf = new Map(checkpoints.map(({ id, path, step }) => [id, { path, step }]));
  return looks.map(({ at, actor, kind, purpose, reason, runId, evaluationId, confirmed, imported }, index) => ({
    number: count - index,
    at,
    actor,
    kind,
    purpose,
    reason,
    run: { id: runId, name: runOf.get(runId)?.name ?? null, project: runOf.get(runId)?.slug ?? null },
    evaluation: evaluationId,
    checkpoint: (evaluationId && checkpointOf.get(evaluationId)) || null,
    adaptive: latestRun !== null && latestRun > new Date(at),
    confirmed,
    imported,
  }));
}

function statusOf({ used, adaptive, isSpent }: { used: number; adaptive: number; isSpent: boolean }): LedgerStatus {
  if (used === 0) return "sealed";
  if (isSpent) return "exhausted";
  if (adaptive > 0) return "adaptive";
  return used <= 1 ? "first" : "again";
}

/** Of an accuracy after so many looks (Hoeffding 1963, union bounds). What a look answers: n + 1 accuracies, or one bit. */
function halfWidthsOf(used: number, n: number, mode: TestMode): Ledger["halfWidths"] {
  if (used === 0 || n === 0) return null;
  const values = mode === "one-bit" ? 2 : n + 1;
  const looks = Math.max(1, used);
  const { leakedBits: bits, ...widths } = lookBudget({ n, looks, values });
  return { ...widths, optimism: optimismOf(Math.round(looks), n), bits, values };
}

/**
 * By how much the best of k accuracies on n samples lies above what each is worth, at most: s m_k with the largest s that an
 * accuracy has, ½/√n (RIGOUR 4.7). Models that fail on the same samples owe less to luck.
 */
const optimismOf = (k: number, n: number): number => (0.5 / Math.sqrt(n)) * expectedMaximum(k);

const DELTA = 0.05;

/** As many samples give all looks of the budget, at models fixed before, the half-width that one look at these n has. */
function freshSamples(n: number, budget: number): number | null {
  if (n === 0) return null;
  return Math.ceil((n * Math.log((2 * Math.max(1, budget)) / DELTA)) / Math.log(2 / DELTA));
}

/** A test split's ledger, and the manifests of the project that it belongs to, the newest first. */
export type NamedLedger = { manifests: { id: string; name: string }[]; ledger: Ledger };

/** The ledgers of a project's test splits, those of the newest manifests first, at most 50. */
export async function listLedgers(actor: Actor, projectId: string): Promise<NamedLedger[]> {
  const byDigest = new Map<string, { id: string; name: string }[]>();
  for (const { id, name, counts, splitDigests } of await listManifests(actor, projectId)) {
    if (counts.test === 0) continue;
    const manifests = byDigest.get(splitDigests.test) ?? [];
    manifests.push({ id, name });
    byDigest.set(splitDigests.test, manifests);
  }
  const ledgers: NamedLedger[] = [];
  for (const manifests of [...byDigest.values()].slice(0, LEDGERS_MAX))
    ledgers.push({ manifests, ledger: await readLedger(actor, projectId, manifests[0]!.id) });
  return ledgers;
}
const LEDGERS_MAX = 50;
