/** Whether the server can take a set and its split: asked before the first step, with or without a server. */
import type { z } from "zod";
import { datasetCreateSchema, datasetSamplesSchema } from "../../../lib/wire/data/datasets.ts";
import { manifestCreateSchema } from "../../../lib/wire/data/manifests.ts";

/** What is registered of a sample, in columns. */
export type SampleColumns = {
  key: string[];
  label: (string | null)[];
  group: (string | null)[] | null;
  split?: unknown[];
  contentHash: string[];
} & Record<string, unknown[] | null | undefined>;
type Dataset = { name: string; version: string; description: string };

/** Throws an error that names the sample, its column, what it holds and what is right, by the schemas of the wire itself. */
export function requireRegistrable(dataset: Dataset, columns: SampleColumns): void {
  const named = datasetCreateSchema.safeParse(dataset);
  if (!named.success)
    throw new Error(wordsOf(named.error.issues[0]!, { name: [dataset.name], version: [dataset.version] }));
  const { split: _, ...samples } = columns;
  const result = datasetSamplesSchema.safeParse(samples);
  if (!result.success) throw new Error(`${dataset.name}: ${wordsOf(result.error.issues[0]!, columns)}`);
}

/** The same of a manifest; its samples are those of the dataset. */
export function requireManifest(given: z.input<typeof manifestCreateSchema>): void {
  const result = manifestCreateSchema.safeParse(given);
  const issue = result.error?.issues[0];
  if (!issue) return;
  const [first, ...rest] = issue.path;
  if (first === "samples")
    throw new Error(wordsOf({ ...issue, path: rest }, given.samples as unknown as SampleColumns));
  const name = first === "name" ? "manifestName" : issue.path.join(".");
  throw new Error(`${name} is ${JSON.stringify(given[first as keyof typeof given] ?? null)}; ${issue.message}`);
}

function wordsOf({ path, message }: z.core.$ZodIssue, columns: Record<string, unknown[] | null | undefined>): string {
  const [column, at] = [String(path[0]), path[1] as number | undefined];
  const value = JSON.stringify(columns[column]?.[at ?? 0] ?? null);
  if (at === undefined) return `${column} is ${value}; ${message}`;
  const key = columns.key?.[at];
  const sample = column === "key" ? `sample ${at}` : `sample ${JSON.stringify(key)}`;
  return `${sample} has the ${column} ${value}; ${message}`;
}
