/** Samples from a file: CSV, JSONL or Parquet, staged in the data folder, read apart and added a batch at a time. */
import { eq } from "drizzle-orm";
import { connections } from "../../db/connection.ts";
import { datasets } from "../../db/schema/datasets.ts";
import type { Actor } from "../access/actor.ts";
import { authorise } from "../access/permissions.ts";
import { READ_LIMITS, readSamplesApart } from "../tables/read-samples.ts";
import { type ColumnRole, parseRoles, parseWords, TableError, type TableOptions } from "../wire/alike/table-columns.ts";
import { UPLOAD_BYTES_MAX } from "../wire/base/words.ts";
import type { DatasetUploaded } from "../wire/data/datasets.ts";
import { addSamples, requireDataset } from "./datasets.ts";
import { asProblem, type FileBody, requireFormat, withStaged } from "./staging.ts";

/** How a file is to be read, as the address has it; `""` and null say nothing. */
const uploadParameters = ["target", "columns", "blanks", "missing", "keys", "decimals"] as const;
type UploadParameter = (typeof uploadParameters)[number];
export type UploadQuery = { format: string } & Partial<Record<UploadParameter, string | null>>;

export const uploadQuery = (query: URLSearchParams): UploadQuery => ({
  format: query.get("format") ?? "",
  ...Object.fromEntries(uploadParameters.map((name) => [name, query.get(name)])),
});

/**
 * Adds the samples of a file to a dataset. A row has `key`, and `content_hash`, `text`, or feature columns that are
 * hashed; `label`, `group`, `time`, `split`, `sealed`, `byte_hash` may stand beside. Nothing is added of a file in which a
 * row is wrong. The same file may be sent again. How it was read is kept with the dataset.
 */
export async function uploadSamples(
  actor: Actor,
  datasetId: string,
  query: UploadQuery,
  body: FileBody,
  limits = { ...READ_LIMITS, bytes: UPLOAD_BYTES_MAX },
): Promise<DatasetUploaded> {
  authorise(actor, "manifests.register");
  const format = requireFormat(query.format);
  const dataset = await requireDataset(actor, datasetId);
  const options = asked(() => optionsOf(query));
  return withStaged(body, limits.bytes, async (file) => {
    const total: DatasetUploaded = { added: 0, there: 0, remarks: [] };
    for await (const part of readSamplesApart(file, format, options, limits)) {
      if (part.kind === "table") {
        total.remarks = part.remarks;
        if (dataset.completedAt === null) await keepReading(dataset.id, part.roles, options);
        continue;
      }
      const { added, there } = await addSamples(actor, datasetId, part.samples);
      total.added += added;
      total.there += there;
    }
    return total;
  });
}

const keepReading = (id: string, columns: Record<string, ColumnRole>, options: TableOptions) => {
  const { trim, missing, byLine, decimalComma } = options;
  const left = Object.entries(options.columns).filter(([, role]) => role === "nothing");
  const reading = { columns: { ...columns, ...Object.fromEntries(left) }, trim, missing, byLine, decimalComma };
  return connections().db.update(datasets).set({ reading }).where(eq(datasets.id, id));
};

function asked<Answer>(ask: () => Answer): Answer {
  try {
    return ask();
  } catch (error) {
    throw asProblem(error);
  }
}

function optionsOf(query: UploadQuery): TableOptions {
  const { target, columns, missing } = query;
  return {
    target: target || null,
    columns: parseRoles(columns ?? ""),
    trim: says(query, "blanks", "trim"),
    missing: parseWords(missing ?? ""),
    byLine: says(query, "keys", "lines"),
    decimalComma: says(query, "decimals", "comma"),
  };
}

/** Whether a parameter says the one thing that it may. */
function says(query: UploadQuery, name: UploadParameter, word: string): boolean {
  const said = query[name];
  if (said && said !== word) throw new TableError(name, `${JSON.stringify(said)} is given; ${word} is right`);
  return said === word;
}
