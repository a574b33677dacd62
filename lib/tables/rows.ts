/** What the readers of each format give. */
import type { Cell } from "../wire/alike/canonical-row.ts";

/** `line`: of a text file; of Parquet the row's number from 1. */
export type TableRow = { line: number; cells: Map<string, Cell> };
export const tableFormats = ["csv", "tsv", "jsonl", "parquet"] as const;
export type TableFormat = (typeof tableFormats)[number];
