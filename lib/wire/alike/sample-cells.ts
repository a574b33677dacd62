import { type Split, splits } from "../base/splits.ts";

/** Words that say 'missing' in features, groups, labels and the other columns: those that pandas takes for it. */
const missingWords = new Set(
  ["", "NA", "N/A", "n/a", "NaN", "nan", "-NaN", "-nan", "NULL", "null", "None", "<NA>"].concat([
    "#N/A",
    "#N/A N/A",
    "#NA",
    "-1.#IND",
    "-1.#QNAN",
    "1.#IND",
    "1.#QNAN",
  ]),
);

/** Whether a text, blanks round it aside, says that there is nothing. A key and a text say what they say. */
export const isMissingWord = (text: string): boolean => missingWords.has(text.trim());

export const sealedWords = {
  true: ["true", "t", "yes", "y", "1", "1.0"],
  false: ["false", "f", "no", "n", "0", "0.0"],
};

/** Null: nothing is said; undefined: it can't be read, and isn't taken as false: that would show a label that was to be sealed. */
export function sealedIn(text: string | null): boolean | null | undefined {
  const word = text?.trim().toLowerCase() ?? "";
  if (word === "") return null;
  if (sealedWords.true.includes(word)) return true;
  return sealedWords.false.includes(word) ? false : undefined;
}

/** What a reader is told beside a `sealed` that can't be read. */
export const rightSealed = `${[...sealedWords.true, ...sealedWords.false].join(", ")}, or nothing, is right`;
export const rightSplit = `${splits.join(", ")}, or nothing, is right`;

/** What programs call the splits, in any case. */
const splitWords: Record<string, Split> = {
  training: "train",
  val: "validation",
  valid: "validation",
  dev: "validation",
  testing: "test",
};

export function splitIn(text: string | null): Split | null | undefined {
  const word = text?.toLowerCase() ?? null;
  return word === null ? null : (splits.find((one) => one === word) ?? splitWords[word]);
}

/** Seconds since 1970 from March 1973 to the end of 2099: a date written as 20210304, or a year, is none. */
const SECONDS = { min: 100_000_000, max: 4_102_444_799 };
const isoTime = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(Z|[+-]\d\d(?::?\d\d)?)?)?$/i;

/**
 * ISO 8601 in UTC of a time in ISO 8601, which is UTC where it names no zone, or of seconds since 1970. Finer than a
 * millisecond is cut. Null: nothing is said; undefined: it is neither (`rightTime` says what would be).
 */
export function timeIn(text: string | null): string | null | undefined {
  if (text === null) return null;
  if (/^\d+(\.\d+)?$/.test(text)) {
    const seconds = Number(text);
    return seconds >= SECONDS.min && seconds <= SECONDS.max ? new Date(seconds * 1000).toISOString() : undefined;
  }
  const [, year, month, day, hour = "0", minute = "0", second = "0", fraction = "", zone = "Z"] =
    isoTime.exec(text) ?? [];
  if (year === undefined || Number(year) === 0 || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59)
    return undefined;
  // a day that isn't there, such as 30 February, comes out as another
  const date = new Date(`${year}-${month}-${day}T00:00:00Z`);
  if (Number.isNaN(date.getTime()) || date.toISOString().slice(8, 10) !== day) return undefined;
  const offset = offsetMinutes(zone);
  if (offset === undefined) return undefined;
  date.setUTCHours(Number(hour), Number(minute) - offset, Number(second), Number(fraction.padEnd(3, "0").slice(0, 3)));
  const at = date.toISOString();
  // an offset can lead out of the years that four digits write
  return /^(?!0000)\d{4}-/.test(at) ? at : undefined;
}

function offsetMinutes(zone: string): number | undefined {
  if (zone.toUpperCase() === "Z") return 0;
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(3).replace(":", "") || "0")];
  if (hours > 14 || minutes > 59) return undefined;
  return (zone.startsWith("-") ? -1 : 1) * (hours * 60 + minutes);
}

/** What would be right in place of a time that can't be read. */
export function rightTime(text: string): string {
  const right = "ISO 8601, such as 2026-01-31 or 2026-01-31T09:30:00+01:00, or seconds since 1970 are right";
  if (!/^\d+(\.\d+)?$/.test(text)) return right;
  const value = Number(text) / 1000;
  return value >= SECONDS.min && value <= SECONDS.max
    ? `that many milliseconds since 1970 are ${value} seconds, and seconds are right`
    : `${right}, and seconds are those of 1973-03-03 to 2099-12-31`;
}
