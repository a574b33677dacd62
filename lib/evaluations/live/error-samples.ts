/** The samples of a report's lists of errors: their keys, which have a picture, and what training held beside them. */
import { connections } from "../../../db/connection.ts";
import type { Actor } from "../../access/actor.ts";
import { requireManifest } from "../../manifests/manifests.ts";
import { findThumbnailed } from "../../manifests/samples.ts";
import type { ErrorListKind, Errors } from "../../wire/evaluations/errors.ts";
import { requireEvaluation } from "../evaluations.ts";
import { readSplitKeys } from "../split-keys.ts";

export type ErrorSample = {
  key: string;
  truth: number | null;
  predicted: number | null;
  figure: number;
  thumbnail: boolean;
  /** The most alike of its near duplicates in train; null: the checks found none. */
  near: { key: string; similarity: number } | null;
};

export type ErrorSamples = { kind: ErrorListKind; total: number; rows: ErrorSample[] };

/** The first `shown` of each list. */
export async function readErrorSamples(
  actor: Actor,
  { run, evaluation: id }: { run: string; evaluation: string },
  { errors, projectId, shown }: { errors: Errors; projectId: string; shown: number },
): Promise<ErrorSamples[]> {
  const evaluation = await requireEvaluation(actor, run, id);
  const { number, datasetNumber } = await requireManifest(actor, projectId, evaluation.manifest);
  const keys = await readSplitKeys({ manifestNumber: number, split: evaluation.split });
  const lists = errors.lists.map((list) => ({ ...list, rows: list.rows.slice(0, shown) }));
  const all = [...new Set(lists.flatMap(({ rows }) => rows.map(({ sample }) => keys.keyAt(sample))))];
  const [pictured, near] = await Promise.all([findThumbnailed(datasetNumber, all), findNear(number, all)]);
  return lists.map(({ kind, total, rows }) => ({
    kind,
    total,
    rows: rows.map(({ sample, ...row }) => {
      const key = keys.keyAt(sample);
      return { key, ...row, thumbnail: pictured.has(key), near: near.get(key) ?? null };
    }),
  }));
}

type Near = { key: string; near: string; similarity: number };

async function findNear(manifestNumber: number, keys: string[]): Promise<Map<string, ErrorSample["near"]>> {
  const rows = await connections().sql<Near[]>`
    select p.key, p.near, p.similarity from (
      select a_key as key, b_key as near, similarity from near_pairs
      where manifest_number = ${manifestNumber} and a_key = any(${keys}::text[])
      union all
      select b_key, a_key, similarity from near_pairs
      where manifest_number = ${manifestNumber} and b_key = any(${keys}::text[])) p
    join manifest_samples m on m.manifest_number = ${manifestNumber} and m.key = p.near and m.split = 'train'
    order by p.similarity`;
  // the most alike comes last and stays
  return new Map(rows.map(({ key, near, similarity }) => [key, { key: near, similarity }]));
}
