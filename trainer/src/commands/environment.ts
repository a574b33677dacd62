/** What a run records of the machine and the data that it was trained with. */
import path from "node:path";
import type { DataConfig } from "../config/data.ts";
import { isMadeSet } from "../data/made-sets.ts";
import type { FollowInput } from "./follow.ts";

type TableSettings = Pick<DataConfig, "data" | "target" | "task" | "columns" | "blanks" | "missing" | "decimals">;

export const environmentOf = (
  backend: FollowInput["backend"],
  { data, target, task, columns, blanks, missing, decimals }: TableSettings,
): Record<string, string> => ({
  backend: backend.name,
  "backend chosen": backend.tried
    .map(({ name, taken, reason }) => `${name}: ${taken ? "taken" : "not taken"}, ${reason}`)
    .join("; "),
  "tfjs version": backend.tf.version_core,
  reproducible: backend.reproducible ? "to the bit, on this machine" : "not to the bit",
  ...(data === null ? {} : { data: isMadeSet(data) ? data : path.resolve(data) }),
  ...(target === null ? {} : { "data target": target }),
  ...(task === null ? {} : { "data task": task }),
  ...(columns === null ? {} : { "data columns": columns }),
  ...(blanks === null ? {} : { "data blanks": blanks }),
  ...(missing === null ? {} : { "data missing": missing }),
  ...(decimals === null ? {} : { "data decimals": decimals }),
});
