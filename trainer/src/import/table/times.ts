/** Times as tables have them: milliseconds since 1970, or null where a cell holds none. */
import type { Json } from "../../../../lib/wire/base/config.ts";
import { numberIn } from "../python.ts";

/** 2001-09-09 to 2100, so that no step and no duration is taken for a time. */
const FROM_MS = 1e12;
const TO_MS = 4.1e12;
/** How many of a unit a millisecond is, or a millisecond of it. */
const units = [1e-3, 1, 1e3, 1e6];

/** Seconds, milliseconds, microseconds or nanoseconds by their size, or ISO 8601; without a zone it is UTC. */
export function timeOf(cell: Json | undefined): number | null {
  const number = numberIn(cell);
  if (number !== null) {
    const ms = units.map((unit) => number / unit).find((time) => time >= FROM_MS && time <= TO_MS);
    return ms === undefined ? null : Math.round(ms);
  }
  if (typeof cell !== "string" || !/^\d{4}-\d\d-\d\d([T ]\d\d:\d\d|$)/.test(cell)) return null;
  const iso = cell
    .trim()
    .replace(" ", "T")
    .replace(/\s*(UTC|GMT)$/, "Z");
  const hasZone = /(Z|[+-]\d\d:?\d\d)$/i.test(iso) || !iso.includes("T");
  const time = Date.parse(hasZone ? iso : `${iso}Z`);
  return Number.isNaN(time) ? null : time;
}
