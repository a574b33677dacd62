/** What one statement takes: a statement has 65,534 parameters at most. */
const ROWS_A_STATEMENT = 1000;

/** The rows in pieces that a statement can take. */
export function inPieces<Row>(rows: Row[]): Row[][] {
  const count = Math.ceil(rows.length / ROWS_A_STATEMENT);
  return Array.from({ length: count }, (_, at) => rows.slice(at * ROWS_A_STATEMENT, (at + 1) * ROWS_A_STATEMENT));
}
