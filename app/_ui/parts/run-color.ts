/** A run's own colour, the same on every page: fixed by its id. */

/**
 * Twelve colours that stay apart with protanopia, deuteranopia and tritanopia, and reach 3 to 1 on the light and the
 * dark background alike (WCAG 1.4.11); found by a search over OKLCH, and held by run-color.test.ts.
 */
export const runColors = [
  "#4556d9",
  "#c68206",
  "#4d9c92",
  "#bb1664",
  "#be7ace",
  "#8e5308",
  "#0a6a75",
  "#c65b48",
  "#8a70fc",
  "#f85581",
  "#9832ae",
  "#9066a9",
] as const;

/** Colour of the run with this id: FNV-1a over the whole id, as ids of one moment begin alike. */
export function runColor(runId: string): string {
  let hash = 0x811c9dc5;
  for (const character of runId) {
    hash ^= character.codePointAt(0)!;
    hash = Math.imul(hash, 0x01000193);
  }
  return runColors[(hash >>> 0) % runColors.length]!;
}
