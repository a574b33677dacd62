/** Datasets and their samples. */
import { z } from "zod";
import { THUMBNAIL_SIDE } from "../alike/thumbnail.ts";
import { digestOf, projectId } from "../base/examples.ts";
import type { Route } from "../base/route.ts";
import { label, longText, text, textWithoutNul } from "../base/text.ts";
import { MANIFEST_SAMPLES_MAX, sha256, splitSchema, time, uuid } from "../base/words.ts";

export const datasetCreateSchema = z
  .object({
    /** Id or slug of the project that it is for; a token's own if absent. */
    project: text(100).optional(),
    name: label(200),
    version: label(100),
    description: longText.default(""),
    /**
     * Whether the future must not be trained on: then a training sample later than a test sample blocks a manifest.
     * Null: as the version that is there has it, and false of a new one.
     */
    temporal: z.boolean().nullable().default(null),
    /** The shorter side, in pixels, of the images that thumbnails are made of; null: unknown. The first word holds. */
    imageSide: z.int().min(1).max(100_000).nullable().default(null),
  })
  .meta({ id: "DatasetCreate", examples: [{ name: "mnist", version: "1", description: "Handwritten digits, 28×28" }] });

export type DatasetCreate = z.input<typeof datasetCreateSchema>;

export const datasetSchema = z
  .object({
    id: uuid,
    name: z.string(),
    version: z.string(),
    description: z.string(),
    temporal: z.boolean(),
    /** The shorter side, in pixels, of the images that thumbnails are made of; null: unknown, or no images. */
    imageSide: z.int().nullable(),
    /** Null: samples may still be added, and no split can be made of them yet. */
    completedAt: time.nullable(),
    createdAt: time,
  })
  .meta({
    id: "Dataset",
    examples: [
      {
        id: projectId,
        name: "mnist",
        version: "1",
        description: "",
        temporal: false,
        imageSide: 28,
        completedAt: "2026-01-05T09:01:00.000Z",
        createdAt: "2026-01-05T09:00:00.000Z",
      },
    ],
  });

export type Dataset = z.infer<typeof datasetSchema>;

export const datasetListSchema = z
  .object({ datasets: z.array(datasetSchema) })
  .meta({ id: "DatasetList", examples: [{ datasets: [] }] });

export const manifestText = label(500);

type Columns = Record<string, unknown[] | null | undefined>;

/** Names the first column that isn't as long as `key`, and the first key that stands twice. */
export function refineColumns(
  { key, ...columns }: { key: string[] } & Columns,
  context: z.RefinementCtx,
  path: string[],
) {
  for (const [name, column] of Object.entries(columns))
    if (column && column.length !== key.length)
      context.addIssue({
        code: "custom",
        path: [...path, name],
        message: `${column.length} entries for ${key.length} keys; one for each key`,
      });
  const seen = new Map<string, number>();
  for (const [index, one] of key.entries()) {
    const first = seen.get(one);
    if (first !== undefined) {
      context.addIssue({
        code: "custom",
        path: [...path, "key", index],
        message: `${JSON.stringify(one)} is already sample ${first}; a key stands in one split, once`,
      });
      return;
    }
    seen.set(one, index);
  }
}

/** Bytes of a thumbnail: grey, or RGB. */
const THUMBNAIL_BYTES = [THUMBNAIL_SIDE ** 2, THUMBNAIL_SIDE ** 2 * 3];

const base64Length = (bytes: number) => 4 * Math.ceil(bytes / 3);

/** 32 × 32 pixels of uint8, row by row, in base64. */
const thumbnailSchema = z
  .base64()
  .refine(
    (text) => THUMBNAIL_BYTES.some((bytes) => base64Length(bytes) === text.length),
    "base64 of 1,024 bytes (32 × 32, grey) or 3,072 (32 × 32, RGB)",
  );

/** A mask has fewer pixels than this has characters, and few are as long as their pixels. */
const MASK_TEXT_MAX = 8 * 2 ** 20;

const maskSchema = z.base64().max(MASK_TEXT_MAX);

const imageHashSchema = z.string().regex(/^[0-9a-f]{32}$/, "32 lower-case hexadecimal digits");

const textSchema = textWithoutNul(200_000);

export const earlierHashesSchema = z.array(sha256).max(8).nullable();

const featuresSchema = z
  .string()
  .max(4000)
  .refine(isRowOfTexts, 'is JSON of names and texts, such as {"age":"52","sex":"male"}');

function isRowOfTexts(text: string): boolean {
  try {
    const row: unknown = JSON.parse(text);
    const isObject = typeof row === "object" && row !== null && !Array.isArray(row);
    return isObject && Object.values(row).every((cell) => typeof cell === "string");
  } catch {
    return false;
  }
}

/** Samples of a dataset in columns of one length. A sample without `contentHash` needs `text`, which is then hashed. */
export const datasetSamplesSchema = z
  .object({
    key: z.array(manifestText).min(1).max(MANIFEST_SAMPLES_MAX),
    label: z.array(manifestText.nullable()).nullable().default(null),
    group: z.array(manifestText.nullable()).nullable().default(null),
    time: z.array(time.nullable()).nullable().default(null),
    byteHash: z.array(sha256.nullable()).nullable().default(null),
    /**
     * SHA-256 of the decoded content: `image h w c uint8` and a line feed before an image's pixels, NFC text, or a row as
     * lib/wire/alike/canonical-row.ts has it.
     */
    contentHash: z.array(sha256).nullable().default(null),
    /** All by which earlier versions of Holdout knew the same content: what they registered is found by it. */
    earlierHashes: z.array(earlierHashesSchema).nullable().default(null),
    /** The label is stored and hidden: no response holds it or lets it be derived. */
    sealed: z.array(z.boolean()).nullable().default(null),
    /** The split that the dataset's maker put the sample in, for method `given` and for `keep`. */
    split: z.array(splitSchema.nullable()).nullable().default(null),
    thumbnail: z.array(thumbnailSchema.nullable()).nullable().default(null),
    /** Perceptual hashes of image and mirror image, 32 hexadecimal digits; null: made of the thumbnail where there is one. */
    imageHash: z.array(imageHashSchema.nullable()).nullable().default(null),
    /**
     * What is true of an image's pixels, for segmentation: an indexed PNG in base64, each pixel the index of a class (of the
     * classes that an evaluation names); 255: nobody says. Of a sealed sample no response holds it. At most 2048 × 2048 pixels.
     */
    mask: z.array(maskSchema.nullable()).nullable().default(null),
    text: z.array(textSchema.nullable()).nullable().default(null),
    /** Of a table's rows: JSON of each feature's name and text, to find near duplicates by; cells beyond 4,000 characters left out. */
    features: z.array(featuresSchema.nullable()).nullable().default(null),
  })
  .superRefine((columns, context) => {
    refineColumns(columns, context, []);
    if (columns.contentHash === null && !columns.text?.every((text) => text !== null))
      context.addIssue({ code: "custom", path: ["contentHash"], message: "is missing; or give every sample a text" });
  })
  .meta({
    id: "DatasetSamples",
    examples: [{ key: ["train/0", "test/0"], label: ["5", "7"], contentHash: [digestOf("b"), digestOf("c")] }],
  });

export type DatasetSamples = z.infer<typeof datasetSamplesSchema>;

export const datasetSamplesAddedSchema = z
  .object({
    /** New. */
    added: z.int(),
    /** There already, the same. */
    there: z.int(),
  })
  .meta({ id: "DatasetSamplesAdded", examples: [{ added: 2, there: 0 }] });

export const datasetUploadedSchema = datasetSamplesAddedSchema
  .extend({
    /** What was left out of the file, and what looks odd in it. */
    remarks: z.array(z.string()),
  })
  .meta({ id: "DatasetUploaded", examples: [{ added: 2, there: 0, remarks: [] }] });

export type DatasetUploaded = z.infer<typeof datasetUploadedSchema>;

export const fileQuery = [
  {
    name: "format",
    description: "csv (also divided by semicolons, tabs or bars), tsv, jsonl or parquet",
    schema: z.enum(["csv", "tsv", "jsonl", "parquet"]),
    required: true,
  },
] as const;

export const datasetsRoutes = {
  createDataset: {
    method: "POST",
    path: "/api/v1/datasets",
    summary: "Register a dataset version for a project. May be repeated",
    permission: "manifests.register",
    request: datasetCreateSchema,
    response: datasetSchema,
  },
  addDatasetSamples: {
    method: "POST",
    path: "/api/v1/datasets/{dataset}/samples",
    summary: "Add samples to a dataset that isn't complete. May be repeated",
    permission: "manifests.register",
    request: datasetSamplesSchema,
    response: datasetSamplesAddedSchema,
  },
  uploadDatasetSamples: {
    method: "POST",
    path: "/api/v1/datasets/{dataset}/upload",
    summary:
      "Add the samples of a file: columns key, label, group, time, split, sealed, byte_hash, content_hash or text",
    permission: "manifests.register",
    query: [
      ...fileQuery,
      { name: "target", description: "the column that is the label; label or target if absent", schema: z.string() },
      {
        name: "columns",
        description:
          "what columns are whose names leave it open: Group:group,Size:feature,row:nothing,day:time-day-first",
        schema: z.string(),
      },
      { name: "blanks", description: "trim: blanks round a key, label or group are cut", schema: z.enum(["trim"]) },
      {
        name: "missing",
        description: "words that say 'missing' besides those that always do: -,?",
        schema: z.string(),
      },
      {
        name: "keys",
        description: "lines: a row is called by its line, as row/2, where no column names it",
        schema: z.enum(["lines"]),
      },
      { name: "decimals", description: "comma: 1,5 is the number 1.5", schema: z.enum(["comma"]) },
    ],
    requestBinary: { contentType: "application/octet-stream", description: "The file, of at most 4 GiB" },
    response: datasetUploadedSchema,
  },
  listDatasets: {
    method: "GET",
    path: "/api/v1/datasets",
    summary: "The datasets that a project was given, the newest first",
    permission: "manifests.read",
    query: [
      { name: "project", description: "id or slug; a token's own project if absent", schema: z.string().max(100) },
    ],
    response: datasetListSchema,
  },
  completeDataset: {
    method: "POST",
    path: "/api/v1/datasets/{dataset}/complete",
    summary: "Say that the dataset has all its samples. May be repeated",
    permission: "manifests.register",
    response: datasetSchema,
  },
} as const satisfies Record<string, Route>;
