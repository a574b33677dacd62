/** What always naming the largest class would come to. Pure. */
import type { Panels } from "../../wire/evaluations/panels.ts";

export type Baseline = { class: string; share: number };

/** Null where the task has no classes, or no sample. */
export function baselineOf({ confusion }: Panels["panels"]): Baseline | null {
  if (!confusion) return null;
  const total = confusion.rows.reduce((a, b) => a + b, 0);
  if (total === 0) return null;
  const largest = confusion.rows.reduce((best, count, at) => (count > confusion.rows[best]! ? at : best), 0);
  return { class: confusion.classes[largest]!, share: confusion.rows[largest]! / total };
}
