/** The cells of a table's row as they are kept, to find near duplicates by and to show them: JSON of name and canonical text. */

/** Characters that are kept of a row: cells beyond them are left out, whole. */
const FEATURES_MAX = 4000;

/** What is kept of a row. `cells` are name and canonical text, in the order of the names; a missing value is empty text. */
export function featuresText(cells: [name: string, text: string][]): string {
  const kept: string[] = [];
  let length = 2;
  for (const [name, text] of cells) {
    const cell = `${JSON.stringify(name)}:${JSON.stringify(text)}`;
    length += cell.length + 1;
    if (length > FEATURES_MAX) break;
    kept.push(cell);
  }
  return `{${kept.join(",")}}`;
}

/** The cells of a kept row by name. */
export const cellsIn = (features: string): Map<string, string> =>
  new Map(Object.entries(JSON.parse(features) as Record<string, string>));
