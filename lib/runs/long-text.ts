import { numberWords } from "../words/numbers.ts";

/** Texts that are longer than what a table shows of them. Pure. */

/** Characters of a text by which the table is ordered, and beyond which it is shown cut. */
export const SHOWN_CHARACTERS = 300;
/** As much of a text goes to a page, for whoever points at it; exports have all. */
export const SENT_CHARACTERS = 4_000;

/** A text of more than `SHOWN_CHARACTERS`: up to `SENT_CHARACTERS` of it, and what tells it from every other. */
export type LongText = { text: string; characters: number /** Of the whole in UTF-8. */; sha256: string };
/** What a table has of one value of a run. */
export type CellValue = number | string | null | LongText;

/** What a cell shows: a text that is cut ends in `…`. */
export function shownText(value: CellValue): string {
  if (value === null) return "";
  return typeof value === "object" ? `${shownPart(value.text)}…` : String(value);
}

/** What stands in full beside it; of texts that no pointer reads to their end, that there is more. */
export function wholeText(value: CellValue): string {
  if (value === null || typeof value !== "object") return shownText(value);
  const { text, characters } = value;
  const isAll = characters <= SENT_CHARACTERS;
  return isAll ? text : `${text}… (${numberWords(characters)} characters; the run's page and the CSV have all)`;
}

/** The beginning by which texts are ordered; characters are code points, as PostgreSQL counts them. */
export const shownPart = (text: string): string =>
  text.length <= SHOWN_CHARACTERS ? text : [...text.slice(0, 2 * SHOWN_CHARACTERS)].slice(0, SHOWN_CHARACTERS).join("");

/** The value of an export, which asks for texts as a whole. */
export const plainCell = (value: CellValue): string | number | null =>
  value !== null && typeof value === "object" ? value.text : value;
