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

/** Where a run's samples lie, and how they are read: as it was trained, but for what is said now. */
export const sourceOf = (given: TableSettings, environment: Record<string, string>): TableSettings => ({
  data: given.data ?? environment.data ?? null,
  target: given.target ?? environment["data target"] ?? null,
  task: given.task ?? (environment["data task"] as TableSettings["task"] | undefined) ?? null,
  columns: given.columns ?? environment["data columns"] ?? null,
  blanks: given.blanks ?? (environment["data blanks"] as TableSettings["blanks"] | undefined) ?? null,
  missing: given.missing ?? environment["data missing"] ?? null,
  decimals: given.decimals ?? (environment["data decimals"] as TableSettings["decimals"] | undefined) ?? null,
});
