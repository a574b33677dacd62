/** Rows by an id, in the order in which they came. Pure. */
export function groupedBy<Row, Made>(
  rows: Row[],
  idOf: (row: Row) => string,
  make: (row: Row) => Made,
): Map<string, Made[]> {
  const groups = new Map<string, Made[]>();
  for (const row of rows) {
    const made = make(row);
    const known = groups.get(idOf(row));
    if (known) known.push(made);
    else groups.set(idOf(row), [made]);
  }
  return groups;
}
