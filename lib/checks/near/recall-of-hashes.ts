/** What a search by hashes finds of altered copies of the set's own images. */

import { alteredCopy } from "../../likeness/altered-copies.ts";
import { correlation, greyOf, hammingHex, imageHashes, isBlank } from "../../likeness/perceptual.ts";
import { wilsonInterval } from "../../statistics/intervals/proportion.ts";
import { seededRandom } from "../../statistics/resampling/random.ts";
import { alterations, type Recall } from "../../wire/data/recall.ts";
import type { Checked } from "../rows/checked.ts";
import { imageSideOf } from "./near-pictures.ts";

const PLANTED = 200;

/** The search finds each pair within `distance` bits, so that a copy is found where its hash, or that of its mirror image, is. */
export async function recallOfHashes(checked: Checked, distance: number, threshold: number): Promise<Recall[]> {
  const how = { imageSide: await imageSideOf(checked), random: seededRandom(1) };
  const images = await someImages(checked);
  const recall: Recall[] = [];
  for (const kind of alterations) {
    let found = 0;
    for (const image of images) {
      const copy = await alteredCopy(image, kind, how);
      const isMirrored = kind === "mirrored";
      const isNominated = distanceOf(image, copy, isMirrored) <= distance;
      if (isNominated && correlation(image, copy, isMirrored) >= threshold) found++;
    }
    const [low, high] = images.length > 0 ? wilsonInterval(found, images.length) : [0, 1];
    if (images.length > 0) recall.push({ kind, planted: images.length, found, low, high });
  }
  return recall;
}

function distanceOf(image: Uint8Array, copy: Uint8Array, isMirrored: boolean): number {
  const [own, other] = [imageHashes(image), imageHashes(copy)];
  const from = isMirrored ? 8 : 0;
  return hammingHex(own.subarray(0, 8).toString("hex"), other.subarray(from, from + 8).toString("hex"));
}

/** Thumbnails in grey of some images, whichever come first by their content's hash. */
async function someImages({ tx, number, datasetNumber }: Checked): Promise<Uint8Array[]> {
  const rows = await tx<{ thumbnail: Buffer }[]>`
    select d.thumbnail from (
      select key from manifest_samples where manifest_number = ${number} order by content_hash limit ${2 * PLANTED}) m
    join dataset_samples d on d.dataset_number = ${datasetNumber} and d.key = m.key
    where d.thumbnail is not null`;
  return rows
    .filter(({ thumbnail }) => !isBlank(thumbnail))
    .slice(0, PLANTED)
    .map(({ thumbnail }) => Uint8Array.from(greyOf(thumbnail), Math.round));
}
