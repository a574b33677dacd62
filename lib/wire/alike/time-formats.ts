/** How the times of a table may be written, and what each form of them says. Pure. */
import { timeIn } from "./sample-cells.ts";

/** `iso`: ISO 8601, or seconds since 1970. The others are for a person to choose: a date may be readable in two of them. */
export const timeFormats = ["iso", "day-first", "month-first", "year-first", "milliseconds", "year"] as const;
export type TimeFormat = (typeof timeFormats)[number];

const numbered = /^(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})\.?(?:[T ,]\s*(.+))?$/;
const clock = /^(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s*([ap]\.?m\.?)?\s*(Z|[+-]\d\d(?::?\d\d)?)?$/i;
const joined = /^(\d{4})(\d\d)(\d\d)$/;

/** ISO 8601 in UTC of a text in this form; null: nothing is said; undefined: it is no such time. */
export function timeAs(format: TimeFormat, text: string | null): string | null | undefined {
  if (text === null || format === "iso") return timeIn(text);
  if (format === "milliseconds")
    return /^\d{11,14}(\.0+)?$/.test(text) ? timeIn(String(Number(text) / 1000)) : undefined;
  if (format === "year") return /^[12]\d{3}(\.0+)?$/.test(text) ? timeIn(`${text.slice(0, 4)}-01-01`) : undefined;
  const day = joined.exec(text) ?? null;
  if (day) return format === "year-first" ? timeIn(`${day[1]}-${day[2]}-${day[3]}`) : undefined;
  const [, first, , second, third, rest] = numbered.exec(text) ?? [];
  if (first === undefined || second === undefined || third === undefined) return undefined;
  const [year, month, date] =
    format === "year-first"
      ? [first, second, third]
      : format === "day-first"
        ? [third, second, first]
        : [third, first, second];
  // two digits of a year may be of two centuries
  if (year.length !== 4 || date.length > 2) return undefined;
  const time = rest === undefined ? "" : clockIn(rest);
  return time === undefined ? undefined : timeIn(`${year}-${month.padStart(2, "0")}-${date.padStart(2, "0")}${time}`);
}

/** The time of a day, as ISO 8601 has it behind the date. */
function clockIn(text: string): string | undefined {
  const [, hour, minute, second = "00", fraction, half, zone = ""] = clock.exec(text.trim()) ?? [];
  if (hour === undefined) return undefined;
  const isHalf = half !== undefined;
  if (isHalf && (Number(hour) < 1 || Number(hour) > 12)) return undefined;
  const hours = isHalf ? (Number(hour) % 12) + (/^p/i.test(half) ? 12 : 0) : Number(hour);
  return `T${String(hours).padStart(2, "0")}:${minute}:${second}${fraction === undefined ? "" : `.${fraction}`}${zone}`;
}

const examples: Record<Exclude<TimeFormat, "iso">, string> = {
  "day-first": "day, month and year, such as 31/01/2026 or 31.1.2026 09:30, are right",
  "month-first": "month, day and year, such as 01/31/2026 or 1/31/2026 9:30 PM, are right",
  "year-first": "year, month and day, such as 2026/01/31 or 20260131, are right",
  milliseconds: "milliseconds since 1970 are right",
  year: "a year of four digits is right",
};

/** What would be right in place of a time that isn't in this form. */
export const rightTimeAs = (format: Exclude<TimeFormat, "iso">): string => examples[format];

/** The forms in which all these texts are times. */
export const formatsOf = (texts: readonly string[]): TimeFormat[] =>
  texts.length === 0 ? [] : timeFormats.filter((format) => texts.every((text) => timeAs(format, text) != null));
