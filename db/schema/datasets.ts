/** Datasets, the projects that were given them, and their samples. */
import { boolean, index, integer, jsonb, pgTable, primaryKey, smallint, text, unique, uuid } from "drizzle-orm/pg-core";
import { at, bytea, bytewiseText, createdAt } from "./columns.ts";
import { projects } from "./projects.ts";

/** How a table was read: each column's role, and what else was said of it (`TableOptions` in lib/wire/alike/table-columns.ts). */
export type KeptReading = {
  columns: Record<string, string>;
  trim: boolean;
  missing: string[];
  byLine: boolean;
  decimalComma: boolean;
};

/** A named, versioned set of samples. Written by lib/datasets/datasets.ts. */
export const datasets = pgTable("datasets", {
  id: uuid("id").primaryKey(),
  /** Stands for the id in the rows of its samples, which are many. */
  number: integer("number").notNull().generatedAlwaysAsIdentity().unique("datasets_number_unique"),
  name: text("name").notNull(),
  version: text("version").notNull(),
  description: text("description").notNull().default(""),
  /** Samples are in the order of time, and the future must not be trained on: time order is then a block. */
  temporal: boolean("temporal").notNull().default(false),
  /** Shorter side in pixels of the images that the thumbnails are made of; null: its maker didn't say, or none are. */
  imageSide: integer("image_side"),
  /** How its file was read, which the next version's is proposed to be; null: its samples were sent otherwise. */
  reading: jsonb("reading").$type<KeptReading>(),
  /** From here on no sample is added; null: samples still come. */
  completedAt: at("completed_at"),
  createdAt: createdAt(),
});

/** Which projects were given a dataset: they alone reach it. The project that registers one has it from the start. */
export const projectDatasets = pgTable(
  "project_datasets",
  {
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    datasetId: uuid("dataset_id")
      .notNull()
      .references(() => datasets.id),
    /** The dataset's own, which never change: so that a project knows one dataset by them. */
    name: text("name").notNull(),
    version: text("version").notNull(),
    /** Name of the member, token or system that gave it. */
    givenBy: text("given_by").notNull(),
    givenAt: at("given_at").notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ name: "project_datasets_pk", columns: [table.projectId, table.datasetId] }),
    unique("project_datasets_version_unique").on(table.projectId, table.name, table.version),
    // the projects of a dataset
    index("project_datasets_by_dataset").on(table.datasetId),
  ],
);

/**
 * One row a sample. Immutable, and closed once the dataset is complete: a trigger holds that, and the reference to the
 * dataset, a statement at a time (a foreign key would cost as much as the insert).
 */
export const datasetSamples = pgTable(
  "dataset_samples",
  {
    datasetNumber: integer("dataset_number").notNull(),
    key: bytewiseText("key").notNull(),
    /** Hidden where `sealed`: no response holds it. */
    label: text("label"),
    group: text("group"),
    time: at("time"),
    byteHash: bytea("byte_hash"),
    contentHash: bytea("content_hash").notNull(),
    /** By which earlier versions knew the same content, 32 bytes each, one after the other; null: by none. */
    earlierHashes: bytea("earlier_hashes"),
    sealed: boolean("sealed").notNull().default(false),
    /** What split the dataset's maker put the sample in; null: in none. */
    givenSplit: text("given_split", { enum: ["train", "validation", "test"] }),
    /** Perceptual hash of the image and of its mirror image, 8 bytes each (lib/likeness/perceptual.ts); null: no image. */
    imageHash: bytea("image_hash"),
    /** 32 × 32 pixels, uint8, grey (1,024 bytes) or RGB (3,072); null where the sample is no image. */
    thumbnail: bytea("thumbnail"),
    /**
     * What is true of the image's pixels: an indexed PNG, each pixel the index of a class, 255: nobody says. Null: none was
     * given. No response holds it where `sealed`.
     */
    mask: bytea("mask"),
    /** How many classes the mask names, which is its highest index and one; null without a mask. */
    maskClasses: smallint("mask_classes"),
    /** The sample's text, its first 4,000 characters; null where it is none. */
    text: text("text"),
    /** The cells of a table's row, as JSON of name and canonical text (lib/wire/alike/row-features.ts); null: it is none. */
    features: text("features"),
  },
  (table) => [primaryKey({ name: "dataset_samples_once", columns: [table.datasetNumber, table.key] })],
);
