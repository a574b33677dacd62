/** Predicted masks beside the true ones, as the panels take them: image by image, so that two masks are in memory at a time. */
import { setImmediate as turn } from "node:timers/promises";
import { connections } from "../../db/connection.ts";
import { decodeMask, IGNORED_CLASS } from "../datasets/mask-png.ts";
import type { Packed } from "../wire/evaluations/predictions.ts";
import { pieceOf } from "./masks.ts";
import type { SegmentedImage } from "./measures/evaluated.ts";
import { measureImage } from "./measures/segmented-image.ts";
import { type Groups, groupingOf, type SplitPlace } from "./truth.ts";

/** True masks that are asked for at once, which may be some hundred kilobytes each. */
const MASKS_AT_ONCE = 32;

export type ReadImages = { images: SegmentedImage[]; groups: Groups | null; ignoredClass: number | null };

/** Measures every image of the split, in the order of their keys' bytes. `told` hears the share of them that is done. */
export async function readImages(
  place: SplitPlace,
  masks: Packed,
  { samples, classes }: { samples: number; classes: number },
  told: (share: number) => Promise<void>,
): Promise<ReadImages> {
  const images: SegmentedImage[] = [];
  const grouping = groupingOf(samples);
  let isIgnored = false;
  for (let after = ""; images.length < samples; ) {
    const rows = await connections().sql<{ key: string; group: string | null; mask: Buffer }[]>`
      select m.key, m."group", d.mask from manifest_samples m
      join dataset_samples d on d.dataset_number = ${place.datasetNumber} and d.key = m.key
      where m.manifest_number = ${place.manifestNumber} and m.split = ${place.split} and m.key > ${after}
      order by m.key limit ${MASKS_AT_ONCE}`;
    for (const { group, mask } of rows) {
      const [truth, predicted] = [await decodeMask(mask), await decodeMask(pieceOf(masks, images.length))];
      isIgnored ||= truth.pixels.includes(IGNORED_CLASS);
      grouping.add(group, images.length);
      images.push(measureImage(truth, predicted, { classes, ignored: IGNORED_CLASS }));
      await turn();
    }
    after = rows.at(-1)!.key;
    await told(images.length / samples);
  }
  return { images, groups: grouping.end(), ignoredClass: isIgnored ? IGNORED_CLASS : null };
}
