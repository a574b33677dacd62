/** The rules by which the best run of a manifest is chosen. A rule is final; the newest is proposed first. */
import { and, desc, eq } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import { connections, type Executor } from "../../db/connection.ts";
import { championRules } from "../../db/schema/champions.ts";
import { type Actor, actorKey } from "../access/actor.ts";
import { recordAct } from "../access/audit.ts";
import { authorise } from "../access/permissions.ts";
import { requireManifest } from "../manifests/manifests.ts";
import { invalid, parse } from "../problem.ts";
import { type Rule, type RuleInput, ruleInputSchema } from "../wire/champions.ts";
import { metricFacts } from "../wire/evaluations/metrics.ts";

export type RuleRow = typeof championRules.$inferSelect;
export type RulePlace = { projectId: string; manifestId: string };

/** Writes a rule for a manifest of the project, so that a later claim may show that it was there before. */
export async function writeRule(actor: Actor, { projectId, manifestId }: RulePlace, input: unknown): Promise<Rule> {
  authorise(actor, "champions.claim", projectId);
  const given = parse(ruleInputSchema, input);
  requireSense(given);
  await requireManifest(actor, projectId, manifestId);
  return connections().db.transaction(async (tx) =>
    toRule(await insertRule(tx, actor, { projectId, manifestId }, given)),
  );
}

export async function insertRule(tx: Executor, actor: Actor, place: RulePlace, given: RuleInput): Promise<RuleRow> {
  requireSense(given);
  const { metric, split, direction, seeds = [], margin = 0 } = given;
  const [rule] = await tx
    .insert(championRules)
    .values({
      ...place,
      id: uuidv7(),
      metric,
      split,
      direction,
      seeds,
      margin,
      writtenBy: actor.name,
      writtenByActor: actorKey(actor),
    })
    .returning();
  await recordAct(tx, actor, {
    action: "champion.rule",
    subject: `manifest:${place.manifestId}`,
    projectId: place.projectId,
    detail: { metric, split, direction, margin },
  });
  return rule!;
}

/** Throws `invalid` where the direction isn't the metric's own. */
export function requireSense({ metric, direction }: RuleInput): void {
  const { better } = metricFacts[metric];
  if (better === "zero") throw invalid("metric", `${metric} is best at 0, which no champion is chosen by`);
  if (better !== direction) throw invalid("direction", `of ${metric} ${better} is better, received ${direction}`);
}

/** The rules of a manifest, the newest first, at most 100. */
export async function listRules(actor: Actor, { projectId, manifestId }: RulePlace): Promise<Rule[]> {
  authorise(actor, "champions.read", projectId);
  const rows = await connections()
    .db.select()
    .from(championRules)
    .where(and(eq(championRules.projectId, projectId), eq(championRules.manifestId, manifestId)))
    .orderBy(desc(championRules.id))
    .limit(100);
  return rows.map(toRule);
}

export const toRule = ({ id, metric, split, direction, seeds, margin, writtenBy, writtenAt }: RuleRow): Rule => ({
  id,
  metric: metric as Rule["metric"],
  split,
  direction,
  seeds,
  margin,
  writtenBy,
  writtenAt: writtenAt.toISOString(),
});
