/** Answers on a terminal: tables, or names and values, as plain text. What others wrote moves no cursor. */
import type { RunColumns } from "../../../lib/wire/run-columns.ts";
import type { Shown } from "../../../lib/wire/tools/tool.ts";

const CELL_MAX = 60;

/** Control characters and the marks that turn a line around stand as a sign each; line ends, tabs and joiners of letters stay. */
const signed = (text: string): string => text.replace(/[^\P{C}\n\t\u200c\u200d]/gu, "\ufffd");

const cellOf = (value: unknown): string => {
  if (value === null || value === undefined) return "–";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const line = signed(text).replace(/[\n\t]/g, " ");
  return line.length > CELL_MAX ? `${line.slice(0, CELL_MAX - 1)}…` : line;
};

type Row = Record<string, unknown>;
const at = (row: unknown, path: string): unknown =>
  path.split(".").reduce<unknown>((value, part) => (value as Row | null | undefined)?.[part], row);

/** The answer of a tool as lines. A text (CSV, Markdown) goes as it came. */
export function shownAnswer(name: string, answer: unknown, shown?: Shown): string {
  if (typeof answer === "string") return signed(answer).trimEnd();
  if (name === "runs_list") return shownColumns(answer as RunColumns);
  const rows = shown?.list === undefined ? undefined : at(answer, shown.list);
  if (shown && Array.isArray(rows))
    return tableOf(
      shown.fields,
      rows.map((row) => shown.fields.map((path) => at(row, path))),
    );
  return Object.entries(answer as Row)
    .map(([field, value]) => `${field}: ${longCell(value)}`)
    .join("\n");
}

const longCell = (value: unknown): string =>
  value === null ? "–" : signed(typeof value === "string" ? value : JSON.stringify(value)).replace(/\n/g, "\n  ");

function shownColumns({ runs, columns, beyond, leftOut }: RunColumns): string {
  const heads = ["id", "name", "status", ...columns.map(({ name }) => name)];
  const rows = runs.id.map((id, place) => [
    id,
    runs.name[place],
    runs.status[place],
    ...columns.map((column) => {
      if (column.kind === "number") return column.values[place];
      const code = column.codes[place];
      return code === null || code === undefined ? null : column.names[code];
    }),
  ]);
  const more = [
    ...(beyond > 0 ? [`${beyond} more match; --limit shows more of them`] : []),
    ...leftOut.map(({ run, reason }) => `${run} is left out: ${reason}`),
  ];
  return [tableOf(heads, rows), ...more].join("\n");
}

/** Columns as wide as their widest cell; numbers to the right. */
export function tableOf(heads: readonly string[], rows: readonly (readonly unknown[])[]): string {
  if (rows.length === 0) return "none";
  const cells = [heads.map((head) => head), ...rows.map((row) => row.map(cellOf))];
  const widths = heads.map((_, place) => Math.max(...cells.map((row) => [...row[place]!].length)));
  const isNumber = heads.map((_, place) => {
    const kinds = rows.map((row) => (row[place] === null ? "none" : typeof row[place]));
    return kinds.includes("number") && kinds.every((kind) => kind === "number" || kind === "none");
  });
  return cells
    .map((row) =>
      row
        .map((cell, place) => {
          const fill = " ".repeat(widths[place]! - [...cell].length);
          return isNumber[place] ? fill + cell : cell + fill;
        })
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
