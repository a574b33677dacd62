/** Masks of an evaluation: that there is a true one for each sample, and that each predicted one can be held against it. */
import { setImmediate as turn } from "node:timers/promises";
import { connections } from "../../db/connection.ts";
import {
  classesIn,
  decodeMask,
  IGNORED_CLASS,
  type Mask,
  MaskError,
  type MaskSize,
  maskSizeOf,
} from "../datasets/mask-png.ts";
import type { Packed } from "../wire/evaluations/predictions.ts";
import { named, refusal } from "./prediction-rows.ts";
import { NAMED_KEYS } from "./split-keys.ts";
import type { SplitPlace } from "./truth.ts";

/** Bytes of a PNG that say its size. */
const HEAD_BYTES = 64;
const ASKED_AT_ONCE = 5_000;

/** Throws `invalid` unless every sample of the split has a mask, of the classes that the evaluation names. */
export async function requireMaskTruth(place: SplitPlace, classes: string[]): Promise<void> {
  const { sql } = connections();
  const masked = sql`
    manifest_samples m
    left join dataset_samples d on d.dataset_number = ${place.datasetNumber} and d.key = m.key
    where m.manifest_number = ${place.manifestNumber} and m.split = ${place.split}`;
  const missing = await sql<{ key: string; all: number }[]>`
    select m.key, count(*) over ()::int as all from ${masked} and d.mask is null order by m.key limit ${NAMED_KEYS}`;
  if (missing.length > 0)
    throw refusal(
      "task",
      `segmentation needs a mask for each sample; ${missing[0]!.all} of the ${place.split} samples have none: ` +
        `${namesOf(missing, missing[0]!.all)}. Register the dataset as another version, with masks`,
    );
  const beyond = await sql<{ key: string; all: number; most: number }[]>`
    select m.key, count(*) over ()::int as all, max(d.mask_classes) over ()::int as most
    from ${masked} and d.mask_classes > ${classes.length}::int order by m.key limit ${NAMED_KEYS}`;
  if (beyond.length > 0)
    throw refusal(
      "classes",
      `${classes.length} are named, and the true masks know ${beyond[0]!.most}; those of ${beyond[0]!.all} samples go beyond: ${namesOf(beyond, beyond[0]!.all)}`,
    );
}

const namesOf = (rows: { key: string }[], all: number): string =>
  named(
    rows.map(({ key }) => key),
    undefined,
    all,
  );

/** Throws `invalid` that names predicted masks which are no PNG, of another size than the true ones, or of other classes. */
export async function requireMasks(
  masks: Packed,
  { place, classes }: { place: SplitPlace; classes: number },
  keys: string[],
): Promise<void> {
  // by what is wrong, with what is right as the first such mask has it
  const wrong = new Map<keyof typeof wrongWords, { right: string; keys: string[] }>();
  const note = (what: keyof typeof wrongWords, right: string, key: string) => {
    const known = wrong.get(what);
    if (known) known.keys.push(key);
    else wrong.set(what, { right, keys: [key] });
  };
  for (let from = 0; from < keys.length; from += ASKED_AT_ONCE) {
    const some = keys.slice(from, from + ASKED_AT_ONCE);
    const sizes = await readSizes(place, some);
    for (const [at, key] of some.entries()) {
      const predicted = await tryDecode(pieceOf(masks, from + at));
      const size = sizes.get(key)!;
      if (typeof predicted === "string") note("unreadable", predicted, key);
      else if (predicted.width !== size.width || predicted.height !== size.height)
        note("size", `${sizeWords(predicted)} where the true one has ${sizeWords(size)}`, key);
      else if (classesIn(predicted) > classes || predicted.pixels.includes(IGNORED_CLASS))
        note("classes", `0 to ${classes - 1} are right`, key);
      // others are served between two masks, however large they are
      await turn();
    }
  }
  for (const [what, { right, keys: whose }] of wrong)
    throw refusal("masks", `${whose.length} ${wrongWords[what]}: ${named(whose)}; of the first: ${right}`);
}

const wrongWords = {
  unreadable: "of the masks can't be read",
  size: "of the masks have another size than the true ones",
  classes: "of the masks have pixels of no class",
};

const sizeWords = ({ width, height }: MaskSize): string => `${width} × ${height}`;

export const pieceOf = ({ offsets, bytes }: Packed, row: number): Uint8Array =>
  bytes.subarray(offsets[row], offsets[row + 1]);

/** The mask, or what is wrong with it. */
async function tryDecode(png: Uint8Array): Promise<Mask | string> {
  try {
    return await decodeMask(png);
  } catch (error) {
    if (error instanceof MaskError) return `it ${error.message}`;
    throw error;
  }
}

async function readSizes({ datasetNumber }: SplitPlace, keys: string[]): Promise<Map<string, MaskSize>> {
  const rows = await connections().sql<{ key: string; head: Buffer }[]>`
    select key, substring(mask from 1 for ${HEAD_BYTES}) as head from dataset_samples
    where dataset_number = ${datasetNumber} and key = any(${keys}::text[])`;
  return new Map(rows.map(({ key, head }) => [key, maskSizeOf(head)]));
}
