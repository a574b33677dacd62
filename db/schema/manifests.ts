/** Split manifests, their use by projects, and what their checks and people say of them. */
import { sql } from "drizzle-orm";
import {
  boolean,
  check,
  doublePrecision,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  pgView,
  primaryKey,
  text,
  uuid,
} from "drizzle-orm/pg-core";
import { at, bytea, bytewiseText, count, createdAt } from "./columns.ts";
import { datasets, projectDatasets } from "./datasets.ts";
import { projects } from "./projects.ts";

/** The content of a split manifest, the same for every project that registered it. Immutable. */
export const manifests = pgTable("manifests", {
  /** SHA-256 of the canonical bytes, hexadecimal. */
  id: text("id").primaryKey(),
  /** Stands for the id in the rows of its samples, which are many. */
  number: integer("number").notNull().generatedAlwaysAsIdentity().unique("manifests_number_unique"),
  /** The dataset that made it first, whose samples the checks looked at. */
  datasetId: uuid("dataset_id")
    .notNull()
    .references(() => datasets.id),
  trainDigest: text("train_digest").notNull(),
  validationDigest: text("validation_digest").notNull(),
  testDigest: text("test_digest").notNull(),
  trainCount: integer("train_count").notNull(),
  validationCount: integer("validation_count").notNull(),
  testCount: integer("test_count").notNull(),
  createdAt: createdAt(),
});

/**
 * One row a sample. The primary key makes the splits mutually exclusive. Immutable: rows come with the manifest's own,
 * in one transaction, and never later; a trigger holds that a statement at a time.
 */
export const manifestSamples = pgTable(
  "manifest_samples",
  {
    manifestNumber: integer("manifest_number").notNull(),
    key: bytewiseText("key").notNull(),
    split: text("split", { enum: ["train", "validation", "test"] }).notNull(),
    /** Null where there is none, or where it is sealed. */
    label: text("label"),
    /** Samples of one group (a patient, a video) belong in one split. */
    group: text("group"),
    /** When the sample was taken, where that matters. */
    time: at("time"),
    /** SHA-256 of the file, where there is one. */
    byteHash: bytea("byte_hash"),
    /** SHA-256 of the decoded content. */
    contentHash: bytea("content_hash").notNull(),
    /** By which earlier versions knew the same content, 32 bytes each, one after the other; null: by none. */
    earlierHashes: bytea("earlier_hashes"),
  },
  (table) => [
    primaryKey({ name: "manifest_samples_in_one_split", columns: [table.manifestNumber, table.key] }),
    // the samples of a manifest that are known by an earlier hash: of most there are none
    index("manifest_samples_known_before").on(table.manifestNumber).where(sql`earlier_hashes is not null`),
  ],
);

/** A project's use of a manifest, with the header: how it was made. Immutable. */
export const manifestRegistrations = pgTable(
  "manifest_registrations",
  {
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    manifestId: text("manifest_id")
      .notNull()
      .references(() => manifests.id),
    /** Of this project, with the manifest's content; another project may have registered it from a dataset of its own. */
    datasetId: uuid("dataset_id").notNull(),
    name: text("name").notNull(),
    method: text("method").notNull(),
    seed: count("seed"),
    notes: text("notes").notNull(),
    /** How the split was made: fractions, assignment, folds, parent (`ManifestHeader` in lib/wire). */
    header: jsonb("header").notNull().default({}),
    /** SHA-256 of the header's canonical JSON; no part of the manifest's id. */
    headerDigest: text("header_digest").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ name: "manifest_registrations_pk", columns: [table.projectId, table.manifestId] }),
    foreignKey({
      name: "manifest_registrations_of_own_dataset",
      columns: [table.projectId, table.datasetId],
      foreignColumns: [projectDatasets.projectId, projectDatasets.datasetId],
    }),
  ],
);

/** What the checks of a manifest found. Written once by the job that checks; `manifest_verdicts` says what holds now. */
export const manifestReports = pgTable(
  "manifest_reports",
  {
    manifestId: text("manifest_id")
      .primaryKey()
      .references(() => manifests.id),
    /** The gravest verdict of all checks that apply. */
    verdict: text("verdict", { enum: ["pass", "cannot-tell", "warn", "block"] }).notNull(),
    /** `Check[]` of lib/wire: kinds and figures; reports of earlier versions have sentences in their place. */
    checks: jsonb("checks").notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    check("manifest_reports_verdict_known", sql`${table.verdict} in ('pass', 'cannot-tell', 'warn', 'block')`),
  ],
);

/** Samples of two splits that show the same thing, as the check found and compared them; at most 20,000 a manifest. */
export const nearPairs = pgTable(
  "near_pairs",
  {
    manifestNumber: integer("manifest_number").notNull(),
    aKey: bytewiseText("a_key").notNull(),
    bKey: bytewiseText("b_key").notNull(),
    /** Correlation of the images, or Jaccard similarity of the texts, 0–1. */
    similarity: doublePrecision("similarity").notNull(),
    /** One is the mirror image of the other. */
    mirrored: boolean("mirrored").notNull(),
  },
  (table) => [primaryKey({ name: "near_pairs_pk", columns: [table.manifestNumber, table.aKey, table.bKey] })],
);

/** A member's word on a pair; the newest holds. */
export const pairJudgements = pgTable(
  "pair_judgements",
  {
    id: uuid("id").primaryKey(),
    manifestId: text("manifest_id")
      .notNull()
      .references(() => manifests.id),
    aKey: bytewiseText("a_key").notNull(),
    bKey: bytewiseText("b_key").notNull(),
    same: boolean("same").notNull(),
    judgedBy: text("judged_by").notNull(),
    judgedAt: at("judged_at").notNull().defaultNow(),
  },
  (table) => [
    // the judgements of one manifest, in the order in which they were made
    index("pair_judgements_by_manifest").on(table.manifestId, table.id),
    // the newest word on a pair
    index("pair_judgements_by_pair").on(table.aKey, table.bKey, table.id),
  ],
);

/**
 * What holds of a manifest now. Reports are final, and a warning of near duplicates goes where people told all pairs
 * apart, in whichever of the dataset's manifests: then the check counts as it would without pairs (`withoutPairs`).
 */
export const manifestVerdicts = pgView("manifest_verdicts", {
  manifestId: text("manifest_id").notNull(),
  verdict: text("verdict", { enum: ["pass", "cannot-tell", "warn", "block"] }).notNull(),
  /** Every pair that the check of near duplicates found was told apart. False where it found none. */
  isToldApart: boolean("is_told_apart").notNull(),
}).as(sql`
  select r.manifest_id, case when told.apart then (
      select case when bool_or(v = 'warn') then 'warn' when bool_or(v = 'cannot-tell') then 'cannot-tell' else 'pass' end
      from (select case when c->>'name' = 'near-duplicates' then coalesce(c->>'withoutPairs', 'cannot-tell')
        else c->>'verdict' end as v from jsonb_array_elements(r.checks) c) checks)
    else r.verdict end as verdict, told.apart as is_told_apart
  from manifest_reports r
  join manifests m on m.id = r.manifest_id
  cross join lateral (
    select r.verdict = 'warn' and exists (select from near_pairs p where p.manifest_number = m.number)
      and not exists (
        select from near_pairs p where p.manifest_number = m.number and coalesce((
          select j.same from pair_judgements j join manifests other on other.id = j.manifest_id
          where j.a_key = p.a_key and j.b_key = p.b_key and other.dataset_id = m.dataset_id
          order by j.id desc limit 1), true)) as apart) told`);

/** The written word of a member that a blocked manifest is used all the same. Final. */
export const manifestOverrides = pgTable(
  "manifest_overrides",
  {
    projectId: uuid("project_id").notNull(),
    manifestId: text("manifest_id").notNull(),
    reason: text("reason").notNull(),
    overriddenBy: text("overridden_by").notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ name: "manifest_overrides_pk", columns: [table.projectId, table.manifestId] }),
    foreignKey({
      name: "manifest_overrides_registered",
      columns: [table.projectId, table.manifestId],
      foreignColumns: [manifestRegistrations.projectId, manifestRegistrations.manifestId],
    }),
  ],
);

/**
 * A slice of a manifest's validation that a loop's referee alone scores, in a project: trainings leave it out. It is no part
 * of the manifest's id. Final.
 */
export const refereeSplits = pgTable(
  "referee_splits",
  {
    projectId: uuid("project_id").notNull(),
    manifestId: text("manifest_id").notNull(),
    seed: count("seed").notNull(),
    /** Of validation that was asked for, 0–1. */
    share: doublePrecision("share").notNull(),
    samples: integer("samples").notNull(),
    /** SHA-256 of each key followed by a line feed, in the order of the keys' bytes, hexadecimal. */
    digest: text("digest").notNull(),
    /** Which validation samples it has, in the order of the keys' bytes: a byte each, 1 or 0. */
    members: bytea("members").notNull(),
    /** No label of it stands in the manifest: the dataset has them sealed. */
    isSealed: boolean("is_sealed").notNull(),
    registeredBy: text("registered_by").notNull(),
    registeredAt: at("registered_at").notNull().defaultNow(),
  },
  (table) => [primaryKey({ name: "referee_splits_pk", columns: [table.projectId, table.manifestId] })],
);
