/** Evaluations, claims and overrides as they travel: those that were made here, and those that came with an import before. */
import { createHash } from "node:crypto";
import { and, asc, desc, eq, inArray, sql } from "drizzle-orm";
import { connections } from "../../db/connection.ts";
import { championRules, claims, claimWords, signOffs } from "../../db/schema/champions.ts";
import { evaluationPredictions, evaluationReports, evaluations } from "../../db/schema/evaluations.ts";
import { looks } from "../../db/schema/final.ts";
import { manifestOverrides } from "../../db/schema/manifests.ts";
import { newestOfEachMember } from "../champions/history.ts";
import { toRule } from "../champions/rules.ts";
import { type HeadlineMetric, headlineMetricSchema } from "../wire/evaluations/headline.ts";
import type { ImportedRecord } from "../wire/exports.ts";
import { readImported } from "./imported.ts";

type EvaluationRecord = Extract<ImportedRecord, { kind: "evaluation" }>;
type ClaimRecord = Extract<ImportedRecord, { kind: "claim" }>;
type OverrideRecord = Extract<ImportedRecord, { kind: "override" }>;
type Origin = { id: string; slug: string };

/** Of the project's manifests, the oldest first, then those that came. The caller knows that they may be read. */
export async function readTravellingOverrides(project: Origin): Promise<OverrideRecord[]> {
  const rows = await connections()
    .db.select()
    .from(manifestOverrides)
    .where(eq(manifestOverrides.projectId, project.id))
    .orderBy(asc(manifestOverrides.createdAt), asc(manifestOverrides.manifestId));
  const own = rows.map(
    ({ manifestId, reason, overriddenBy, createdAt }): OverrideRecord => ({
      kind: "override",
      id: overrideId(project.id, manifestId),
      project: project.slug,
      by: overriddenBy,
      at: createdAt.toISOString(),
      manifest: manifestId,
      reason,
    }),
  );
  return [...own, ...(await readImported({ projectId: project.id, kind: "override" }))] as OverrideRecord[];
}

/** Made of what names an override here, as it has no id of its own (RFC 9562, 5.8). */
function overrideId(projectId: string, manifestId: string): string {
  const hash = createHash("sha256")
    .update(JSON.stringify(["holdout override 1", projectId, manifestId]))
    .digest();
  hash[6] = (hash[6]! & 0x0f) | 0x80;
  hash[8] = (hash[8]! & 0x3f) | 0x80;
  return hash.toString("hex", 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/**
 * Done evaluations and claims of runs of the project, by run, evaluations first. `isSeen`: whether with the numbers of test
 * evaluations. The caller knows that the rest may be read.
 */
export async function readTravellingRecords(
  project: Origin,
  runIds: string[],
  isSeen: boolean,
): Promise<Map<string, (EvaluationRecord | ClaimRecord)[]>> {
  const [measured, claimed, imported] = await Promise.all([
    readEvaluations(project, runIds),
    readClaims(project, runIds),
    readImported({ projectId: project.id, runIds }),
  ]);
  const came = imported.filter((record) => record.kind !== "override");
  const order = { evaluation: 0, claim: 1 };
  const byRun = new Map<string, (EvaluationRecord | ClaimRecord)[]>();
  for (const record of [...measured, ...claimed, ...came].sort((a, b) => order[a.kind] - order[b.kind])) {
    const of = byRun.get(record.run) ?? [];
    byRun.set(record.run, of);
    of.push(record.kind === "evaluation" && record.split === "test" && !isSeen ? { ...record, report: null } : record);
  }
  return byRun;
}

/** As the contract has it: jsonb keeps no order of names. */
const inOrder = (metric: HeadlineMetric): HeadlineMetric => headlineMetricSchema.parse(metric);

async function readEvaluations({ slug }: Origin, runIds: string[]): Promise<EvaluationRecord[]> {
  const of = <Table extends { runId: never; evaluationId: never }>(table: Table) =>
    and(eq(table.runId, evaluations.runId), eq(table.evaluationId, evaluations.id));
  // panels are megabytes: the headline alone is read
  const rows = await connections()
    .db.select({
      evaluation: evaluations,
      file: evaluationPredictions.file,
      look: looks.id,
      version: evaluationReports.version,
      digest: evaluationReports.digest,
      confidence: sql<number>`(${evaluationReports.panels}->>'confidence')::float8`,
      metrics: sql<HeadlineMetric[] | null>`${evaluationReports.panels}#>'{panels,headline,metrics}'`,
    })
    .from(evaluations)
    .innerJoin(evaluationReports, of(evaluationReports as never))
    .innerJoin(evaluationPredictions, of(evaluationPredictions as never))
    .leftJoin(looks, and(eq(looks.runId, evaluations.runId), eq(looks.evaluationId, evaluations.id)))
    .where(inArray(evaluations.runId, runIds))
    .orderBy(asc(evaluations.id), desc(evaluationReports.version));
  const newest = rows.filter(({ evaluation }, at) => rows[at - 1]?.evaluation.id !== evaluation.id);
  return newest.map(({ evaluation, file, look, version, digest, confidence, metrics }) => ({
    kind: "evaluation",
    run: evaluation.runId,
    id: evaluation.id,
    project: slug,
    by: evaluation.createdBy,
    at: evaluation.createdAt.toISOString(),
    checkpoint: { path: evaluation.checkpointPath, sha256: evaluation.checkpointSha256, step: evaluation.step },
    manifest: evaluation.manifestId,
    split: evaluation.split,
    splitDigest: evaluation.splitDigest,
    samples: evaluation.samples,
    task: evaluation.task,
    form: evaluation.form,
    purpose: evaluation.purpose,
    reason: evaluation.reason,
    look,
    predictions: file,
    report: { definitionsVersion: version, digest, confidence, metrics: (metrics ?? []).map(inOrder) },
  }));
}

/** In the order of the contract, which a line that comes back has too. */
function ruleOf(row: typeof championRules.$inferSelect): ClaimRecord["rule"] {
  const { metric, split, direction, seeds, margin, id, writtenBy, writtenAt } = toRule(row);
  return { metric, split, direction, seeds, margin, id, writtenBy, writtenAt };
}

async function readClaims({ id: projectId, slug }: Origin, runIds: string[]): Promise<ClaimRecord[]> {
  const { db } = connections();
  const rows = await db
    .select({ claim: claims, rule: championRules })
    .from(claims)
    .innerJoin(championRules, eq(championRules.id, claims.ruleId))
    .where(and(eq(claims.projectId, projectId), inArray(claims.runId, runIds)))
    .orderBy(asc(claims.id));
  if (rows.length === 0) return [];
  const ids = rows.map(({ claim }) => claim.id);
  const [signed, written] = await Promise.all([
    db.select().from(signOffs).where(inArray(signOffs.claimId, ids)).orderBy(asc(signOffs.id)),
    db.select().from(claimWords).where(inArray(claimWords.claimId, ids)).orderBy(asc(claimWords.id)),
  ]);
  return rows.map(({ claim, rule }) => ({
    kind: "claim",
    run: claim.runId,
    id: claim.id,
    project: slug,
    by: claim.claimedBy,
    at: claim.claimedAt.toISOString(),
    manifest: claim.manifestId,
    number: claim.number,
    checkpoint: { path: claim.checkpointPath, sha256: claim.checkpointSha256, step: claim.step },
    rule: ruleOf(rule),
    evidence: claim.evidence,
    standing: claim.standing,
    written: claim.written,
    candidates: claim.candidates,
    reason: claim.reason,
    replaced: claim.replacedId,
    comparedWith: claim.comparedWith,
    signOffs: newestOfEachMember(signed.filter(({ claimId }) => claimId === claim.id)).map(
      ({ approves, word, signedBy, signedAt }) => ({ approves, word, by: signedBy, at: signedAt.toISOString() }),
    ),
    words: written
      .filter(({ claimId }) => claimId === claim.id)
      .map(({ word, writtenBy, writtenAt }) => ({ word, by: writtenBy, at: writtenAt.toISOString() })),
  }));
}
