/** Words in a table that look as if they said 'missing', besides those that always do. Pure. */
import { numberText } from "../wire/alike/canonical-row.ts";
import { isMissingWord } from "../wire/alike/sample-cells.ts";
import type { TablePreview } from "../wire/data/table-preview.ts";

type SeenColumn = { name: string; values: ReadonlyMap<string, { rows: number }> };

/** A sign alone, or an abbreviation of 'not available': hardly anything else. */
const signs = /^(?:[^\p{L}\p{N}]{1,3}|n\.? ?\/? ?a\.?|n\.? ?d\.?|k\. ?a\.?|s\. ?d\.?)$/iu;
/** Words that may be a class as well. */
const words =
  /^(?:unknown|unk|missing|not (?:available|known|recorded|applicable|done)|nil|none|undefined|unbekannt|fehlt|keine angabe|inconnu|manquant|desconocido|sin dato|sconosciuto|desconhecido|onbekend|未知|不明|неизвестно)$/iu;
/** Numbers that say so where no other is negative. */
const sentinels = ["-1", "-9", "-99", "-999", "-9999"];
const SHOWN = 20;

/** Each word once, with the column that has it most often. A `-` beside a `+` is a value. */
export function findMissingWords(columns: readonly SeenColumn[]): TablePreview["missing"] {
  const found = new Map<string, TablePreview["missing"][number]>();
  for (const { name, values } of columns) {
    const isSigned = [...values.keys()].some((text) => text.trim() === "+");
    const negatives = [...values.keys()].filter((text) => Number(numberText(text) ?? 0) < 0).map((text) => text.trim());
    for (const [text, { rows }] of values) {
      const word = text.trim();
      if (isMissingWord(word)) continue;
      const isSign = signs.test(word) && !(isSigned && word === "-") && word !== "+";
      const isSentinel = sentinels.includes(word) && negatives.every((one) => one === word);
      if (!isSign && !isSentinel && !words.test(word)) continue;
      const before = found.get(word);
      const most = before && before.rows > rows ? before.column : name;
      found.set(word, { word, rows: rows + (before?.rows ?? 0), column: most, proposed: isSign });
    }
  }
  return [...found.values()].toSorted((a, b) => b.rows - a.rows).slice(0, SHOWN);
}
