/** How a split is cut into slices by what the dataset knows of its samples: columns of a table, brightness of images. */
import { connections } from "../../db/connection.ts";
import { askJoined, eachPage, type KeyPage, listPages } from "../datasets/key-pages.ts";
import { cellsIn } from "../wire/alike/row-features.ts";
import type { Cut } from "./measures/evaluated.ts";
import type { SplitPlace } from "./truth.ts";

/** Values that are held at once: columns beyond are left out, by name. */
const VALUES_MAX = 4_000_000;
const COLUMNS_MAX = 20;
/** Thumbnails are read one by one: of more samples brightness is left out. */
const PICTURES_MAX = 200_000;
/** Of more words than these a column is no cut: a slice each would say nothing. */
const WORDS_MAX = 30;
/** Numbers are cut into as many ranges of equal counts. */
const RANGES = 5;

export type Cuts = {
  cuts: Cut[];
  /** Names of columns, or `brightness`, that there was no room for. */
  leftOut: string[];
};

/** Cuts by every column that has few words or is a number, and by brightness where the samples are images. */
export async function readCuts(place: SplitPlace, samples: number): Promise<Cuts> {
  const { sql } = connections();
  const { manifestNumber, datasetNumber, split } = place;
  const [first] = await sql<{ features: string | null; hasPicture: boolean }[]>`
    select d.features, d.thumbnail is not null as "hasPicture" from manifest_samples m
    join dataset_samples d on d.dataset_number = ${datasetNumber} and d.key = m.key
    where m.manifest_number = ${manifestNumber} and m.split = ${split} order by m.key limit 1`;
  if (!first || (first.features === null && !first.hasPicture)) return { cuts: [], leftOut: [] };
  const pages = await listPages(sql`manifest_samples where manifest_number = ${manifestNumber} and split = ${split}`);
  const names = first.features === null ? [] : [...cellsIn(first.features).keys()];
  const taken = names.slice(0, Math.min(COLUMNS_MAX, Math.floor(VALUES_MAX / samples)));
  const columns = taken.length > 0 ? await readColumns(place, pages, taken, samples) : [];
  const isBright = first.hasPicture && samples <= PICTURES_MAX;
  if (isBright) columns.push(await readBrightness(place, pages, samples));
  return {
    cuts: columns.flatMap((column) => cutOf(column) ?? []),
    leftOut: [...names.slice(taken.length), ...(first.hasPicture && !isBright ? ["brightness"] : [])],
  };
}

/** The values of one column: numbers where every value that is there is one, and the words that they came as. */
type Column = { name: string; numbers: Float64Array | null; words: { of: Int32Array; names: string[] } | null };

async function readColumns(place: SplitPlace, pages: KeyPage[], names: string[], samples: number): Promise<Column[]> {
  const filling = names.map((name) => columnFilling(name, samples));
  await eachPage(
    pages,
    ({ after, last }) =>
      askJoined(
        (tx) => tx<{ features: (string | null)[] }[]>`
        select array_agg(d.features order by m.key) as features from manifest_samples m
        left join dataset_samples d on d.dataset_number = ${place.datasetNumber} and d.key = m.key
          and d.key > ${after} and d.key <= ${last}
        where m.manifest_number = ${place.manifestNumber} and m.split = ${place.split}
          and m.key > ${after} and m.key <= ${last}`,
      ),
    ([page], { start }) => {
      for (const [row, features] of page!.features.entries()) {
        const cells = features === null ? null : cellsIn(features);
        for (const [index, name] of names.entries()) filling[index]!.add(start + row, cells?.get(name) ?? "");
      }
    },
  );
  return filling.map((column) => column.end());
}

function columnFilling(name: string, samples: number) {
  const numbers = new Float64Array(samples).fill(Number.NaN);
  const of = new Int32Array(samples).fill(-1);
  const words = new Map<string, number>();
  let isNumeric = true;
  return {
    add(at: number, text: string): void {
      if (text === "") return;
      const number = Number(text);
      if (Number.isFinite(number)) numbers[at] = number;
      else isNumeric = false;
      if (!words.has(text) && words.size <= WORDS_MAX) words.set(text, words.size);
      of[at] = words.get(text) ?? -1;
    },
    end: (): Column => ({
      name,
      numbers: isNumeric ? numbers : null,
      words: words.size <= WORDS_MAX ? { of, names: [...words.keys()] } : null,
    }),
  };
}

/** Mean of a thumbnail's bytes, 0–1. */
async function readBrightness(place: SplitPlace, pages: KeyPage[], samples: number): Promise<Column> {
  const numbers = new Float64Array(samples).fill(Number.NaN);
  await eachPage(
    pages,
    ({ after, last }) =>
      askJoined(
        (tx) => tx<{ thumbnail: Buffer | null }[]>`
        select d.thumbnail from manifest_samples m
        left join dataset_samples d on d.dataset_number = ${place.datasetNumber} and d.key = m.key
          and d.key > ${after} and d.key <= ${last}
        where m.manifest_number = ${place.manifestNumber} and m.split = ${place.split}
          and m.key > ${after} and m.key <= ${last}
        order by m.key`,
      ),
    (rows, { start }) => {
      for (const [row, { thumbnail }] of rows.entries()) if (thumbnail) numbers[start + row] = meanOf(thumbnail) / 255;
    },
  );
  return { name: "brightness", numbers, words: null };
}

function meanOf(bytes: Buffer): number {
  let sum = 0;
  for (const byte of bytes) sum += byte;
  return sum / bytes.length;
}

/** A slice a word where there are few, else ranges of numbers; null where a column tells nothing apart. */
export function cutOf({ name, numbers, words }: Column): Cut | null {
  if (words && words.names.length > 1 && (numbers === null || words.names.length <= RANGES))
    return { by: name, slices: words.names, of: words.of };
  return numbers === null ? null : rangesOf(name, numbers);
}

/** Ranges of equally many samples, NaN in none; null where all are alike. */
export function rangesOf(by: string, numbers: Float64Array): Cut | null {
  const sorted = numbers.filter((number) => !Number.isNaN(number)).sort();
  if (sorted.length === 0) return null;
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
  // equal values stand in one range, so that there may be fewer
  const edges = [...new Set(Array.from({ length: RANGES - 1 }, (_, range) => at((range + 1) / RANGES)))].filter(
    (edge) => edge > sorted[0]!,
  );
  if (edges.length === 0) return null;
  const bounds = [sorted[0]!, ...edges, sorted.at(-1)!];
  const slices = edges.map((_, range) => rangeName(bounds[range]!, bounds[range + 1]!, "to below"));
  slices.push(rangeName(bounds.at(-2)!, bounds.at(-1)!, "to"));
  const of = Int32Array.from(numbers, (number) =>
    Number.isNaN(number) ? -1 : edges.filter((edge) => number >= edge).length,
  );
  return { by, slices, of };
}

const rangeName = (low: number, high: number, between: string): string => `${shortly(low)} ${between} ${shortly(high)}`;
const shortly = (number: number): string => String(Number(number.toPrecision(4)));
