/** The colour of each run by its place among all in one column. Pure. */
import { runColors } from "@/app/_ui/parts/run-color.ts";
import { orderOf } from "@/lib/statistics/order.ts";
import type { Column, Towards } from "./columns.ts";

/** Of a run, a place in `palette`; −1: it has no value. */
export type RunColors = { of: Int8Array; palette: readonly string[]; none: string };

const STEPS = 12;
/** From what hardly stands out to what stands out most. */
const ramps = {
  light: ["#c3c7dc", "#8794dd", "#3b4fd1", "#141c5c"],
  dark: ["#3d4054", "#5f6bb5", "#97a4ff", "#f1f3ff"],
} as const;
export const infeasibleColors = { light: "#c02636", dark: "#ff7b86" } as const;
const noneColors = { light: "#9a9aa6", dark: "#63636e" } as const;

export type Theme = keyof typeof ramps;

/** Of the page's background, `#rrggbb` or `#rgb`. */
export const themeOf = (background: string): Theme => (parts(background)[1]! < 128 ? "dark" : "light");

const parts = (hex: string): number[] => {
  const long = hex.length === 4 ? hex.replace(/[^#]/g, "$&$&") : hex;
  return [1, 3, 5].map((at) => Number.parseInt(long.slice(at, at + 2), 16));
};

/** `share` 0–1 along the ramp. */
export function rampColor(theme: Theme, share: number): string {
  const stops = ramps[theme];
  const place = Math.min(1, Math.max(0, share)) * (stops.length - 1);
  const low = Math.min(stops.length - 2, Math.floor(place));
  const [a, b] = [parts(stops[low]!), parts(stops[low + 1]!)];
  const mixed = a.map((channel, at) => Math.round(channel + (b[at]! - channel) * (place - low)));
  return `#${mixed.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
}

/** White or black, whichever is read better on a colour: 4.5 to 1 and more (WCAG 2.2, relative luminance). */
export function inkOn(color: string): string {
  const [red, green, blue] = parts(color).map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
  return luminance > 0.179 ? "#000000" : "#ffffff";
}

/**
 * By rank, so that a few far-off values don't take all colours: the best is the strongest, or the highest where nobody says
 * what is better. Categories have colours of their own, beyond twelve again the same.
 */
export function colorRuns(column: Column | null, towards: Towards | null, theme: Theme, n: number): RunColors {
  const none = noneColors[theme];
  if (!column) return { of: new Int8Array(n).fill(STEPS - 3), palette: rampOf(theme), none };
  if (column.kind === "category") {
    const of = Int8Array.from(column.codes, (code) => (code < 0 ? -1 : code % runColors.length));
    return { of, palette: runColors, none };
  }
  const of = new Int8Array(n).fill(-1);
  const there = [...column.values.keys()].filter((run) => Number.isFinite(column.values[run]!));
  const order = orderOf(Float64Array.from(there, (run) => column.values[run]! * (towards === "min" ? -1 : 1)));
  for (const [rank, at] of order.entries())
    of[there[at]!] = Math.min(STEPS - 1, Math.floor((STEPS * rank) / order.length));
  return { of, palette: rampOf(theme), none };
}

const rampOf = (theme: Theme): string[] =>
  Array.from({ length: STEPS }, (_, step) => rampColor(theme, step / (STEPS - 1)));
