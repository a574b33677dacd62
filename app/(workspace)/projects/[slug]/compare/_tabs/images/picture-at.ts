/** Which picture of a run stands at a step. Pure. */

/** Steps with the paths of their files, in order. */
export type Pictures = readonly (readonly [step: number, path: string])[];

/** The picture of the step, or of the nearest step before it; null: the first one comes later. */
export function pictureAt(pictures: Pictures, step: number): { step: number; path: string } | null {
  const found = pictures.findLast(([own]) => own <= step);
  return found ? { step: found[0], path: found[1] } : null;
}

/** Every step that one of them has, in order. */
export const stepsOf = (all: readonly Pictures[]): number[] =>
  [...new Set(all.flatMap((pictures) => pictures.map(([step]) => step)))].sort((a, b) => a - b);
