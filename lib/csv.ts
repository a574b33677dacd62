/** CSV for people, who open it in a spreadsheet. Programs read the API instead, or an export that says it is for them. */

export type CsvCell = string | number | boolean | null;

/** Without it Excel on Windows takes UTF-8 for the code page of its country. */
const BYTE_ORDER_MARK = "\ufeff";

/**
 * RFC 4180 with CRLF, behind a byte order mark; numbers in full, null as an empty cell, empty text as `""`. Text that a
 * spreadsheet would take for a formula (`= + - @`, tab or CR at its beginning) gets a `'` before it, and so does such
 * text behind a `'` of its own: whoever takes one away again has what was there.
 */
export function toCsv(header: readonly string[], rows: readonly (readonly CsvCell[])[]): string {
  return BYTE_ORDER_MARK + csvRows([header, ...rows]);
}

/** As `toCsv`, without a header: what follows of a table that is written piece by piece. */
export const csvRows = (rows: readonly (readonly CsvCell[])[]): string =>
  rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("");

function cell(value: CsvCell): string {
  if (value === null) return "";
  if (typeof value !== "string") return Object.is(value, -0) ? "-0" : String(value);
  const safe = /^'*[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return safe === "" || /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Several texts in one cell: those with a comma or a quote are quoted, as cells of a line are. */
export const listCell = (texts: readonly string[]): string =>
  texts.map((text) => (/[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)).join(", ");
