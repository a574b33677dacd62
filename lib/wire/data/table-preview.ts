/** What a table looks like before any of it is stored: first rows, what each column may be, and what would be refused. */
import { z } from "zod";
import { columnRoles } from "../alike/table-columns.ts";
import { timeFormats } from "../alike/time-formats.ts";
import type { Route } from "../base/route.ts";
import { fileQuery } from "./datasets.ts";

/** Why a role is proposed. `kept`: an earlier version of the dataset has it; it is put there by who knows that version. */
export const guessReasons = [
  "named",
  "unique",
  "repeats",
  "times",
  "row-numbers",
  "counts-rows",
  "person",
  "identifier",
  "rest",
  "kept",
] as const;
export type GuessReason = (typeof guessReasons)[number];

const faultSchema = z.object({
  /** The first row that has it, from 1. */
  row: z.int(),
  /** How many rows have it. */
  rows: z.int(),
  /** The cell; null: it is empty. */
  value: z.string().nullable(),
  detail: z.string(),
});
export type ColumnFault = z.infer<typeof faultSchema>;

const previewColumnSchema = z.object({
  name: z.string(),
  kind: z.enum(["number", "boolean", "text"]),
  /** Different values; missing ones aside. */
  distinct: z.int(),
  missing: z.int(),
  /** The most frequent values, the first 20. */
  values: z.array(z.object({ text: z.string(), rows: z.int() })),
  /** What it seems to be. */
  role: z.enum(columnRoles),
  because: z.enum(guessReasons),
  /** The forms in which all its values are times, each with what the first of them says. */
  times: z.array(z.object({ format: z.enum(timeFormats), text: z.string(), at: z.string() })),
  /** What would be refused if the column were this; the first different values. */
  faults: z.partialRecord(z.enum(columnRoles), z.array(faultSchema)),
});
export type PreviewColumn = z.infer<typeof previewColumnSchema>;

export const tablePreviewSchema = z
  .object({
    /** Rows that were looked at. */
    rows: z.int(),
    /** Whether they are all of the file. */
    whole: z.boolean(),
    /** Cells of the first rows, in the order of the columns; null: there is none. */
    first: z.array(z.array(z.string().nullable())),
    columns: z.array(previewColumnSchema),
    /** Words that look as if they said 'missing'; `proposed`: they hardly say anything else. */
    missing: z.array(z.object({ word: z.string(), rows: z.int(), column: z.string(), proposed: z.boolean() })),
    /** How the file seems to be meant: blanks round names are cut, rows are called by their lines, `1,5` is 1.5. */
    trim: z.boolean(),
    byLine: z.boolean(),
    decimalComma: z.boolean(),
  })
  .meta({
    id: "TablePreview",
    examples: [
      {
        rows: 1,
        whole: true,
        first: [["a"]],
        columns: [
          {
            name: "key",
            kind: "text",
            distinct: 1,
            missing: 0,
            values: [{ text: "a", rows: 1 }],
            role: "key",
            because: "named",
            times: [],
            faults: {},
          },
        ],
        missing: [],
        trim: false,
        byLine: false,
        decimalComma: false,
      },
    ],
  });
export type TablePreview = z.infer<typeof tablePreviewSchema>;

export const tablePreviewRoutes = {
  previewTable: {
    method: "POST",
    path: "/api/v1/datasets/preview",
    summary: "What the columns of a file seem to be, and what would be refused. Stores nothing",
    permission: "manifests.register",
    query: [
      ...fileQuery,
      { name: "part", description: "1: the body is the first whole lines of a text file", schema: z.enum(["1"]) },
    ],
    requestBinary: { contentType: "application/octet-stream", description: "The file, or its first lines" },
    response: tablePreviewSchema,
  },
} as const satisfies Record<string, Route>;
