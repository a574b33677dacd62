/**
 * Looks whether a rule has something to tell: a loop that every server may run. What a rule told is kept, each event once,
 * so that neither a second server nor a restart tells it again, and what came while no server ran is told by the next.
 */
import { setTimeout } from "node:timers/promises";
import { and, eq, isNull } from "drizzle-orm";
import { connections, type Executor } from "../../db/connection.ts";
import { alertEvents, alertRules } from "../../db/schema/inbox.ts";
import { projects } from "../../db/schema/projects.ts";
import { notify } from "../inbox/notify.ts";
import { noticeReviews } from "../live/notices.ts";
import { logError } from "../log.ts";
import { runLink } from "../origin.ts";
import { announce } from "../webhooks/webhooks.ts";
import { type RuleRow, toRule } from "./rules.ts";

const PAUSE_MS = 2_000;
const FAILED_PAUSE_MS = 2_000;
/** The first pass after a start looks back so far, the others a little: an audit row is as old as its transaction's begin. */
const FIRST_DAYS = 7;
const OVERLAP_MS = 2 * 60_000;
/** Of one rule in one pass; the rest comes in the next. */
const EVENTS_MAX = 200;

type Happened = { run: string; name: string; event: string };
type Watched = { rule: RuleRow; slug: string };

/** One pass over all rules. `since`: what ended before was looked at. Returns how many events were told. */
export async function watchRules(since: Date): Promise<number> {
  const watched: Watched[] = await connections()
    .db.select({ rule: alertRules, slug: projects.slug })
    .from(alertRules)
    .innerJoin(projects, and(eq(projects.id, alertRules.projectId), isNull(projects.deletedAt)))
    .where(isNull(alertRules.removedAt));
  let told = 0;
  for (const one of watched) {
    const from = new Date(Math.max(since.getTime(), one.rule.createdAt.getTime()));
    const found = await (one.rule.event === "metric" ? findPast(one.rule, from) : findEnded(one.rule, from));
    for (const happened of found) if (await tell(one, happened)) told++;
  }
  return told;
}

/** Ends and silences, as the audit has them: each is one row. */
async function findEnded({ id, projectId, event }: RuleRow, since: Date): Promise<Happened[]> {
  const { sql } = connections();
  const of = {
    finished: sql`a.action = 'run.end' and a.detail ->> 'status' = 'finished'`,
    failed: sql`a.action = 'run.end' and a.detail ->> 'status' = 'failed'`,
    diverged: sql`a.action = 'run.end' and a.detail ->> 'reason' = 'diverged'`,
    silent: sql`a.action = 'run.lost'`,
    metric: sql`false`,
  }[event];
  return sql<Happened[]>`
    select r.id as run, r.name, a.id::text as event
    from audit a join runs r on r.id = substr(a.subject, ${"run:".length + 1}::int)::uuid and r.project_id = ${projectId}
    where a.project_id = ${projectId} and a.at >= ${since} and a.action in ('run.end', 'run.lost')
      and a.subject like 'run:%' and r.deleted_at is null and ${of}
      and not exists (select 1 from alert_events e where e.rule_id = ${id} and e.run_id = r.id and e.event = a.id::text)
    order by a.id limit ${EVENTS_MAX}`;
}

/** Runs with a finite value of the series past the threshold, each once. Quarantined series and splits that its manifest lacks are none. */
async function findPast({ id, projectId, split, metric, side, threshold }: RuleRow, since: Date): Promise<Happened[]> {
  const { sql } = connections();
  const isPast = side === "above" ? sql`s.max > ${threshold}` : sql`s.min < ${threshold}`;
  return sql<Happened[]>`
    select r.id as run, r.name, 'metric' as event
    from runs r join series s on s.run_id = r.id and s.split = ${split} and s.metric = ${metric}
      left join manifests m on m.id = r.manifest_id
    where r.project_id = ${projectId} and r.deleted_at is null and (r.status in ('running', 'lost') or r.ended_at >= ${since})
      and not s.quarantined and ${isPast}
      and not (s.split = 'train' and coalesce(m.train_count, 1) = 0)
      and not (s.split = 'validation' and coalesce(m.validation_count, 1) = 0)
      and not exists (select 1 from alert_events e where e.rule_id = ${id} and e.run_id = r.id and e.event = 'metric')
    order by r.id limit ${EVENTS_MAX}`;
}

/** False: another server was faster. */
async function tell({ rule, slug }: Watched, { run, name, event }: Happened): Promise<boolean> {
  const isFirst = await connections().db.transaction(async (tx) => {
    const [first] = await tx
      .insert(alertEvents)
      .values({ ruleId: rule.id, runId: run, event })
      .onConflictDoNothing()
      .returning();
    if (!first) return false;
    await notify(tx, [rule.userId], {
      projectId: rule.projectId,
      kind: "rule",
      by: null,
      runId: run,
      ruleId: rule.id,
    });
    if (rule.sendsWebhooks) await send(tx, rule, slug, { id: run, name });
    return true;
  });
  if (isFirst) noticeReviews(rule.projectId);
  return isFirst;
}

async function send(tx: Executor, rule: RuleRow, slug: string, run: { id: string; name: string }): Promise<void> {
  const { id, event, metric } = toRule(rule);
  await announce(tx, rule.projectId, {
    event: "run.rule",
    at: new Date().toISOString(),
    project: { id: rule.projectId, slug },
    rule: { id, event, metric },
    run,
    url: runLink(slug, run.id),
  });
}

/** Watches until `signal` aborts. A pass that fails is said, and tried again. */
export async function watchRulesUntil(signal: AbortSignal): Promise<void> {
  let since = new Date(Date.now() - FIRST_DAYS * 86_400_000);
  while (!signal.aborted) {
    const begun = Date.now();
    const pause = await watchRules(since).then(
      (told) => {
        // a pass that was full may have left something
        if (told < EVENTS_MAX) since = new Date(begun - OVERLAP_MS);
        return PAUSE_MS;
      },
      (error: unknown) => {
        if (!signal.aborted) logError("rules on runs wait", String(error));
        return FAILED_PAUSE_MS;
      },
    );
    await setTimeout(pause, undefined, { signal }).catch(() => {});
  }
}
