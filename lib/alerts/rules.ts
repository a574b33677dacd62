/** The rules by which members are told of runs. A rule is its maker's own, and watches ordinary series alone. */
import { and, asc, eq, isNull, sql } from "drizzle-orm";
import { validate as isUuid, v7 as uuidv7 } from "uuid";
import { connections } from "../../db/connection.ts";
import { alertRules } from "../../db/schema/inbox.ts";
import type { Actor, MemberActor } from "../access/actor.ts";
import { recordAct } from "../access/audit.ts";
import { authorise } from "../access/permissions.ts";
import { requireStill } from "../access/standing.ts";
import { thresholdOf } from "../inbox/notifications.ts";
import { invalid, ProblemError, parse } from "../problem.ts";
import { isTestSeries } from "../wire/points/series.ts";
import { type AlertRule, alertRuleInputSchema } from "../wire/reviews/inbox.ts";

const RULES_MAX = 50;

export type RuleRow = typeof alertRules.$inferSelect;

/** The member's own rules of a project, the oldest first. */
export async function listRules(actor: Actor, projectId: string): Promise<AlertRule[]> {
  const member = requireMaker(actor, projectId);
  const rows = await connections()
    .db.select()
    .from(alertRules)
    .where(and(eq(alertRules.projectId, projectId), ofMember(member)))
    .orderBy(asc(alertRules.id));
  return rows.map(toRule);
}

/** Tells its maker from now on. Refused for a test series, whose numbers no rule may tell. */
export async function createRule(actor: Actor, projectId: string, input: unknown): Promise<AlertRule> {
  const member = requireMaker(actor, projectId);
  const { event, metric, sendsWebhooks } = parse(alertRuleInputSchema, input);
  if (metric && isTestSeries(metric.split, metric.metric))
    throw invalid("metric.metric", `an ordinary metric, received ${JSON.stringify(metric.metric)}, a test number`);
  const row = await connections().db.transaction(async (tx) => {
    await requireStill(tx, actor, "alerts.manage", projectId);
    const there = await tx
      .select({ id: alertRules.id })
      .from(alertRules)
      .where(and(eq(alertRules.projectId, projectId), ofMember(member)));
    if (there.length >= RULES_MAX)
      throw new ProblemError("conflict", `a member has at most ${RULES_MAX} rules in a project; remove one first`);
    const of = metric && { ...metric, split: metric.split ?? ("none" as const) };
    const [made] = await tx
      .insert(alertRules)
      .values({ ...of, id: uuidv7(), projectId, userId: member.id, event, sendsWebhooks, createdBy: member.name })
      .returning();
    const detail = { from: null, to: ruleWords(made!) };
    await recordAct(tx, actor, { action: "alert.create", subject: `alert:${made!.id}`, projectId, detail });
    return made!;
  });
  return toRule(row);
}

/** What the audit says of a rule. */
const ruleWords = ({ event, metric, sendsWebhooks }: typeof alertRules.$inferSelect) => ({
  event,
  ...(metric === null ? {} : { metric }),
  sendsWebhooks,
});

/** Throws `not-found` where the member has no such rule. */
export async function removeRule(actor: Actor, projectId: string, id: string): Promise<AlertRule> {
  const member = requireMaker(actor, projectId);
  return connections().db.transaction(async (tx) => {
    const [removed] = isUuid(id)
      ? await tx
          .update(alertRules)
          .set({ removedAt: sql`now()` })
          .where(and(eq(alertRules.id, id), eq(alertRules.projectId, projectId), ofMember(member)))
          .returning()
      : [];
    if (!removed)
      throw new ProblemError("not-found", `you have no rule ${JSON.stringify(id)} in this project; it may be gone`);
    const detail = { from: ruleWords(removed), to: null };
    await recordAct(tx, actor, { action: "alert.remove", subject: `alert:${id}`, projectId, detail });
    return toRule(removed);
  });
}

const ofMember = (member: MemberActor) => and(eq(alertRules.userId, member.id), isNull(alertRules.removedAt));

function requireMaker(actor: Actor, projectId: string): MemberActor {
  authorise(actor, "alerts.manage", projectId);
  if (actor.kind !== "member") throw new ProblemError("forbidden", "rules on runs are a member's own");
  return actor;
}

export const toRule = (row: RuleRow): AlertRule => ({
  id: row.id,
  event: row.event,
  metric: thresholdOf(row),
  sendsWebhooks: row.sendsWebhooks,
  createdAt: row.createdAt.toISOString(),
});
