import { expect, test } from "vitest";
import { NO_VALUE_COLOR, orderedColor, orderedColors } from "./ordered-color.ts";

/** Relative luminance (WCAG 2.2). */
function luminance(hex: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}
const contrast = (a: string, b: string) => {
  const [high, low] = [luminance(a), luminance(b)].sort((one, other) => other - one);
  return (high! + 0.05) / (low! + 0.05);
};

test("every colour, and what lies between two, is told from the light and the dark background", () => {
  const all = [NO_VALUE_COLOR, ...Array.from({ length: 100 }, (_, place) => orderedColor(place, 100))];
  for (const color of all)
    expect(Math.min(contrast(color, "#ffffff"), contrast(color, "#0e0e11")), color).toBeGreaterThan(2.99);
});

test("the lowest and the highest of any number have the ends, and a higher number is never darker by more than a shade", () => {
  for (const count of [2, 3, 9, 40]) {
    const colors = Array.from({ length: count }, (_, place) => orderedColor(place, count));
    expect([colors[0], colors.at(-1)]).toEqual([orderedColors[0], orderedColors.at(-1)]);
    expect(new Set(colors).size).toBe(count);
    const lights = colors.map(luminance);
    for (const [at, light] of lights.entries()) expect(light).toBeGreaterThan((lights[at - 1] ?? 0) - 0.01);
  }
  expect(orderedColor(0, 1)).toBe(orderedColors[0]);
});
