/** Split manifests: immutable, named by their content, made of a dataset's samples, used by projects. */
import { createHash } from "node:crypto";
import { and, desc, eq, sql } from "drizzle-orm";
import { connections, type Executor } from "../../db/connection.ts";
import { datasets } from "../../db/schema/datasets.ts";
import {
  manifestOverrides,
  manifestRegistrations,
  manifestReports,
  manifests,
  manifestVerdicts,
} from "../../db/schema/manifests.ts";
import type { Actor } from "../access/actor.ts";
import { recordAct } from "../access/audit.ts";
import { authorise } from "../access/permissions.ts";
import { findDataset, storeSamples } from "../datasets/datasets.ts";
import { eachPage, type KeyPage, listPages, SAMPLES_A_PAGE } from "../datasets/key-pages.ts";
import { refuseUnchecked } from "../datasets/unchecked.ts";
import { enqueueJob } from "../jobs/jobs.ts";
import { ProblemError, parse } from "../problem.ts";
import { requireProject } from "../projects/projects.ts";
import {
  foldSplit,
  isFolded,
  LEFT_OUT,
  makeFolds,
  makeSplit,
  mendSplit,
  type SplitInput,
  type SplitWay,
  UNDECIDED,
  versionOf,
} from "../splitting/split.ts";
import { type Split, splits } from "../wire/base/words.ts";
import {
  type Manifest,
  type ManifestMethod,
  type ManifestSamples,
  type ManifestVerdict,
  manifestCreateSchema,
  type SplitOptions,
  splitOptionsSchema,
} from "../wire/manifests.ts";
import type { Project } from "../wire/projects.ts";
import { type Digests, ManifestDigest } from "./canonical.ts";
import { readSplitInput } from "./split-input.ts";

type DatasetRow = typeof datasets.$inferSelect;
type Given = ReturnType<typeof manifestCreateSchema.parse>;
/** How a manifest was made, beyond name, method, seed and notes. Part of the header. */
export type HeaderParts = {
  dataset: { name: string; version: string };
  options?: unknown;
  /** Which version of the method made it; the first is left out. */ methodVersion?: number;
  /** The whole of the folds, or what a repair mends. */ parent?: string;
  /** Which fold is validation, from 1. */ fold?: number;
  /** How many pairs of samples a person found to show the same, kept together here. */ joinedPairs?: number;
};
type Header = Pick<Given, "name" | "method" | "seed" | "notes"> & HeaderParts;

/** The kind of the job that checks a manifest. Its subject is the manifest's id. */
export const CHECK_JOB = "manifest-checks";

/**
 * Makes or takes a split and registers it for a project; the checks follow as a job. The same content again returns
 * what is there, and stores nothing twice. Returns one manifest, or of a k-fold the whole and then its folds in order.
 */
export async function registerManifests(actor: Actor, input: unknown): Promise<Manifest[]> {
  authorise(actor, "manifests.register");
  const given = parse(manifestCreateSchema, input);
  const project = await requireProject(actor, given.project);
  authorise(actor, "manifests.register", project.id);
  const dataset = await findDataset(project.id, given.dataset.name, given.dataset.version);
  if (!dataset)
    throw invalid(
      "dataset",
      `${given.dataset.name} ${given.dataset.version} is no dataset of this project; POST it to /api/v1/datasets, or ask an admin to give the project another's`,
    );
  if (!given.samples) return makeManifests(actor, project, dataset, given, []);
  const { split, ...samples } = given.samples;
  await storeSamples(dataset, {
    ...samples,
    split: null,
    sealed: null,
    thumbnail: null,
    imageHash: null,
    text: null,
    features: null,
  });
  const header = headerOf(given);
  for (let attempt = 1; ; attempt++) {
    const splits = await placeGiven(dataset.number, given.samples);
    const stored = await storeManifest(actor, project, dataset, splits, header);
    if (stored !== "grown") return [stored];
    if (attempt === GROWN_AGAIN) throw grown(dataset);
  }
}

/** How often a split is placed anew because samples came to its dataset meanwhile. */
const GROWN_AGAIN = 20;
const grown = ({ name, version }: DatasetRow): ProblemError =>
  new ProblemError("conflict", `samples came to ${name} ${version} while its split was stored; send it again`);

/** `registerManifests` of one split. */
export async function registerManifest(actor: Actor, input: unknown): Promise<Manifest> {
  return (await registerManifests(actor, input))[0]!;
}

const invalid = (field: string, detail: string): ProblemError =>
  new ProblemError("invalid", `${field}: ${detail}`, [{ field, detail }]);

/** Makes the split of a complete dataset by the method; `joined` are pairs of keys that go together besides. */
export async function makeManifests(
  actor: Actor,
  project: Project,
  dataset: DatasetRow,
  given: Given,
  joined: [string, string][],
  parent?: string,
): Promise<Manifest[]> {
  const { name, method, seed, options } = given;
  if (!dataset.completedAt)
    throw invalid("dataset", `${dataset.name} ${dataset.version} isn't complete: its last sample may still come`);
  if (method !== "given" && method !== "time" && seed === null)
    throw invalid("seed", `is missing; ${method} needs an integer, so that anybody can make the same split`);
  if (given.methodVersion !== null && given.methodVersion > versionOf(method))
    throw invalid("methodVersion", `is ${given.methodVersion}; ${method} has versions 1 to ${versionOf(method)} here`);
  const { whole, folds } = await placeSamples(dataset.number, given, joined);
  const store = (splits: Uint8Array, header: Header) => storeWhole(actor, project, dataset, splits, header);
  const header = {
    ...headerOf({ ...given, methodVersion: given.methodVersion ?? versionOf(method) }),
    ...(parent ? { parent } : {}),
    ...(joined.length > 0 ? { joinedPairs: joined.length } : {}),
  };
  const first = await store(whole, header);
  if (!folds) return [first];
  const made = [first];
  for (let fold = 0; fold < options.folds; fold++) {
    const named = {
      ...header,
      name: `${name}, fold ${fold + 1} of ${options.folds}`,
      parent: first.id,
      fold: fold + 1,
    };
    made.push(await store(foldSplit(whole, folds, fold), named));
  }
  return made;
}

/** What a registration says of how its split was made: the same for the server's own and for one that a trainer made. */
function headerOf({ name, method, seed, notes, dataset, options, methodVersion }: Given): Header {
  // nothing is known of how a split came about that names no version of its method
  const isMade = method !== "given" && methodVersion !== null;
  return {
    name,
    method,
    seed,
    notes,
    dataset,
    ...(isMade ? { options } : {}),
    ...(isMade && methodVersion > 1 ? { methodVersion } : {}),
  };
}

/**
 * The split of every sample of the dataset, and of a k-fold the fold of every training sample: all that is made is made
 * before the first is stored, which stays. What it is made of, hundreds of megabytes at 10⁷ samples, goes with the call.
 */
async function placeSamples(datasetNumber: number, given: Given, joined: [string, string][]) {
  const { method, seed, options } = given;
  const way = { method, options, version: given.methodVersion ?? versionOf(method) };
  const input = await readSplitInput({ datasetNumber, seed: seed ?? 0, method, options, joined });
  if (method === "given") {
    const whole = input.fixed.map((split) => (split === UNDECIDED ? LEFT_OUT : split));
    if (whole.every((split) => split === LEFT_OUT))
      throw invalid(
        "method",
        "given takes the samples' own splits, and none has one; a column split, or another method, is right",
      );
    return { whole, folds: null };
  }
  const whole = makeSplit(way, input);
  refuseEmpty(whole, method, options, input.place.length);
  return { whole, folds: isFolded(method) ? foldsOf(way, input, whole) : null };
}

/** The fold of every training sample of the whole. Throws `invalid` where a fold would be empty. */
function foldsOf(way: SplitWay, input: SplitInput, whole: Uint8Array): Uint8Array {
  const { options } = way;
  const folds = makeFolds(way, input, whole);
  for (let fold = 0; fold < options.folds; fold++)
    if (!folds.includes(fold))
      throw invalid(
        "options.folds",
        `${options.folds} folds leave one without samples: ${together(input.place.length)}`,
      );
  return folds;
}

const together = (units: number): string =>
  `samples that share a group or content go together, and so there are ${units} to share out`;

/** A split that was asked for has samples. */
function refuseEmpty(made: Uint8Array, method: ManifestMethod, options: SplitOptions, units: number): void {
  const { train, validation, test } = options.fractions;
  const wanted = isFolded(method) ? [train + validation, 0, test] : [train, validation, test];
  for (const [code, fraction] of wanted.entries())
    if (fraction > 0 && !made.includes(code))
      throw invalid("options.fractions", `${splits[code]} would have no sample: ${together(units)}`);
}

/** `storeManifest` for a dataset that may not grow meanwhile. */
async function storeWhole(...given: Parameters<typeof storeManifest>): Promise<Manifest> {
  const stored = await storeManifest(...given);
  if (stored === "grown") throw grown(given[2]);
  return stored;
}

/**
 * The same split, but that samples that share a content or group, or were `joined`, go together: where they are in
 * several splits they all go to test, or else to validation.
 */
export async function mendManifest(
  actor: Actor,
  { manifest, project, number }: Awaited<ReturnType<typeof requireManifest>>,
  dataset: DatasetRow,
  given: { name: string; notes: string },
  joined: [string, string][],
): Promise<Manifest> {
  const source = { datasetNumber: dataset.number, seed: 0, method: "given" as const, joined };
  const { unit } = await readSplitInput({ ...source, options: splitOptionsSchema.parse({}) });
  const splits = await readSplits(dataset.number, number);
  if (splits.length !== unit.length) throw grown(dataset);
  const header = { ...given, method: "given" as const, seed: manifest.seed, dataset: manifest.dataset };
  const parts = joined.length > 0 ? { joinedPairs: joined.length } : {};
  return storeWhole(actor, project, dataset, mendSplit(splits, unit), { ...header, ...parts, parent: manifest.id });
}

/** The split of each of the dataset's samples in a manifest, in the order of their keys. */
async function readSplits(datasetNumber: number, manifestNumber: number): Promise<Uint8Array> {
  const [{ packed } = { packed: null }] = await connections().sql<{ packed: Buffer | null }[]>`
    select string_agg(set_byte('\\x00'::bytea, 0, case m.split when 'train' then 0 when 'validation' then 1
      when 'test' then 2 else ${LEFT_OUT}::int end), ''::bytea order by d.key) as packed
    from dataset_samples d left join manifest_samples m on m.manifest_number = ${manifestNumber} and m.key = d.key
    where d.dataset_number = ${datasetNumber}`;
  return packed ?? new Uint8Array(0);
}

/** The split of each of the dataset's samples, as a request gave it by key; what it doesn't name is left out. */
async function placeGiven(datasetNumber: number, samples: ManifestSamples): Promise<Uint8Array> {
  const codes: Record<Split, number> = { train: 0, validation: 1, test: 2 };
  const [{ packed } = { packed: null }] = await connections().sql<{ packed: Buffer | null }[]>`
    select string_agg(set_byte('\\x00'::bytea, 0, coalesce(given.split, ${LEFT_OUT}::int)), ''::bytea order by d.key) as packed
    from dataset_samples d
    left join unnest(${samples.key}::text[], ${samples.split.map((split) => codes[split])}::int[]) given(key, split)
      on given.key = d.key
    where d.dataset_number = ${datasetNumber}`;
  return packed ?? new Uint8Array(0);
}

/**
 * Stores the split of a dataset's samples, `[n]` in the order of their keys, and the project's use of it; sealed samples
 * bring no label along. `grown`: the dataset has other samples by now than `splits` was made for, and nothing is stored.
 */
async function storeManifest(
  actor: Actor,
  project: Project,
  dataset: DatasetRow,
  splits: Uint8Array,
  header: Header,
): Promise<Manifest | "grown"> {
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
    await register(tx, actor, project, dataset.id, id, header, counts);
    await enqueueChecks(tx, id);
    return false;
  });
  return isGrown ? "grown" : (await findManifest(project, id))!;
}

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

async function register(
  tx: Executor,
  actor: Actor,
  project: Project,
  datasetId: string,
  manifestId: string,
  { name, method, seed, notes, ...header }: Header,
  counts: Record<Split, number>,
): Promise<void> {
  const text = JSON.stringify({ ...header, method, name, notes, seed });
  const headerDigest = createHash("sha256").update(text).digest("hex");
  const [registered] = await tx
    .insert(manifestRegistrations)
    .values({
      projectId: project.id,
      manifestId,
      datasetId,
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
      subject: `manifest:${manifestId}`,
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

/** One manifest as a project registered it; null if it didn't. */
export async function getManifest(
  actor: Actor,
  projectNamed: string | undefined,
  id: string,
): Promise<Manifest | null> {
  const project = await requireProject(actor, projectNamed);
  authorise(actor, "manifests.read", project.id);
  return findManifest(project, id);
}

/** `getManifest` that throws `not-found`. Also gives what the rows of its samples know it by. */
export async function requireManifest(
  actor: Actor,
  projectNamed: string | undefined,
  id: string,
): Promise<{ manifest: Manifest; project: Project; number: number; datasetNumber: number }> {
  const project = await requireProject(actor, projectNamed);
  authorise(actor, "manifests.read", project.id);
  const manifest = await findManifest(project, id);
  const [row] = await connections()
    .db.select({ number: manifests.number, datasetNumber: datasets.number })
    .from(manifestRegistrations)
    .innerJoin(manifests, eq(manifests.id, manifestRegistrations.manifestId))
    .innerJoin(datasets, eq(datasets.id, manifestRegistrations.datasetId))
    .where(and(eq(manifestRegistrations.projectId, project.id), eq(manifestRegistrations.manifestId, id)));
  if (!manifest || !row) throw new ProblemError("not-found", "this project has registered no manifest with that id");
  return { manifest, project, ...row };
}

/** `getManifest` for who may read the project. */
export async function findManifest(project: Pick<Project, "id" | "slug">, id: string): Promise<Manifest | null> {
  const [found] = await selectManifests(project, eq(manifestRegistrations.manifestId, id));
  return found ?? null;
}

/** The manifests of a project, the newest first, at most 500. */
export async function listManifests(actor: Actor, projectNamed: string | undefined): Promise<Manifest[]> {
  const project = await requireProject(actor, projectNamed);
  authorise(actor, "manifests.read", project.id);
  return selectManifests(project);
}

async function selectManifests(
  project: Pick<Project, "id" | "slug">,
  only?: ReturnType<typeof eq>,
): Promise<Manifest[]> {
  const rows = await connections()
    .db.select()
    .from(manifestRegistrations)
    .innerJoin(manifests, eq(manifests.id, manifestRegistrations.manifestId))
    .innerJoin(datasets, eq(datasets.id, manifestRegistrations.datasetId))
    .leftJoin(manifestVerdicts, eq(manifestVerdicts.manifestId, manifests.id))
    .leftJoin(
      manifestOverrides,
      and(
        eq(manifestOverrides.projectId, manifestRegistrations.projectId),
        eq(manifestOverrides.manifestId, manifestRegistrations.manifestId),
      ),
    )
    .where(and(eq(manifestRegistrations.projectId, project.id), only))
    .orderBy(desc(manifestRegistrations.createdAt), sql`${manifests.number} desc`)
    .limit(500);
  return rows.map((row) => toManifest(project, row));
}

type Joined = {
  manifests: typeof manifests.$inferSelect;
  manifest_registrations: typeof manifestRegistrations.$inferSelect;
  datasets: DatasetRow;
  manifest_verdicts: { verdict: ManifestVerdict } | null;
  manifest_overrides: typeof manifestOverrides.$inferSelect | null;
};

function toManifest(project: Pick<Project, "id" | "slug">, row: Joined): Manifest {
  const { manifests: content, manifest_registrations: registration, datasets: dataset } = row;
  return {
    id: content.id,
    project: project.slug,
    name: registration.name,
    dataset: { name: dataset.name, version: dataset.version },
    method: registration.method as ManifestMethod,
    seed: registration.seed,
    notes: registration.notes,
    headerDigest: registration.headerDigest,
    splitDigests: { train: content.trainDigest, validation: content.validationDigest, test: content.testDigest },
    counts: { train: content.trainCount, validation: content.validationCount, test: content.testCount },
    parent: (registration.header as HeaderParts).parent ?? null,
    verdict: row.manifest_verdicts?.verdict ?? null,
    override: row.manifest_overrides && toOverride(row.manifest_overrides),
    createdAt: registration.createdAt.toISOString(),
  };
}

export const toOverride = (row: typeof manifestOverrides.$inferSelect): NonNullable<Manifest["override"]> => ({
  reason: row.reason,
  by: row.overriddenBy,
  at: row.createdAt.toISOString(),
});

/** The canonical text of a manifest, piece by piece in the order of the keys' bytes. */
export async function* readCanonicalText(
  actor: Actor,
  projectNamed: string | undefined,
  id: string,
): AsyncGenerator<string> {
  const { number } = await requireManifest(actor, projectNamed, id);
  yield ManifestDigest.header;
  let after = "";
  for (;;) {
    const [page] = await connections().sql<{ last: string | null; rows: number; text: string }[]>`
      select max(key) as last, count(*)::int as rows, string_agg(key || E'\t' || encode(content_hash, 'hex') || E'\t' ||
        case split when 'validation' then 'val' else split end || E'\t' || coalesce(label, '') || E'\t' ||
        coalesce("group", '') || E'\n', '') as text
      from (select key, content_hash, split, label, "group" from manifest_samples
        where manifest_number = ${number} and key > ${after} order by key limit ${SAMPLES_A_PAGE}) page`;
    if (!page || page.last === null) return;
    yield page.text;
    if (page.rows < SAMPLES_A_PAGE) return;
    after = page.last;
  }
}

/** The folds of a k-fold's whole as the project registered them, in order; of another manifest none. */
export async function listFolds(
  actor: Actor,
  projectNamed: string,
  id: string,
): Promise<{ id: string; name: string }[]> {
  const { project } = await requireManifest(actor, projectNamed, id);
  return connections().sql<{ id: string; name: string }[]>`
    select manifest_id as id, name from manifest_registrations
    where project_id = ${project.id} and header->>'parent' = ${id} and header ? 'fold'
    order by (header->>'fold')::int`;
}

/** How many runs of a project cite each manifest. */
export async function countCitingRuns(actor: Actor, projectId: string): Promise<Map<string, number>> {
  authorise(actor, "manifests.read", projectId);
  const rows = await connections().sql<{ id: string; n: number }[]>`
    select manifest_id as id, count(*)::int as n from runs
    where project_id = ${projectId} and manifest_id is not null and deleted_at is null group by 1`;
  return new Map(rows.map(({ id, n }) => [id, n]));
}
