/** What the checks of a manifest found, the override of a block, and what people say of pairs. */
import { and, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { connections } from "../../db/connection.ts";
import { datasets } from "../../db/schema/datasets.ts";
import { manifestOverrides, manifestReports } from "../../db/schema/manifests.ts";
import type { Actor } from "../access/actor.ts";
import { recordAct } from "../access/audit.ts";
import { authorise } from "../access/permissions.ts";
import { enqueueJob, findJob, readFailure } from "../jobs/jobs.ts";
import { requireManifest } from "../manifests/manifests.ts";
import { makeManifests, mendManifest } from "../manifests/register.ts";
import { CHECK_JOB } from "../manifests/store.ts";
import { ProblemError, parse } from "../problem.ts";
import type { Split } from "../wire/base/words.ts";
import type { Check, ManifestReport } from "../wire/data/checks.ts";
import { type Manifest, manifestCreateSchema, type SplitOptions, splitOptionsSchema } from "../wire/data/manifests.ts";
import { isMendable } from "./mendable.ts";
import type { StoredCheck } from "./near/near-duplicates.ts";
import { countNearPairs, listConfirmed, type NearPairCounts } from "./near/near-pairs.ts";

/** The report of a manifest, or how far its checks are. Throws `not-found` where the project didn't register it. */
export async function getReport(
  actor: Actor,
  projectNamed: string | undefined,
  manifestId: string,
): Promise<ManifestReport> {
  const { manifest, project } = await requireManifest(actor, projectNamed, manifestId);
  const [report] = await connections()
    .db.select()
    .from(manifestReports)
    .where(eq(manifestReports.manifestId, manifestId));
  const job = report ? null : await findJob(CHECK_JOB, manifestId);
  const counts = report ? await countNearPairs(actor, project.id, manifestId) : null;
  return {
    manifest: manifest.id,
    verdict: manifest.verdict,
    checks: ((report?.checks ?? []) as (StoredCheck | EarlierCheck)[]).map((check) =>
      presentCheck("statements" in check ? check : readEarlier(check), counts),
    ),
    progress: {
      status: report ? "done" : (job?.status ?? "queued"),
      share: report ? 1 : (job?.progress ?? 0),
      stage: job?.stage ?? "",
      failure: job && readFailure(job),
    },
  };
}

/** A check as it holds now: where people told all pairs apart, it is what it would be without them. */
function presentCheck({ withoutPairs, ...check }: StoredCheck, counts: NearPairCounts | null): Check {
  if (check.name !== "near-duplicates" || !counts || counts.total === 0 || counts.toldApart < counts.total)
    return check;
  const toldApart = { kind: "pairs-told-apart" as const, figures: { pairs: counts.total } };
  return { ...check, verdict: withoutPairs ?? "cannot-tell", statements: [toldApart, ...check.statements] };
}

/** As a report kept a check that was made before checks had kinds: sentences, and names of figures as they are now. */
type EarlierCheck = Omit<StoredCheck, "statements" | "findings"> & {
  detail: string;
  findings: { keys: string[]; splits: Split[]; note: string }[];
};

/** Its sentences are one statement each, and stay as they were written. */
const readEarlier = ({ detail, findings, ...check }: EarlierCheck): StoredCheck => ({
  ...check,
  statements: [{ kind: "earlier-text", figures: { text: detail } }],
  findings: findings.map(({ note, ...samples }) => ({ ...samples, kind: "earlier-note", figures: { text: note } })),
});

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
  const [joined, { checks }, { options, methodVersion, dataset }] = await Promise.all([
    listConfirmed(found.datasetNumber),
    getReport(actor, projectId, manifestId),
    readMaking(projectId, manifestId),
  ]);
  const named = {
    name: `${manifest.name}, repaired`,
    notes: manifest.notes,
  };
  const scope = { actor, project, dataset };
  // what a client made by itself, by whatever rule, has no options to be made again by
  if (!options || checks.some(isMendable) || !(await canBeRemade(manifest, options, dataset))) {
    const mended = await mendManifest(scope, found, { ...named, joined });
    if (mended.id === manifestId) throw nothingToMend(manifest);
    return mended;
  }
  if (joined.length === 0) throw nothingToMend(manifest);
  const { method, seed } = manifest;
  const given = { ...named, dataset: manifest.dataset, method, seed, options, methodVersion };
  const [made] = await makeManifests(scope, parse(manifestCreateSchema, given), { joined, parent: manifest.id });
  return made!;
}

/**
 * Whether the split made again is of the same samples, and together. A trainer's split may be of a part of its dataset.
 * Samples that are put into two splits beforehand would be parted again.
 */
async function canBeRemade(
  { method, counts }: Manifest,
  { keep }: SplitOptions,
  dataset: typeof datasets.$inferSelect,
): Promise<boolean> {
  const [row] = await connections().sql<{ samples: number; sealed: boolean | null }[]>`
    select count(*)::int as samples, bool_or(sealed) as sealed from dataset_samples where dataset_number = ${dataset.number}`;
  // by time, the samples of the gaps are in no split
  const isWhole = method === "time" || counts.train + counts.validation + counts.test === row!.samples;
  const decided = new Set<Split>([...keep, ...(row!.sealed ? ["test" as const] : [])]);
  return dataset.completedAt !== null && isWhole && decided.size <= 1;
}

const nothingToMend = ({ name }: Manifest): ProblemError =>
  new ProblemError(
    "conflict",
    `there is nothing to mend in ${name}: no content or group stands in two splits, and no confirmed pair does; say which samples show the same first`,
  );

/** What a manifest was made of, and how; options are null where a client made it in its own way. */
async function readMaking(projectId: string, manifestId: string) {
  const [row] = await connections().db.execute<{
    header: { options?: unknown; methodVersion?: number };
    dataset_id: string;
  }>(sql`
    select r.header, r.dataset_id from manifest_registrations r
    where r.project_id = ${projectId} and r.manifest_id = ${manifestId}`);
  const [dataset] = await connections()
    .db.select()
    .from(datasets)
    .where(and(eq(datasets.id, row!.dataset_id)));
  const { options, methodVersion = 1 } = row!.header;
  return { options: options ? parse(splitOptionsSchema, options) : null, methodVersion, dataset: dataset! };
}
