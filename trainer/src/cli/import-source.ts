/** From the kind that an import names to what reads it. */
import { readHoldout } from "../import/holdout/holdout.ts";
import type { Source } from "../import/imported.ts";
import { readMlflow } from "../import/mlflow/mlflow.ts";
import { readNeptune } from "../import/neptune/neptune.ts";
import type { Mapping } from "../import/table/mapping.ts";
import { openTableSource } from "../import/table/table.ts";
import { readTensorboard } from "../import/tensorboard/tensorboard.ts";
import { readWandb } from "../import/wandb/wandb.ts";
import { Misused } from "./exits.ts";

const folders = {
  mlflow: readMlflow,
  tensorboard: readTensorboard,
  wandb: readWandb,
  neptune: readNeptune,
  holdout: readHoldout,
} satisfies Record<string, Source>;
/** A table's format is what the ending of its file says, whichever of these words is used. */
const tables = ["csv", "jsonl", "parquet"] as const;
type FolderKind = keyof typeof folders;
export const importKinds = [...(Object.keys(folders) as FolderKind[]), ...tables] as const;
type ImportKind = (typeof importKinds)[number];

/** `map`: what somebody says of columns; only a table has some. */
export async function openSource(
  kind: ImportKind,
  place: string,
  map: readonly string[],
): Promise<{ source: Source; mapping: Mapping | null }> {
  if (!(kind in folders)) return await openTableSource(place, map);
  if (map.length > 0) throw new Misused(`--map is for tables (${tables.join(", ")}); ${kind} says itself what is what`);
  return { source: folders[kind as FolderKind], mapping: null };
}
