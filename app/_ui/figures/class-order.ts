/** How a confusion matrix can be read: what its cells say, and the order of its classes. Pure. */
import type { ConfusionData } from "@/lib/wire/evaluations/confusion.ts";

/** Counts, or shares of the truth, or of the prediction. */
export const cellKinds = ["counts", "rows", "columns"] as const;
export type CellKind = (typeof cellKinds)[number];

export const classOrders = ["given", "samples", "mistakes", "alike"] as const;
export type ClassOrder = (typeof classOrders)[number];

/** `alike`: each class stands beside the one that it is most often mixed up with. */
export function orderClasses({ rows, diagonal, columns, mistakes }: ConfusionData, order: ClassOrder): number[] {
  const given = rows.map((_, at) => at);
  if (order === "given") return given;
  if (order === "samples") return given.sort((a, b) => rows[b]! - rows[a]! || a - b);
  const wrong = (at: number) => rows[at]! + columns[at]! - 2 * diagonal[at]!;
  const byMistakes = given.sort((a, b) => wrong(b) - wrong(a) || a - b);
  if (order === "mistakes") return byMistakes;
  const mixed = new Map<number, Map<number, number>>();
  const add = (a: number, b: number, count: number) => {
    const of = mixed.get(a) ?? new Map<number, number>();
    mixed.set(a, of.set(b, (of.get(b) ?? 0) + count));
  };
  for (const [row, column, count] of mistakes) {
    add(row, column, count);
    add(column, row, count);
  }
  const left = new Set(byMistakes);
  const placed: number[] = [];
  let next: number | undefined = byMistakes[0];
  while (next !== undefined) {
    placed.push(next);
    left.delete(next);
    const near = [...(mixed.get(next) ?? [])].filter(([at]) => left.has(at)).sort((a, b) => b[1] - a[1])[0];
    next = near?.[0] ?? left.values().next().value;
  }
  return placed;
}
