/** Datasets: named, versioned sets of samples, added in batches until the dataset is complete. */
import { createHash } from "node:crypto";
import { and, desc, eq, isNotNull, isNull, sql } from "drizzle-orm";
import type { TransactionSql } from "postgres";
import { validate as isUuid, v7 as uuidv7 } from "uuid";
import { connections } from "../../db/connection.ts";
import { datasets, type KeptReading, projectDatasets } from "../../db/schema/datasets.ts";
import type { Actor } from "../access/actor.ts";
import { recordAct } from "../access/audit.ts";
import { authorise, can } from "../access/permissions.ts";
import { reachable } from "../access/reach.ts";
import { imageHashes } from "../likeness/perceptual.ts";
import { invalid, ProblemError, parse } from "../problem.ts";
import { requireProject } from "../projects/projects.ts";
import { cellsIn, featuresText } from "../wire/alike/row-features.ts";
import { columnRoles, type TableReading } from "../wire/alike/table-columns.ts";
import { type Dataset, type DatasetSamples, datasetCreateSchema, datasetSamplesSchema } from "../wire/data/datasets.ts";
import { asWritten, differsInContent, type Fragment } from "./earlier-forms.ts";
import { classesIn, decodeMask, MaskError } from "./mask-png.ts";

type DatasetRow = typeof datasets.$inferSelect;

/**
 * Registers a dataset version for a project. The same again returns what the project has; throws `conflict` where that is
 * temporal or isn't.
 */
export async function createDataset(actor: Actor, input: unknown): Promise<Dataset> {
  authorise(actor, "manifests.register");
  const { temporal, project: named, ...given } = parse(datasetCreateSchema, input);
  const project = await requireProject(actor, named);
  authorise(actor, "manifests.register", project.id);
  const dataset =
    (await findDataset(project.id, given.name, given.version)) ??
    (await insertDataset(actor, project.id, { ...given, temporal: temporal ?? false }));
  if (temporal !== null && temporal !== dataset.temporal) throw otherTemporal(dataset);
  return toDataset(dataset);
}

/** A new dataset of the project, or the one that somebody else registered under this name and version meanwhile. */
async function insertDataset(
  actor: Actor,
  projectId: string,
  given: Pick<DatasetRow, "name" | "version" | "description" | "temporal" | "imageSide">,
): Promise<DatasetRow> {
  const { name, version } = given;
  const insert = connections().db.transaction(async (tx) => {
    const [created] = await tx
      .insert(datasets)
      .values({ id: uuidv7(), ...given })
      .returning();
    await tx.insert(projectDatasets).values({ projectId, datasetId: created!.id, name, version, givenBy: actor.name });
    const subject = `dataset:${created!.id}`;
    await recordAct(tx, actor, { action: "dataset.create", subject, projectId, detail: { name, version } });
    return created!;
  });
  return insert.catch(async (error: unknown) => {
    const meanwhile = await findDataset(projectId, name, version);
    if (!meanwhile) throw error;
    return meanwhile;
  });
}

function otherTemporal({ name, version, temporal }: DatasetRow): ProblemError {
  const detail = `${name} ${version} is registered with temporal ${temporal}; send that, or register another version`;
  return new ProblemError("conflict", `temporal: ${detail}`, [{ field: "temporal", detail }]);
}

/** The dataset version that a project was given, or null. */
export async function findDataset(projectId: string, name: string, version: string): Promise<DatasetRow | null> {
  const { projectId: project, ...given } = projectDatasets;
  const [row] = await connections()
    .db.select({ dataset: datasets })
    .from(projectDatasets)
    .innerJoin(datasets, eq(datasets.id, given.datasetId))
    .where(and(eq(project, projectId), eq(given.name, name), eq(given.version, version)));
  return row?.dataset ?? null;
}

const toDataset = ({ number: _, reading: __, ...row }: DatasetRow): Dataset => ({
  ...row,
  completedAt: row.completedAt?.toISOString() ?? null,
  createdAt: row.createdAt.toISOString(),
});

/**
 * The dataset, for who adds to it. It isn't there (`not-found`) for who reaches no project that was given it, and whoever
 * may register in none of those is refused.
 */
export async function requireDataset(actor: Actor, id: string): Promise<DatasetRow> {
  const [row] = isUuid(id) ? await connections().db.select().from(datasets).where(eq(datasets.id, id)) : [];
  const isKept = actor.kind === "token" || (actor.kind === "member" && actor.projectRoles.size > 0);
  const reached = row && isKept ? await listReached(actor, id) : null;
  if (!row || reached?.length === 0)
    throw new ProblemError("not-found", `there is no dataset with the id ${id} that you may reach`);
  if (reached?.every((project) => !can(actor, "manifests.register", project)))
    authorise(actor, "manifests.register", reached[0]);
  return row;
}

/** The projects that were given a dataset, of those that are there for the actor. */
async function listReached(actor: Actor, datasetId: string): Promise<string[]> {
  const { projectId, datasetId: dataset } = projectDatasets;
  const given = and(eq(dataset, datasetId), reachable(actor, projectId));
  return (await connections().db.select({ projectId }).from(projectDatasets).where(given)).map((row) => row.projectId);
}

/** The datasets that a project was given, the newest first, at most 500. Their samples aren't counted here. */
export async function listDatasets(actor: Actor, projectNamed: string | undefined): Promise<Dataset[]> {
  const project = await requireProject(actor, projectNamed);
  authorise(actor, "manifests.read", project.id);
  const rows = await connections()
    .db.select({ dataset: datasets })
    .from(projectDatasets)
    .innerJoin(datasets, eq(datasets.id, projectDatasets.datasetId))
    .where(eq(projectDatasets.projectId, project.id))
    .orderBy(desc(datasets.createdAt))
    .limit(500);
  return rows.map(({ dataset }) => toDataset(dataset));
}

/** How the newest version of a dataset was read from its file; null: none was, or the project has no such dataset. */
export async function findReading(actor: Actor, projectNamed: string, name: string): Promise<TableReading | null> {
  const project = await requireProject(actor, projectNamed);
  authorise(actor, "manifests.read", project.id);
  const [row] = await connections()
    .db.select({ reading: datasets.reading })
    .from(projectDatasets)
    .innerJoin(datasets, eq(datasets.id, projectDatasets.datasetId))
    .where(and(eq(projectDatasets.projectId, project.id), eq(projectDatasets.name, name), isNotNull(datasets.reading)))
    .orderBy(desc(datasets.createdAt))
    .limit(1);
  return row?.reading ? asReading(row.reading) : null;
}

/** A role that is no longer known is nobody's to propose. */
const asReading = ({ columns, ...reading }: KeptReading): TableReading => ({
  ...reading,
  columns: Object.fromEntries(
    Object.entries(columns).flatMap(([name, kept]) => {
      const role = columnRoles.find((one) => one === kept);
      return role ? [[name, role]] : [];
    }),
  ),
});

/**
 * Adds samples. A sample that is there already, the same in every column that is given, is counted in `there`. Throws
 * `conflict` for a key that is there otherwise, or if the dataset is complete and lacks one of them; then none is added.
 */
export async function addSamples(
  actor: Actor,
  datasetId: string,
  input: unknown,
): Promise<{ added: number; there: number }> {
  authorise(actor, "manifests.register");
  const dataset = await requireDataset(actor, datasetId);
  return storeSamples(dataset, parse(datasetSamplesSchema, input));
}

/** `addSamples` of columns that are parsed, for a caller who is authorised. */
export async function storeSamples(
  dataset: DatasetRow,
  samples: DatasetSamples,
): Promise<{ added: number; there: number }> {
  const { sql } = connections();
  const total = samples.key.length;
  const maskClasses = await maskClassesOf(samples);
  // what waits for the database is a few texts: the many strings of the request are gone by then
  const { text, features, ...columns } = { ...columnsOf(samples), maskClasses };
  const lines = Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, linesOf(column)]));
  const compared = comparedOf(samples);
  return sql.begin(async (tx) => {
    const column = (name: keyof typeof columns) => tx`string_to_array(${lines[name] ?? null}::text, E'\n', '')`;
    const rows = tx`
      select ${dataset.number}::int as dataset_number, key, label, "group", "time"::timestamptz,
        decode(byte_hash, 'hex') as byte_hash, decode(content_hash, 'hex') as content_hash, coalesce(sealed::bool, false) as sealed, given_split,
        decode(image_hash, 'hex') as image_hash, decode(thumbnail, 'base64') as thumbnail, "text", features,
        decode(earlier_hashes, 'hex') as earlier_hashes, decode(mask, 'base64') as mask, mask_classes::smallint as mask_classes
      from unnest(${column("key")}, ${column("label")}, ${column("group")}, ${column("time")}, ${column("byteHash")},
        ${column("contentHash")}, ${column("sealed")}, ${column("split")}, ${column("imageHash")}, ${column("thumbnail")},
        ${text}::text[], ${features}::text[], ${column("earlierHashes")}, ${column("mask")}, ${column("maskClasses")})
        as given(key, label, "group", "time", byte_hash, content_hash, sealed, given_split, image_hash, thumbnail, "text",
          features, earlier_hashes, mask, mask_classes)`;
    const into = tx`(dataset_number, key, label, "group", "time", byte_hash, content_hash, sealed, given_split, image_hash,
      thumbnail, "text", features, earlier_hashes, mask, mask_classes)`;
    // who may find its key there takes three times as long to insert: that is asked of those alone who did
    const inserted = await tx
      .savepoint((all) => all`insert into dataset_samples ${into} ${rows} order by key`)
      .catch((error) => {
        if ((error as { code?: string }).code !== "23505") throw error;
        return tx`insert into dataset_samples ${into} ${rows} order by key on conflict do nothing`;
      })
      .catch((error) => refuseLate(error, dataset));
    if (inserted.count < total) {
      const differing = compared.map((name) => {
        // whether a label or a mask is the sealed one is for no answer to say
        const shown = name === "label" || name === "mask" ? tx`not d.sealed and` : tx``;
        return tx`, case when ${shown} ${differs(tx, name)} then ${name}::text end`;
      });
      const [other] = await tx<{ key: string; fields: Comparable[] }[]>`
        select given.key, f.fields from (${rows}) given
        join dataset_samples d on d.dataset_number = given.dataset_number and d.key = given.key
        cross join lateral (select array_remove(array[null::text ${differing}], null) as fields) f
        where cardinality(f.fields) > 0 limit 1`;
      if (other) refuseOther(dataset, other);
    }
    return { added: inserted.count, there: total - inserted.count };
  });
}

/** Whether a stored column isn't the given one. What an earlier version stored of the same file is the same. */
function differs(tx: TransactionSql, name: Comparable): Fragment {
  const stored = tx(storedAs[name]);
  if (name === "contentHash") return differsInContent(tx);
  // samples of before have none: they stay as they are
  if (name === "mask") return tx`d.mask <> given.mask`;
  if (name !== "label" && name !== "group") return tx`d.${stored} is distinct from given.${stored}`;
  return tx`${asWritten(tx, tx`d.${stored}`)} is distinct from ${asWritten(tx, tx`given.${stored}`)}`;
}

/** Columns of a request that say what a sample is, and those that hold them. */
const storedAs = {
  contentHash: "content_hash",
  byteHash: "byte_hash",
  label: "label",
  group: "group",
  time: "time",
  sealed: "sealed",
  split: "given_split",
  imageHash: "image_hash",
  thumbnail: "thumbnail",
  mask: "mask",
  text: "text",
  features: "features",
} as const;
type Comparable = keyof typeof storedAs;

/** The columns that are given; a content's hash is always known. Not in `storeSamples`, whose closure would hold them. */
const comparedOf = (samples: DatasetSamples): Comparable[] =>
  (Object.keys(storedAs) as Comparable[]).filter(
    // features follow from the content, and aren't everywhere where it is
    (name) => name === "contentHash" || (name !== "features" && samples[name] !== null),
  );

/** What is stored of each key; null where there is none. */
const columnsOf = (samples: DatasetSamples) => ({
  ...samples,
  contentHash: samples.contentHash ?? samples.text!.map((text) => textHash(text!)),
  imageHash: imageHashesOf(samples),
  earlierHashes: samples.earlierHashes?.map((hashes) => hashes?.join("") || null) ?? null,
  text: samples.text?.map((text) => text && normalised(text).slice(0, TEXT_KEPT)) ?? null,
  // the same text for the same cells, whoever wrote the JSON; PostgreSQL knows no character 0
  features: samples.features?.map((text) => text && featuresText(sortedCells(text))) ?? null,
});

const sortedCells = (features: string): [string, string][] =>
  [...cellsIn(features)]
    .map(([name, text]): [string, string] => [name.replaceAll("\0", ""), text.replaceAll("\0", "")])
    .sort(([a], [b]) => (a < b ? -1 : 1));

/** One a line, an empty one for null: nothing but a text is empty or holds a line feed, and an array costs five times this. */
const linesOf = (column: unknown[] | null): string | null => column?.join("\n") ?? null;

const imageHashesOf = ({ key, imageHash, thumbnail }: DatasetSamples): (string | null)[] | null =>
  imageHash || thumbnail ? key.map((_, index) => imageHash?.[index] ?? hashOf(thumbnail?.[index])) : null;

/** How many classes each mask names. Throws `invalid` that names the first which is none. */
async function maskClassesOf({ key, mask }: DatasetSamples): Promise<(number | null)[] | null> {
  if (!mask) return null;
  const classes: (number | null)[] = [];
  for (const [at, text] of mask.entries())
    try {
      classes.push(text === null ? null : classesIn(await decodeMask(Buffer.from(text, "base64"))));
    } catch (error) {
      if (!(error instanceof MaskError)) throw error;
      throw invalid(`mask.${at}`, `${JSON.stringify(key[at])} ${error.message}`);
    }
  return classes;
}

const hashOf = (thumbnail: string | null | undefined): string | null =>
  thumbnail ? imageHashes(Buffer.from(thumbnail, "base64")).toString("hex") : null;

/** Characters of a text that are kept to compare it by and to show it. */
const TEXT_KEPT = 4000;
const normalised = (text: string): string => text.normalize("NFC").replaceAll("\0", "");
/** SHA-256 of the text in Unicode's form NFC. */
const textHash = (text: string): string => createHash("sha256").update(text.normalize("NFC")).digest("hex");

function refuseLate(error: unknown, { name, version }: DatasetRow): never {
  if ((error as { code?: string }).code !== "42501") throw error;
  throw new ProblemError(
    "conflict",
    `${name} ${version} is complete: it takes no further sample; register them as another version`,
    [{ field: "version", detail: `${version} is complete; another version is right` }],
    { cause: error },
  );
}

function refuseOther({ name, version }: DatasetRow, { key, fields }: { key: string; fields: Comparable[] }): never {
  const sample = JSON.stringify(key);
  throw new ProblemError(
    "conflict",
    `${name} ${version} has the sample ${sample} already, with another ${fields.join(", ")}`,
    fields.map((field) => ({ field, detail: `${sample} is there with another; register another version` })),
  );
}

/** Says that the dataset has all its samples: from here on splits can be made of it. May be repeated. */
export async function completeDataset(actor: Actor, datasetId: string): Promise<Dataset> {
  authorise(actor, "manifests.register");
  const dataset = await requireDataset(actor, datasetId);
  await connections().db.transaction(async (tx) => {
    const [completed] = await tx
      .update(datasets)
      .set({ completedAt: sql`now()` })
      .where(and(eq(datasets.id, dataset.id), isNull(datasets.completedAt)))
      .returning();
    if (completed)
      await recordAct(tx, actor, {
        action: "dataset.complete",
        subject: `dataset:${dataset.id}`,
        detail: { name: dataset.name, version: dataset.version },
      });
  });
  return toDataset(await requireDataset(actor, dataset.id));
}
