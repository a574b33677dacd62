/** Round times at an axis. Pure. */
import type { Scale } from "./plane.ts";
import { niceStep, numberTicks, type Ticks } from "./ticks.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const steps = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR),
  ...[1, 2, 4, 7, 14].map((days) => days * DAY),
];
const [MINUTE_S, HOUR_S, DAY_S] = [MINUTE / SECOND, HOUR / SECOND, DAY / SECOND];
const monthSteps = [1, 3, 6];
const MONTH = 30.4 * DAY;
/** The last moment that has a date. */
const LAST = 8.64e15;

/** Of UTC, in milliseconds since 1970. `base` is the day of the first tick where all of them are times of day, its year where they are days. */
export function timeTicks({ from, to }: Pick<Scale, "from" | "to">, most: number): Ticks {
  const least = (to - from) / most;
  const step = steps.find((one) => one >= least);
  if (step === undefined) return calendarTicks(from, Math.min(to, LAST), least);
  const values: number[] = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) values.push(at);
  const first = dayOf(values[0] ?? from);
  if (step >= DAY) return { values, texts: values.map((at) => dayOf(at).slice(-5)), base: first.slice(0, -6) };
  return { values, texts: values.map((at) => timeOf(at, step)), base: first };
}

/** Of seconds since a start; `unit` says how they are written. */
export function durationTicks(scale: Scale, most: number): { ticks: Ticks; unit: string } {
  const { from, to, log } = scale;
  const span = (to - from) * SECOND;
  const step = steps.find((one) => one >= Math.max(SECOND, span / most));
  if (log || to < 2 * MINUTE_S || step === undefined || step < SECOND)
    return { ticks: numberTicks(scale, false, most), unit: "seconds" };
  if (to >= 2 * DAY_S) {
    const { values, texts, base } = numberTicks({ from: from / DAY_S, to: to / DAY_S, log }, false, most);
    return { ticks: { values: values.map((days) => days * DAY_S), texts, base }, unit: "days" };
  }
  const values: number[] = [];
  for (let at = Math.ceil((from * SECOND) / step) * step; at <= to * SECOND; at += step) values.push(at / SECOND);
  const isLong = to >= 2 * HOUR_S;
  const [write, unit] = !isLong ? [minutesOf, "m:ss"] : step >= MINUTE ? [hoursOf, "h:mm"] : [exactOf, "h:mm:ss"];
  return { ticks: { values, texts: values.map(write), base: null }, unit };
}

const two = (part: number): string => String(part).padStart(2, "0");
const minutesOf = (seconds: number): string => `${Math.floor(seconds / 60)}:${two(seconds % 60)}`;
const hoursOf = (seconds: number): string => `${Math.floor(seconds / HOUR_S)}:${two(Math.floor(seconds / 60) % 60)}`;
const exactOf = (seconds: number): string => `${hoursOf(seconds)}:${two(seconds % 60)}`;

/** `09:30`, `09:30:05`, `05.250` of a minute; a day's beginning is its date. */
function timeOf(at: number, step: number): string {
  const time = new Date(at).toISOString().split("T")[1]!;
  if (step < SECOND) return time.slice(6, 12);
  if (step < MINUTE) return time.slice(0, 8);
  return at % DAY === 0 ? dayOf(at).slice(-5) : time.slice(0, 5);
}

/** Beginnings of months, or of years. */
function calendarTicks(from: number, to: number, least: number): Ticks {
  const months = monthSteps.find((one) => one * MONTH >= least) ?? 12 * Math.max(1, niceStep(least / (12 * MONTH)));
  const start = new Date(from).getUTCFullYear() * 12 + new Date(from).getUTCMonth();
  const values: number[] = [];
  for (let month = Math.ceil(start / months) * months; ; month += months) {
    const at = new Date(0).setUTCFullYear(Math.floor(month / 12), month % 12, 1);
    // a month that no date has is none
    if (!(at <= to)) break;
    if (at >= from) values.push(at);
  }
  return { values, texts: values.map((at) => dayOf(at).slice(0, months < 12 ? -3 : -6)), base: null };
}

/** `2026-01-05`; `275760-09-13` without the sign that ISO 8601 has before such a year. */
const dayOf = (at: number): string =>
  new Date(Math.min(at, LAST)).toISOString().replace(/T.*$/, "").replace(/^\+0*/, "");
