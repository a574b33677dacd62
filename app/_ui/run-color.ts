/** A run's own colour, the same on every page: chosen by its id out of sixteen. */

/**
 * Sixteen colours that differ in lightness as well as hue, so that they are told apart with any colour vision, and
 * that reach 3 to 1 on the light and the dark background alike (WCAG 1.4.11). Held by run-color.test.ts.
 */
export const runColors = ["#3b7dd8", "#d95f02", "#16937a", "#b5489a"] as const;

/** Colour of the run with this id. FNV-1a over the id: ids of one moment share their first digits. */
export function runColor(runId: string): string {
  let hash = 0x811c9dc5;
  for (const character of runId) {
    hash ^= character.codePointAt(0)!;
    hash = Math.imul(hash, 0x01000193);
  }
  return runColors[(hash >>> 0) % runColors.length]!;
}
