/** Claims as readers see them: in order, with what members say of them, and which of them is the champion. */
import { and, asc, desc, eq, inArray } from "drizzle-orm";
import { connections, type Executor } from "../../db/connection.ts";
import { championRules, claims, claimWords, signOffs } from "../../db/schema/champions.ts";
import { runs } from "../../db/schema/runs.ts";
import type { Actor } from "../access/actor.ts";
import { authorise } from "../access/permissions.ts";
import { listParticipants } from "../access/standing.ts";
import type { Claim, SignOffState } from "../wire/champions.ts";
import { readReported, toEvidence } from "./evidence.ts";
import { luckOf } from "./luck.ts";
import { type RulePlace, type RuleRow, toRule } from "./rules.ts";

export type ClaimRow = typeof claims.$inferSelect;
type SignOffRow = typeof signOffs.$inferSelect;
/** A claim, its rule, and whether a member's newest word refuses it. */
export type StandingClaim = { claim: ClaimRow; rule: RuleRow; signOffs: SignOffRow[]; isRefused: boolean };

const LISTED_MAX = 500;

/** The claims of a project, or of one of its manifests, the newest first, at most 500. Asks nobody whether they may. */
export async function readClaims(
  place: { projectId: string; manifestId?: string },
  db: Executor = connections().db,
): Promise<StandingClaim[]> {
  const ofManifest = place.manifestId === undefined ? undefined : eq(claims.manifestId, place.manifestId);
  const rows = await db
    .select({ claim: claims, rule: championRules })
    .from(claims)
    .innerJoin(championRules, eq(championRules.id, claims.ruleId))
    .where(and(eq(claims.projectId, place.projectId), ofManifest))
    .orderBy(desc(claims.id))
    .limit(LISTED_MAX);
  const signed = await db
    .select()
    .from(signOffs)
    .where(
      inArray(
        signOffs.claimId,
        rows.map(({ claim }) => claim.id),
      ),
    )
    .orderBy(asc(signOffs.id));
  return rows.map((row) => {
    const own = newestOfEachMember(signed.filter(({ claimId }) => claimId === row.claim.id));
    return { ...row, signOffs: own, isRefused: own.some(({ approves }) => !approves) };
  });
}

export const newestOfEachMember = (rows: SignOffRow[]): SignOffRow[] => [
  ...new Map(rows.map((row) => [row.signedByActor, row])).values(),
];

/** The champions among claims that come newest first: of each manifest the newest that nobody refuses. */
export function championsOf(found: StandingClaim[]): StandingClaim[] {
  const byManifest = new Map<string, StandingClaim>();
  for (const standing of found)
    if (!standing.isRefused && !byManifest.has(standing.claim.manifestId))
      byManifest.set(standing.claim.manifestId, standing);
  return [...byManifest.values()];
}

/** The champion of a manifest; null: it has none. Asks nobody whether they may. */
export const readChampion = async (place: RulePlace): Promise<StandingClaim | null> =>
  championsOf(await readClaims(place))[0] ?? null;

/** The claims of a manifest, the newest first, at most 500, with the numbers that the actor may see. */
export async function listClaims(actor: Actor, place: RulePlace): Promise<Claim[]> {
  authorise(actor, "champions.read", place.projectId);
  return presentClaims(actor, place.projectId, await readClaims(place));
}

/** Claims for a reader of the project. */
export async function presentClaims(actor: Actor, projectId: string, found: StandingClaim[]): Promise<Claim[]> {
  const { db } = connections();
  const ids = found.map(({ claim }) => claim.id);
  const [names, reported, written, members] = await Promise.all([
    db
      .select({ id: runs.id, name: runs.name, deletedAt: runs.deletedAt })
      .from(runs)
      .where(
        inArray(
          runs.id,
          found.map(({ claim }) => claim.runId),
        ),
      ),
    readReported(
      projectId,
      found.flatMap(({ claim }) => claim.evidence),
    ),
    db.select().from(claimWords).where(inArray(claimWords.claimId, ids)).orderBy(asc(claimWords.id)),
    countSigners(projectId),
  ]);
  return Promise.all(
    found.map(async (standing) => {
      const { claim, rule } = standing;
      const run = names.find(({ id }) => id === claim.runId);
      const evidence = await Promise.all(
        claim.evidence.flatMap((id) => reported.get(id) ?? []).map((one) => toEvidence(actor, one)),
      );
      const wireRule = toRule(rule);
      return {
        id: claim.id,
        number: claim.number,
        manifest: claim.manifestId,
        run: { id: claim.runId, name: run?.name ?? claim.runId, isDeleted: !run || run.deletedAt !== null },
        checkpoint: {
          id: claim.checkpointId,
          path: claim.checkpointPath,
          sha256: claim.checkpointSha256,
          step: claim.step,
        },
        rule: wireRule,
        evidence,
        standing: claim.standing,
        written: claim.written,
        candidates: claim.candidates,
        luck: luckOf({ candidates: claim.candidates, evidence, rule: wireRule }),
        reason: claim.reason,
        claimedBy: claim.claimedBy,
        claimedAt: claim.claimedAt.toISOString(),
        replaced: claim.replacedId,
        comparedWith: claim.comparedWith,
        state: stateOf(standing, members),
        signOffs: standing.signOffs.map(({ approves, word, signedBy, signedAt }) => ({
          approves,
          word,
          by: signedBy,
          at: signedAt.toISOString(),
        })),
        words: written
          .filter(({ claimId }) => claimId === claim.id)
          .map(({ word, writtenBy, writtenAt }) => ({ word, by: writtenBy, at: writtenAt.toISOString() })),
      };
    }),
  );
}

/** How many members there are who could sign a claim of the project off. */
async function countSigners(projectId: string): Promise<number> {
  return (await listParticipants(connections().db, projectId)).filter(({ role }) => role !== "viewer").length;
}

function stateOf({ signOffs: own, isRefused, claim }: StandingClaim, signers: number): SignOffState {
  if (isRefused) return "refused";
  if (own.length > 0) return "signed";
  const others = claim.claimedByActor.startsWith("member:") ? signers - 1 : signers;
  return others > 0 ? "waiting" : "alone";
}
