/** A column whose every place is computed. Pure. */

/** Fills `into` by place. A typed array's own `from` with a function takes twenty times as long. */
export function filled<Column extends { length: number; [at: number]: number }>(
  into: Column,
  valueAt: (at: number) => number,
): Column {
  for (let at = 0; at < into.length; at++) into[at] = valueAt(at);
  return into;
}
