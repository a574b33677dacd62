/** Stores a split of a dataset's samples as a manifest: its content once, its use by each project. */
import { createHash } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import { connections, type Executor } from "../../db/connection.ts";
import type { datasets } from "../../db/schema/datasets.ts";
import { manifestRegistrations, manifestReports, manifests } from "../../db/schema/manifests.ts";
import type { Actor } from "../access/actor.ts";
import { recordAct } from "../access/audit.ts";
import { eachPage, type KeyPage, listPages } from "../datasets/key-pages.ts";
import { refuseUnchecked } from "../datasets/unchecked.ts";
import { enqueueJob } from "../jobs/jobs.ts";
import { ProblemError } from "../problem.ts";
import { LEFT_OUT } from "../splitting/split.ts";
import type { Split } from "../wire/base/words.ts";
import type { Manifest } from "../wire/data/manifests.ts";
import type { Project } from "../wire/projects.ts";
import { type Digests, ManifestDigest } from "./canonical.ts";
import type { ManifestHeader } from "./header.ts";
import { findManifest } from "./manifests.ts";

export type DatasetRow = typeof datasets.$inferSelect;
/** Who registers a split, for which project, and of which dataset. */
export type ManifestScope = { actor: Actor; project: Project; dataset: DatasetRow };

/** The kind of the job that checks a manifest. Its subject is the manifest's id. */
export const CHECK_JOB = "manifest-checks";

/**
 * Stores the split of a dataset's samples, `[n]` in the order of their keys, and the project's use of it; sealed samples
 * bring no label along. `grown`: the dataset has other samples by now than `splits` was made for, and nothing is stored.
 */
export async function storeManifest(
  scope: ManifestScope,
  splits: Uint8Array,
  header: ManifestHeader,
): Promise<Manifest | "grown"> {
  const { project, dataset } = scope;
  const pages = await listPages(connections().sql`dataset_samples where dataset_number = ${dataset.number}`);
  const { digests, counts } = await digestSplit(dataset.number, pages, splits);
  const { id } = digests;
  const isGrown = await inOneSnapshot(async (tx) => {
    // samples only ever come: where there are as many now as there were before, they are the same
    if (!dataset.completedAt && (await countSamples(tx, dataset.number)) !== splits.length) return true;
    const [created] = await tx
      .insert(manifests)
      .values({
        id,
        datasetId: dataset.id,
        trainDigest: digests.train,
        validationDigest: digests.validation,
        testDigest: digests.test,
        trainCount: counts.train,
        validationCount: counts.validation,
        testCount: counts.test,
      })
      .onConflictDoNothing()
      .returning();
    if (created) await insertSamples(tx, created.number, dataset.number, pages, splits);
    else await refuseUnchecked(tx, id, dataset, project.id);
    await addRegistration(tx, scope, { id, header, counts });
    await enqueueChecks(tx, id);
    return false;
  });
  return isGrown ? "grown" : (await findManifest(project, id))!;
}

/** `storeManifest` for a dataset that may not grow meanwhile. */
export async function storeWhole(scope: ManifestScope, splits: Uint8Array, header: ManifestHeader): Promise<Manifest> {
  const stored = await storeManifest(scope, splits, header);
  if (stored === "grown") throw grown(scope.dataset);
  return stored;
}

export const grown = ({ name, version }: DatasetRow): ProblemError =>
  new ProblemError("conflict", `samples came to ${name} ${version} while its split was stored; send it again`);

/** How often a transaction is tried while others store the same. */
const SNAPSHOT_TRIES = 5;
const SERIALIZATION_FAILURE = "40001";

/** A transaction that sees one state. What another stored after it began can't be there in it: then it begins again. */
async function inOneSnapshot<Answer>(work: (tx: Executor) => Promise<Answer>): Promise<Answer> {
  for (let attempt = 1; ; attempt++)
    try {
      return await connections().db.transaction(work, { isolationLevel: "repeatable read" });
    } catch (error) {
      if (!isSerializationFailure(error) || attempt === SNAPSHOT_TRIES) throw error;
    }
}

/** Drizzle has PostgreSQL's error as the cause of its own. */
function isSerializationFailure(error: unknown): boolean {
  const { code, cause } = error as { code?: string; cause?: { code?: string } };
  return (cause?.code ?? code) === SERIALIZATION_FAILURE;
}

async function countSamples(tx: Executor, datasetNumber: number): Promise<number> {
  const [row] = await tx.execute<{ samples: number }>(sql`
    select count(*)::int as samples from dataset_samples where dataset_number = ${datasetNumber}`);
  return row!.samples;
}

/** The project's use of the manifest, and its record; where it has it already, nothing. */
async function addRegistration(
  tx: Executor,
  { actor, project, dataset }: ManifestScope,
  manifest: { id: string; header: ManifestHeader; counts: Record<Split, number> },
): Promise<void> {
  const { id, counts } = manifest;
  const { name, method, seed, notes, ...header } = manifest.header;
  const text = JSON.stringify({ ...header, method, name, notes, seed });
  const headerDigest = createHash("sha256").update(text).digest("hex");
  const [registered] = await tx
    .insert(manifestRegistrations)
    .values({
      projectId: project.id,
      manifestId: id,
      datasetId: dataset.id,
      name,
      method,
      seed,
      notes,
      header,
      headerDigest,
      createdBy: actor.name,
    })
    .onConflictDoNothing()
    .returning();
  if (registered)
    await recordAct(tx, actor, {
      action: "manifest.register",
      subject: `manifest:${id}`,
      projectId: project.id,
      detail: { name, counts },
    });
}

/** Has the manifest checked, unless it is, or waits for it. */
async function enqueueChecks(tx: Executor, manifestId: string): Promise<void> {
  const [report] = await tx
    .select({ id: manifestReports.manifestId })
    .from(manifestReports)
    .where(eq(manifestReports.manifestId, manifestId));
  if (!report) await enqueueJob(tx, { kind: CHECK_JOB, subject: manifestId });
}

type Tag<Fragment> = (text: TemplateStringsArray, ...values: (number | string | Buffer)[]) => Fragment;

/**
 * A page's samples with the number of their split in `split`: of the dataset's, in the order of their keys. `tag` is that
 * of the client that asks.
 */
function placed<Fragment>(tag: Tag<Fragment>, datasetNumber: number, page: KeyPage, splits: Uint8Array): Fragment {
  const pageSplits = splitsOf(page, splits);
  return tag`(
    select *, get_byte(${pageSplits}::bytea, (row_number() over () - 1)::int) as split from (
      select key, label, "group", "time", byte_hash, content_hash, earlier_hashes, sealed from dataset_samples
      where dataset_number = ${datasetNumber} and key > ${page.after} and key <= ${page.last}
      order by key limit ${pageSplits.length}) page) placed`;
}

const splitsOf = ({ start, samples }: KeyPage, splits: Uint8Array): Buffer =>
  Buffer.from(splits.subarray(start, start + samples));

/** The digests of a split, from canonical lines that the database writes a page at a time. */
async function digestSplit(
  datasetNumber: number,
  pages: KeyPage[],
  splits: Uint8Array,
): Promise<{ digests: Digests; counts: Record<Split, number> }> {
  const digest = new ManifestDigest();
  // the bytes as they come: texts of hundreds of megabytes would only be written as bytes again
  const { sql: plain } = connections();
  const ask = (page: KeyPage): PromiseLike<Buffer[][]> =>
    plain`
      select coalesce(string_agg(key || E'\t' || encode(content_hash, 'hex') || E'\t' ||
        (array['train', 'val', 'test'])[split + 1] || E'\t' ||
        case when sealed then '' else coalesce(label, '') end || E'\t' || coalesce("group", '') || E'\n', ''), '')
      from ${placed((text, ...values) => plain(text, ...values), datasetNumber, page, splits)} where split <> ${LEFT_OUT}`.raw();
  await eachPage(pages, ask, ([row], page) =>
    digest.add(
      row![0]!,
      splitsOf(page, splits).filter((split) => split !== LEFT_OUT),
    ),
  );
  const counts = { train: 0, validation: 0, test: 0, leftOut: 0 };
  const names = ["train", "validation", "test", "leftOut"] as const;
  for (const split of splits) counts[names[split]!]++;
  const { leftOut: _, ...kept } = counts;
  return { digests: digest.finish(), counts: kept };
}

async function insertSamples(
  tx: Executor,
  manifestNumber: number,
  datasetNumber: number,
  pages: KeyPage[],
  splits: Uint8Array,
): Promise<void> {
  for (const page of pages)
    await tx.execute(sql`
      insert into manifest_samples
        (manifest_number, key, split, label, "group", "time", byte_hash, content_hash, earlier_hashes)
      select ${manifestNumber}, key, (array['train', 'validation', 'test'])[split + 1],
        case when sealed then null else label end, "group", "time", byte_hash, content_hash, earlier_hashes
      from ${placed(sql, datasetNumber, page, splits)} where split <> ${LEFT_OUT}`);
}
