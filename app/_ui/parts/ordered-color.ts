/** Colours of numbers: from blue for the lowest to amber for the highest. Pure. */

/**
 * Even steps through OKLCH from hue 268 to 70 and lightness 0.515 to 0.67, which rises with the number. Each reaches 3 to
 * 1 on the light and the dark background alike (WCAG 1.4.11); held by ordered-color.test.ts.
 */
export const orderedColors = [
  "#3a59d3",
  "#6d51d2",
  "#9249c5",
  "#b143ae",
  "#ca4090",
  "#dc436b",
  "#e64e3e",
  "#df6802",
  "#cc8305",
] as const;

/** Of what has no value. */
export const NO_VALUE_COLOR = "#7f7f88";

/** The colour of the value at `place` of `count` that stand in order. */
export function orderedColor(place: number, count: number): string {
  const at = count <= 1 ? 0 : (place / (count - 1)) * (orderedColors.length - 1);
  const [low, high] = [channels(orderedColors[Math.floor(at)]!), channels(orderedColors[Math.ceil(at)]!)];
  const mixed = low.map((channel, index) => Math.round(channel + (at % 1) * (high[index]! - channel)));
  return `#${mixed.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
}

const channels = (hex: string): number[] => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
