/** CSV for people, who open it in a spreadsheet. Programs read the API instead. */

export type CsvCell = string | number | boolean | null;

/**
 * RFC 4180 with CRLF; numbers in full, null as an empty cell. Text that a spreadsheet would take for a formula
 * (`= + - @`, tab or CR at its beginning) gets a `'` before it.
 */
export function toCsv(header: readonly string[], rows: readonly (readonly CsvCell[])[]): string {
  return csvRows([header, ...rows]);
}

/** As `toCsv`, without a header: what follows of a table that is written piece by piece. */
export const csvRows = (rows: readonly (readonly CsvCell[])[]): string =>
  rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("");

function cell(value: CsvCell): string {
  if (value === null) return "";
  if (typeof value !== "string") return Object.is(value, -0) ? "-0" : String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
