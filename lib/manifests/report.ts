/** What the checks of a manifest found, the override of a block, and what people say of pairs. */
import { and, eq, sql } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import { z } from "zod";
import { connections } from "../../db/connection.ts";
import { datasets, manifestOverrides, manifestReports, pairJudgements } from "../../db/schema.ts";
import type { Actor } from "../access/actor.ts";
import { authorise } from "../access/permissions.ts";
import { recordAct } from "../audit/audit.ts";
import { enqueueJob, findJob } from "../jobs/jobs.ts";
import { ProblemError, parse } from "../problem.ts";
import {
  type Check,
  type Manifest,
  type ManifestReport,
  manifestCreateSchema,
  type Split,
  type SplitOptions,
  splitOptionsSchema,
} from "../wire.ts";
import { CHECK_JOB, makeManifests, mendManifest, requireManifest } from "./manifests.ts";

/** The report of a manifest, or how far its checks are. Throws `not-found` where the project didn't register it. */
export async function getReport(
  actor: Actor,
  projectNamed: string | undefined,
  manifestId: string,
): Promise<ManifestReport> {
  const { manifest } = await requireManifest(actor, projectNamed, manifestId);
  const [report] = await connections()
    .db.select()
    .from(manifestReports)
    .where(eq(manifestReports.manifestId, manifestId));
  const job = report ? null : await findJob(CHECK_JOB, manifestId);
  return {
    manifest: manifest.id,
    verdict: report?.verdict ?? null,
    checks: (report?.checks ?? []) as Check[],
    progress: {
      status: report ? "done" : (job?.status ?? "queued"),
      share: report ? 1 : (job?.progress ?? 0),
      stage: job?.stage ?? "",
      error: job?.error ?? null,
    },
  };
}

/** Ids of the project's manifests without a report, whose newest checks failed; `retryChecks` has them run again. */
export async function listFailedChecks(actor: Actor, projectId: string): Promise<Set<string>> {
  authorise(actor, "manifests.read", projectId);
  const rows = await connections().sql<{ id: string }[]>`
    select id from (
      select distinct on (j.subject) j.subject as id, j.status from jobs j
      join manifest_registrations r on r.manifest_id = j.subject and r.project_id = ${projectId}
      where j.kind = ${CHECK_JOB} and not exists (select from manifest_reports where manifest_id = j.subject)
      order by j.subject, j.created_at desc) newest
    where status = 'failed'`;
  return new Set(rows.map(({ id }) => id));
}

/** Has the checks run again that failed. May be repeated. */
export async function retryChecks(actor: Actor, projectId: string, manifestId: string): Promise<void> {
  authorise(actor, "manifests.register", projectId);
  await requireManifest(actor, projectId, manifestId);
  await connections().db.transaction((tx) => enqueueJob(tx, { kind: CHECK_JOB, subject: manifestId }));
}

const overrideSchema = z.object({
  reason: z.string().trim().min(10, "at least 10 characters: what makes it right to use").max(2000),
});

/** A member's written word that a blocked manifest is used all the same. Throws `conflict` where it isn't blocked. */
export async function overrideManifest(
  actor: Actor,
  projectId: string,
  manifestId: string,
  input: unknown,
): Promise<void> {
  authorise(actor, "manifests.override", projectId);
  const { reason } = parse(overrideSchema, input);
  const { manifest } = await requireManifest(actor, projectId, manifestId);
  if (manifest.verdict !== "block")
    throw new ProblemError("conflict", `${manifest.name} isn't blocked: there is nothing to override`);
  await connections().db.transaction(async (tx) => {
    const [created] = await tx
      .insert(manifestOverrides)
      .values({ projectId, manifestId, reason, overriddenBy: actor.name })
      .onConflictDoNothing()
      .returning();
    if (!created) throw new ProblemError("conflict", `${manifest.name} has an override already: it is final`);
    await recordAct(tx, actor, {
      action: "manifest.override",
      subject: `manifest:${manifestId}`,
      projectId,
      detail: { name: manifest.name, reason },
    });
  });
}

export type NearPair = {
  aKey: string;
  bKey: string;
  aSplit: string;
  bSplit: string;
  similarity: number;
  mirrored: boolean;
  hasThumbnails: boolean;
  /** The beginnings of the samples, where they are texts. */ aText: string | null;
  bText: string | null;
  /** What a person said: that they show the same, that they don't; null: nobody did. */
  same: boolean | null;
  judgedBy: string | null;
};

const TEXT_SHOWN = 600;

/**
 * Near duplicates across splits with people's judgements, those of the dataset's other manifests among them: first the
 * pairs that nobody judged, of each the most alike first; at most `limit`, so that the next come when these are judged.
 */
export async function listNearPairs(
  actor: Actor,
  projectNamed: string,
  manifestId: string,
  limit = 200,
): Promise<NearPair[]> {
  const { number, datasetNumber } = await requireManifest(actor, projectNamed, manifestId);
  return connections().sql<NearPair[]>`
    select p.a_key as "aKey", p.b_key as "bKey", a.split as "aSplit", b.split as "bSplit", p.similarity, p.mirrored,
      da.thumbnail is not null as "hasThumbnails", left(da."text", ${TEXT_SHOWN}) as "aText",
      left(db."text", ${TEXT_SHOWN}) as "bText", j.same, j.judged_by as "judgedBy"
    from near_pairs p
    join manifest_samples a on a.manifest_number = p.manifest_number and a.key = p.a_key
    join manifest_samples b on b.manifest_number = p.manifest_number and b.key = p.b_key
    join dataset_samples da on da.dataset_number = ${datasetNumber} and da.key = p.a_key
    join dataset_samples db on db.dataset_number = ${datasetNumber} and db.key = p.b_key
    left join (${newestJudgements(datasetNumber)}) j on j.a_key = p.a_key and j.b_key = p.b_key
    where p.manifest_number = ${number}
    order by j.same is not null, p.similarity desc, p.a_key, p.b_key limit ${limit}`;
}

export type NearPairCounts = { total: number; confirmed: number; toldApart: number };

/** How many pairs `listNearPairs` would list without a limit, and what people said of them; of the others nobody did. */
export async function countNearPairs(actor: Actor, projectNamed: string, manifestId: string): Promise<NearPairCounts> {
  const { number, datasetNumber } = await requireManifest(actor, projectNamed, manifestId);
  const [row] = await connections().sql<NearPairCounts[]>`
    select count(*)::int as total, count(*) filter (where j.same)::int as confirmed,
      count(*) filter (where not j.same)::int as "toldApart"
    from near_pairs p left join (${newestJudgements(datasetNumber)}) j on j.a_key = p.a_key and j.b_key = p.b_key
    where p.manifest_number = ${number}`;
  return row!;
}

/** What was said last of each pair of a dataset's samples, whichever of its manifests it was said of. */
const newestJudgements = (datasetNumber: number) => connections().sql`
  select distinct on (j.a_key, j.b_key) j.a_key, j.b_key, j.same, j.judged_by
  from pair_judgements j
  where j.manifest_id in (
    select r.manifest_id from manifest_registrations r join datasets d on d.id = r.dataset_id where d.number = ${datasetNumber})
  order by j.a_key, j.b_key, j.id desc`;

const judgementSchema = z.object({
  pairs: z
    .array(z.tuple([z.string(), z.string()]))
    .min(1)
    .max(20_000),
  same: z.boolean(),
});

/** Keeps what a member says of pairs that the check found: that they show the same, or don't. The newest word holds. */
export async function judgePairs(actor: Actor, projectId: string, manifestId: string, input: unknown): Promise<number> {
  authorise(actor, "manifests.register", projectId);
  const { pairs, same } = parse(judgementSchema, input);
  const { number } = await requireManifest(actor, projectId, manifestId);
  const found = await connections().sql<{ aKey: string; bKey: string }[]>`
    select p.a_key as "aKey", p.b_key as "bKey" from near_pairs p
    join unnest(${pairs.map(([a]) => a)}::text[], ${pairs.map(([, b]) => b)}::text[]) given(a, b)
      on given.a = p.a_key and given.b = p.b_key
    where p.manifest_number = ${number}`;
  if (found.length === 0) throw new ProblemError("not-found", "the check found no such pair in this manifest");
  await connections().db.transaction(async (tx) => {
    await tx
      .insert(pairJudgements)
      .values(found.map((pair) => ({ id: uuidv7(), manifestId, ...pair, same, judgedBy: actor.name })));
    await recordAct(tx, actor, {
      action: "manifest.judge-pairs",
      subject: `manifest:${manifestId}`,
      projectId,
      detail: { pairs: found.length, same },
    });
  });
  return found.length;
}

/** Pairs of a dataset's samples whose newest judgement is that they show the same. */
async function listConfirmed(datasetNumber: number): Promise<[string, string][]> {
  const rows = await connections().sql<{ a: string; b: string }[]>`
    select a_key as a, b_key as b from (${newestJudgements(datasetNumber)}) newest where same`;
  return rows.map(({ a, b }) => [a, b]);
}

/**
 * Keeps together what belongs together: samples of a content or group that stands in two splits, and confirmed pairs.
 * Where only pairs are to mend, the split is made again by the same method and seed. One that was given, or that keeps or
 * seals samples apart, keeps every sample's split, but that what belongs together goes to the later of its splits.
 * Throws `conflict` where there is nothing to mend.
 */
export async function repairManifest(actor: Actor, projectId: string, manifestId: string): Promise<Manifest> {
  authorise(actor, "manifests.register", projectId);
  const found = await requireManifest(actor, projectId, manifestId);
  const { manifest, project } = found;
  const [joined, { checks }, { options, dataset }] = await Promise.all([
    listConfirmed(found.datasetNumber),
    getReport(actor, projectId, manifestId),
    readMaking(projectId, manifestId),
  ]);
  const named = {
    name: `${manifest.name}, repaired`,
    notes: `${joinedWords(joined.length)} ${manifest.notes}`.trim(),
  };
  // what a client made by itself, by whatever rule, has no options to be made again by
  if (!options || checks.some(isMendable) || (await isDecidedApart(options, dataset.number))) {
    const mended = await mendManifest(actor, found, dataset, named, joined);
    if (mended.id === manifestId) throw nothingToMend(manifest);
    return mended;
  }
  if (joined.length === 0) throw nothingToMend(manifest);
  const { method, seed } = manifest;
  const given = { ...named, dataset: manifest.dataset, method, seed, options };
  const [made] = await makeManifests(actor, project, dataset, parse(manifestCreateSchema, given), joined, manifest.id);
  return made!;
}

/** A block that keeping samples together takes away. */
export const isMendable = ({ name, verdict }: Pick<Check, "name" | "verdict">): boolean =>
  verdict === "block" && (name === "exact-duplicates" || name === "groups");

/** Whether samples are put into two splits beforehand: then making the split again parts them again. */
async function isDecidedApart({ keep }: SplitOptions, datasetNumber: number): Promise<boolean> {
  const [row] = await connections().sql<{ sealed: boolean }[]>`
    select exists (select from dataset_samples where dataset_number = ${datasetNumber} and sealed) as sealed`;
  return new Set<Split>([...keep, ...(row!.sealed ? ["test" as const] : [])]).size > 1;
}

const joinedWords = (pairs: number): string =>
  `Samples that share a content or group${pairs > 0 ? `, and ${pairs} ${pairs === 1 ? "pair" : "pairs"} of near duplicates,` : ""} are kept together.`;

const nothingToMend = ({ name }: Manifest): ProblemError =>
  new ProblemError(
    "conflict",
    `there is nothing to mend in ${name}: no content or group stands in two splits, and no confirmed pair does; say which samples show the same first`,
  );

/** What a manifest was made of, and how; options are null where a client made it by itself. */
async function readMaking(projectId: string, manifestId: string) {
  const [row] = await connections().db.execute<{ header: { options?: unknown }; dataset_id: string }>(sql`
    select r.header, r.dataset_id from manifest_registrations r
    where r.project_id = ${projectId} and r.manifest_id = ${manifestId}`);
  const [dataset] = await connections()
    .db.select()
    .from(datasets)
    .where(and(eq(datasets.id, row!.dataset_id)));
  const { options } = row!.header;
  return { options: options ? parse(splitOptionsSchema, options) : null, dataset: dataset! };
}
