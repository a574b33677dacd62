/** Whole runs of another tracker, many in one request: what an import sends of runs that the server hasn't. */
import { z } from "zod";
import { runId } from "./base/examples.ts";
import type { Route } from "./base/route.ts";
import { artifactPathSchema, mediaTypeSchema } from "./base/text.ts";
import { uuid } from "./base/words.ts";
import { PREFIX_BYTES_MIN, readPrefix, writeFrame } from "./binary/frame.ts";
import { colorSchema, runCreateSchema, runFinishSchema, tagsSchema, writerCreateSchema } from "./runs.ts";

/** Most runs of a request. */
export const IMPORT_RUNS_MAX = 64;
/** Most bytes of a request's header: it is read in the thread of the requests. */
export const IMPORT_HEADER_BYTES_MAX = 1024 * 1024;
/** Most bytes of a request. A run that is larger comes by the calls of a run. */
export const IMPORT_BYTES_MAX = 16 * 1024 * 1024;
/** Most batches of a run, and most files. */
export const IMPORT_PARTS_MAX = 100;

const sizeSchema = z.int().min(0).max(IMPORT_BYTES_MAX);

/** A run as the calls of a run would bring it: its creation, its one writer, its marks, its end. */
export const importedRunSchema = z
  .object({
    run: runCreateSchema.omit({ project: true, parent: true, status: true, metrics: true }).required({ id: true }),
    writer: writerCreateSchema.pick({ writer: true, environment: true }),
    tags: tagsSchema.default([]),
    color: colorSchema.default(null),
    /** Null: it never ended, as far as its source knows. */
    end: runFinishSchema.nullable().default(null),
    /** Bytes of each of its batches, in their order. */
    batches: z.array(sizeSchema).max(IMPORT_PARTS_MAX).default([]),
    files: z
      .array(z.object({ path: artifactPathSchema, contentType: mediaTypeSchema, bytes: sizeSchema }))
      .max(IMPORT_PARTS_MAX)
      .refine((files) => new Set(files.map(({ path }) => path)).size === files.length, "two files of one path")
      .default([]),
  })
  .refine(({ end, writer }) => end === null || end.writer === null || end.writer === writer.writer, {
    path: ["end", "writer"],
    message: "the run's one writer, or null",
  });

/** What is known of a run before it is held against its schema: which parts of the body are its own. */
const placedSchema = z.looseObject({
  batches: z.array(sizeSchema).default([]),
  files: z.array(z.looseObject({ bytes: sizeSchema })).default([]),
});
const headerSchema = z.object({ runs: z.array(placedSchema).min(1).max(IMPORT_RUNS_MAX) });

/**
 * `stored`: now, all of it. `there`: all of it was there. `other`: something of this id is there that isn't the same, and
 * stays as it is; the calls of a run tell what, and bring what is missing. `refused`: nothing of it is stored, for `why`.
 */
export const importOutcomes = ["stored", "there", "other", "refused"] as const;

export const importedSchema = z
  .object({
    runs: z
      .array(
        z.object({
          /** Null where what was sent names none. */
          id: uuid.nullable(),
          outcome: z.enum(importOutcomes),
          url: z.string().nullable(),
          /** Series that are kept in quarantine. */
          quarantined: z.array(z.string()),
          why: z.string().nullable(),
        }),
      )
      .meta({ description: "in the order of the request" }),
  })
  .meta({
    id: "Imported",
    examples: [
      {
        runs: [
          {
            id: runId,
            outcome: "stored",
            url: `http://127.0.0.1:3000/projects/street-signs/runs/${runId}`,
            quarantined: [],
            why: null,
          },
        ],
      },
    ],
  });

export type Imported = z.infer<typeof importedSchema>;
export type ImportedAnswer = Imported["runs"][number];

export const IMPORT_CONTENT_TYPE = "application/vnd.holdout.runs";

/** "HRN1", little-endian. */
const MAGIC = 0x314e5248;

/** A run on its way: `batches` in their binary form. */
export type OutgoingRun = Omit<z.input<typeof importedRunSchema>, "batches" | "files"> & {
  batches: Uint8Array[];
  files: { path: string; contentType: string; content: Uint8Array }[];
};

/** What a run adds to a request's header. */
export const importHeaderOf = ({ batches, files, ...said }: OutgoingRun): z.input<typeof importedRunSchema> => ({
  ...said,
  batches: batches.map(({ length }) => length),
  files: files.map(({ path, contentType, content }) => ({ path, contentType, bytes: content.length })),
});

/**
 * The body: uint32 magic "HRN1", uint32 header length h, h bytes of JSON (padded with spaces to a multiple of 8), then of
 * each run its batches and its files, one behind the other, of the lengths that the header says.
 */
export function encodeImport(runs: OutgoingRun[]): Uint8Array<ArrayBuffer> {
  const header = { runs: runs.map(importHeaderOf) };
  const start = writeFrame({ magic: MAGIC, prefixBytes: PREFIX_BYTES_MIN }, header, []);
  const parts = runs.flatMap(({ batches, files }) => [...batches, ...files.map(({ content }) => content)]);
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, start.length));
  bytes.set(start);
  let offset = start.length;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

/** What was sent of one run: `said` is for `importedRunSchema`. */
export type SentRun = { said: unknown; batches: Uint8Array[]; files: Uint8Array[] };

/** Reads what `encodeImport` writes, its JSON by `readJson`. Throws an `ImportFormatError` that names the part which is wrong. */
export function decodeImport(bytes: Uint8Array, readJson: (json: Uint8Array) => unknown): SentRun[] {
  if (bytes.length < PREFIX_BYTES_MIN)
    throw new ImportFormatError("body", `${bytes.length} bytes; runs have at least ${PREFIX_BYTES_MIN}`);
  const { magic, headerBytes } = readPrefix(bytes);
  if (magic !== MAGIC) throw new ImportFormatError("body", 'does not begin with "HRN1"');
  const start = PREFIX_BYTES_MIN + headerBytes;
  if (start > bytes.length)
    throw new ImportFormatError("header", `its length ${headerBytes} does not fit a body of ${bytes.length} bytes`);
  if (headerBytes > IMPORT_HEADER_BYTES_MAX)
    throw new ImportFormatError("header", `${headerBytes} bytes; at most ${IMPORT_HEADER_BYTES_MAX}`);
  const header = headerSchema.safeParse(readJson(bytes.subarray(PREFIX_BYTES_MIN, start)));
  if (!header.success) {
    const [issue] = header.error.issues;
    throw new ImportFormatError(issue?.path.join(".") || "header", issue?.message ?? "is not valid");
  }
  let at = start;
  const take = (length: number) => {
    at += length;
    return bytes.subarray(at - length, at);
  };
  const runs = header.data.runs.map((said) => ({
    said,
    batches: said.batches.map(take),
    files: said.files.map(({ bytes: length }) => take(length)),
  }));
  if (at !== bytes.length) throw new ImportFormatError("body", `${bytes.length} bytes; its header describes ${at}`);
  return runs;
}

/** A body of runs that can't be read: `field` is the part, the message what is wrong with it. */
export class ImportFormatError extends Error {
  constructor(
    readonly field: string,
    message: string,
  ) {
    super(message);
    this.name = "ImportFormatError";
  }
}

const VERSIONS_MAX = 1_000;
const words = z
  .string()
  .max(100_000)
  .refine((given) => given.isWellFormed() && !given.includes("\0"), "well-formed text");
const textsSchema = z.record(words.max(250), words).refine((given) => Object.keys(given).length <= 200, "at most 200");
const timeSchema = z.iso.datetime().nullable().default(null);

/** A version of a registered model, under the number that it had. */
export const importedVersionSchema = z.object({
  version: z.int().min(1).max(999_999_999),
  /** The run here that made it, where it came along. */
  run: uuid.nullable().default(null),
  /** The run, and where the files were, as the source says it. */
  runWord: words.max(500).nullable().default(null),
  source: words,
  /** Where among the files of `run` they are now: a folder or a file, "" for all of them; null: they didn't come along. */
  files: z
    .union([z.literal(""), artifactPathSchema])
    .nullable()
    .default(null),
  description: words.default(""),
  tags: textsSchema.default({}),
  stage: z.enum(["none", "staging", "production", "archived"]).default("none"),
  createdAt: timeSchema,
});

export const importedModelSchema = z
  .object({
    name: words.min(1).max(256),
    description: words.default(""),
    tags: textsSchema.default({}),
    createdAt: timeSchema,
    versions: z
      .array(importedVersionSchema)
      .max(VERSIONS_MAX)
      .refine((all) => new Set(all.map(({ version }) => version)).size === all.length, "two versions of one number"),
    /** Which version each name points to. */
    aliases: z
      .array(z.object({ alias: words.min(1).max(256), version: z.int() }))
      .max(VERSIONS_MAX)
      .default([]),
  })
  .meta({
    id: "ImportModel",
    examples: [
      {
        name: "signs",
        description: "of streets",
        tags: { team: "vision" },
        createdAt: "2026-01-05T09:00:00.000Z",
        versions: [
          {
            version: 1,
            run: runId,
            source: "mlflow-artifacts:/1/0a1b/artifacts/model",
            files: "model",
            stage: "production",
          },
        ],
        aliases: [{ alias: "best", version: 1 }],
      },
    ],
  });

export const importedModelAnswerSchema = z
  .object({
    name: z.string(),
    outcome: z.enum(["stored", "there"]).meta({ description: "of the name" }),
    /** Numbers of versions. `other`: one of this number is there that isn't the same, and stays as it is. */
    versions: z.object({ stored: z.array(z.int()), there: z.array(z.int()), other: z.array(z.int()) }),
  })
  .meta({
    id: "ImportedModel",
    examples: [{ name: "signs", outcome: "stored", versions: { stored: [1, 2], there: [], other: [] } }],
  });
export type ImportedModelAnswer = z.infer<typeof importedModelAnswerSchema>;

export const importsRoutes = {
  importModel: {
    method: "POST",
    path: "/api/v1/projects/{project}/models",
    summary:
      "Bring a registered model of another tracker with its versions, under their numbers and times, and the names that point to them. May be repeated; what is there stays",
    permission: "runs.log",
    request: importedModelSchema,
    response: importedModelAnswerSchema,
  },
  importRuns: {
    method: "POST",
    path: "/api/v1/projects/{project}/runs",
    summary:
      "Bring whole runs that were made elsewhere, many at once, with their points and small files. Each is stored whole or refused by itself. May be repeated",
    permission: "runs.log",
    requestBinary: {
      contentType: IMPORT_CONTENT_TYPE,
      description:
        'Runs ("HRN1"): uint32 magic, uint32 header length (little-endian), JSON { runs: [{ run, writer, tags, color, end, batches, files }] } whose parts are the bodies of the calls of a run, then the bytes of each run\'s batches ("HLD2") and files, of the lengths that the header says',
    },
    response: importedSchema,
  },
} as const satisfies Record<string, Route>;
