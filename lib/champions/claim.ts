/** Calling a run the best on its manifest. The run is the champion until another is, or a member refuses the claim. */
import { and, desc, eq } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import { connections, type Executor } from "../../db/connection.ts";
import { championRules, claims } from "../../db/schema/champions.ts";
import { runs } from "../../db/schema/runs.ts";
import { type Actor, actorKey } from "../access/actor.ts";
import { recordAct } from "../access/audit.ts";
import { authorise } from "../access/permissions.ts";
import { requireStill } from "../access/standing.ts";
import { listCheckpoints } from "../artifacts/checkpoints.ts";
import { requireSight } from "../evaluations/sight.ts";
import { noticeRun } from "../live/notices.ts";
import { requireManifest } from "../manifests/manifests.ts";
import { invalid, ProblemError, parse } from "../problem.ts";
import { locateLivingRun } from "../runs/runs.ts";
import { type ChampionComparison, type ClaimStanding, claimInputSchema, type RuleInput } from "../wire/champions.ts";
import type { MetricName } from "../wire/evaluations/metrics.ts";
import { marginWords } from "../words/champions/champion-words.ts";
import { announcingChange } from "./announce-change.ts";
import { type Candidates, findCandidates } from "./candidates.ts";
import { compareReported } from "./comparison.ts";
import { headlineOf, listReported, type Reported, readReported } from "./evidence.ts";
import { readChampion, type StandingClaim } from "./history.ts";
import { insertRule, type RulePlace, type RuleRow, requireSense } from "./rules.ts";

const conflict = (field: string, detail: string): ProblemError =>
  new ProblemError("conflict", `${field}: ${detail}`, [{ field, detail }]);

/**
 * Claims that a run is the best on its manifest, by a rule and evidence, and returns the claim's id. Throws by name what
 * stands against it: no manifest, a blocked one, no checkpoint, evidence of something else or not done, a margin that the
 * paired comparison with the champion doesn't reach and that the claim doesn't admit.
 */
export async function claimChampion(actor: Actor, projectId: string, input: unknown): Promise<string> {
  authorise(actor, "champions.claim", projectId);
  const given = parse(claimInputSchema, input);
  const manifestId = await requireClaimable(actor, projectId, given.run);
  const place = { projectId, manifestId, runId: given.run };
  const rule = await findRule(place, given.rule);
  const evidence = await requireEvidence(actor, place, given.evidence, rule);
  const [main] = evidence;
  requireNumber(main, rule.metric);
  await requireSeed(given.run, rule.seeds);
  const seen = await newestNumber(connections().db, place);
  const before = await readChampion(place);
  const weighed = await weighAgainst(actor, before, { main, rule });
  if (weighed.standing === "unproven" && !given.isUnproven)
    throw conflict("margin", marginWords(rule, weighed.comparison));
  const candidates = await findCandidates(actor, place, rule);
  const id = await storeClaim(actor, {
    place,
    seen,
    rule,
    evidence,
    before,
    weighed,
    candidates,
    reason: given.reason,
  });
  noticeRun(given.run);
  if (before) noticeRun(before.claim.runId);
  return id;
}

const cameBetween = () => conflict("claim", "another claim on this manifest came between; look at it, and claim again");

/** The number of the newest claim on a manifest; 0: there is none. */
async function newestNumber(tx: Executor, { projectId, manifestId }: RulePlace): Promise<number> {
  const [newest] = await tx
    .select({ number: claims.number })
    .from(claims)
    .where(and(eq(claims.projectId, projectId), eq(claims.manifestId, manifestId)))
    .orderBy(desc(claims.number))
    .limit(1);
  return newest?.number ?? 0;
}

type ClaimParts = {
  place: RulePlace & { runId: string };
  /** The newest claim when the champion before was read: one that came since would be passed over. */
  seen: number;
  rule: WrittenRule;
  evidence: [Reported, ...Reported[]];
  before: StandingClaim | null;
  weighed: Weighed;
  candidates: Candidates;
  reason: string;
};

async function storeClaim(actor: Actor, parts: ClaimParts): Promise<string> {
  const { place, seen, rule, evidence, before, weighed, candidates, reason } = parts;
  const { projectId, manifestId, runId } = place;
  const { checkpointId, checkpointPath, checkpointSha256, step } = evidence[0].evaluation;
  const id = uuidv7();
  await connections().db.transaction(async (tx) => {
    await requireStill(tx, actor, "champions.claim", projectId);
    await announcingChange(tx, place, async () => {
      const ruleId = "id" in rule ? rule.id : (await insertRule(tx, actor, { projectId, manifestId }, rule)).id;
      if ((await newestNumber(tx, place)) !== seen) throw cameBetween();
      const [made] = await tx
        .insert(claims)
        .values({
          id,
          projectId,
          manifestId,
          number: seen + 1,
          runId,
          checkpointId,
          checkpointPath,
          checkpointSha256,
          step,
          ruleId,
          evidence: evidence.map(({ evaluation }) => evaluation.id),
          replacedId: before?.claim.id ?? null,
          comparedWith: weighed.comparison?.with ?? null,
          standing: weighed.standing,
          written: candidates.written,
          candidates: candidates.count,
          reason,
          claimedBy: actor.name,
          claimedByActor: actorKey(actor),
        })
        .onConflictDoNothing()
        .returning();
      if (!made) throw cameBetween();
      const detail = { manifest: manifestId, number: made.number, standing: made.standing, reason };
      await recordAct(tx, actor, { action: "champion.claim", subject: `run:${runId}`, projectId, detail });
    });
  });
  return id;
}

/** The manifest of a run that could be claimed. Throws what stands against it. */
export async function requireClaimable(actor: Actor, projectId: string, runId: string): Promise<string> {
  const place = await locateLivingRun(actor, runId, "champions.claim");
  if (place.projectId !== projectId)
    throw new ProblemError("not-found", `there is no run ${JSON.stringify(runId)} in this project`);
  const { manifestId } = place;
  if (manifestId === null)
    throw conflict(
      "run",
      "the run cites no manifest, so nobody knows what it is the best on; log it again with a manifest",
    );
  const { manifest } = await requireManifest(actor, projectId, manifestId);
  if (manifest.verdict === null)
    throw conflict("manifest", `the checks of ${manifest.name} aren't done; wait for them, or have them run again`);
  if (manifest.verdict === "block" && !manifest.override)
    throw conflict(
      "manifest",
      `its checks block ${manifest.name}; repair it, or have a member override the block in writing on its page`,
    );
  if ((await listCheckpoints(actor, runId)).length === 0)
    throw conflict("checkpoint", "the run has no finished checkpoint; store its weights, and declare them");
  return manifestId;
}

type WrittenRule =
  | (RuleRow & { metric: MetricName })
  | (RuleInput & { writtenAt: Date; seeds: number[]; margin: number });

/** The rule that is named, or one that is written with the claim. */
async function findRule({ projectId, manifestId }: RulePlace, given: string | RuleInput): Promise<WrittenRule> {
  if (typeof given !== "string") {
    requireSense(given);
    return { seeds: [], margin: 0, ...given, writtenAt: new Date() };
  }
  const [rule] = await connections().db.select().from(championRules).where(eq(championRules.id, given));
  if (rule?.projectId === projectId && rule.manifestId === manifestId)
    return { ...rule, metric: rule.metric as MetricName };
  throw invalid("rule", `${given} is no rule of the run's manifest`);
}

/** The evaluations that are named, the newest on the rule's split first. */
async function requireEvidence(
  actor: Actor,
  { projectId, manifestId, runId }: RulePlace & { runId: string },
  ids: string[],
  { metric, split }: WrittenRule,
): Promise<[Reported, ...Reported[]]> {
  const found = await readReported(projectId, ids);
  const evidence = [...new Set(ids)].map(
    (id) => found.get(id) ?? refuseEvidence(`${id} isn't done, or isn't of this project`),
  );
  const onSplit = ({ evaluation }: Reported) => (evaluation.split === split ? 1 : 0);
  evidence.sort((a, b) => onSplit(b) - onSplit(a) || (a.evaluation.id < b.evaluation.id ? 1 : -1));
  const [main, ...others] = evidence;
  if (!main || main.evaluation.split !== split)
    return refuseEvidence(
      `the rule is by ${metric} on ${split}, and none of it is; evaluate the run on ${split} first`,
    );
  for (const { evaluation } of evidence) {
    if (evaluation.runId !== runId) refuseEvidence(`${evaluation.id} is of another run, ${evaluation.runId}`);
    if (evaluation.manifestId !== manifestId) refuseEvidence(`${evaluation.id} is on another manifest`);
    if (evaluation.checkpointId !== main.evaluation.checkpointId)
      refuseEvidence(`${evaluation.id} is of another checkpoint, ${evaluation.checkpointPath}; all of one are right`);
    await requireSight(actor, evaluation);
  }
  return [main, ...others];
}

function refuseEvidence(detail: string): never {
  throw invalid("evidence", detail);
}

function requireNumber(main: Reported, metric: string): void {
  const found = headlineOf(main).find((one) => one.metric === metric);
  if (!found) throw invalid("rule.metric", `the report of ${main.evaluation.id} has no ${metric}`);
  if (typeof found.value !== "number")
    throw invalid("rule.metric", `${metric} is undefined in the report, so it ranks nobody`);
}

async function requireSeed(runId: string, seeds: number[]): Promise<void> {
  if (seeds.length === 0) return;
  const [run] = await connections().db.select({ seed: runs.seed }).from(runs).where(eq(runs.id, runId));
  if (run?.seed == null || !seeds.includes(run.seed))
    throw invalid(
      "rule.seeds",
      `the run's seed is ${run?.seed ?? "not said"}, and the rule asks for ${seeds.join(", ")}`,
    );
}

type Weighed = { standing: ClaimStanding; comparison: ChampionComparison | null };

/** How a run stands to the champion before it: by the newest evaluation of that one's weights on the same samples. */
async function weighAgainst(
  actor: Actor,
  before: StandingClaim | null,
  { main, rule }: { main: Reported; rule: WrittenRule },
): Promise<Weighed> {
  if (before === null) return { standing: "first", comparison: null };
  if (before.claim.checkpointId === main.evaluation.checkpointId) return { standing: "renewed", comparison: null };
  const other = (await listReported(before.claim.runId)).find(
    ({ evaluation }) =>
      evaluation.checkpointId === before.claim.checkpointId &&
      evaluation.split === main.evaluation.split &&
      evaluation.splitDigest === main.evaluation.splitDigest,
  );
  if (!other) return { standing: "unproven", comparison: null };
  await requireSight(actor, other.evaluation);
  const comparison = await compareReported(rule.metric, main, other);
  return { standing: comparison && isBetter(comparison, rule) ? "better" : "unproven", comparison };
}

/** Whether the interval of the difference leaves out 0, on the right side, and the difference reaches the margin. */
export function isBetter(
  { difference, low, high }: Pick<ChampionComparison, "difference" | "low" | "high">,
  { direction, margin }: Pick<RuleRow, "direction" | "margin">,
): boolean {
  return direction === "max" ? low > 0 && difference >= margin : high < 0 && -difference >= margin;
}
