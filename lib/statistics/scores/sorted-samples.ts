/** Samples in the order of their scores, to be weighted by resample after resample without sorting again. Pure. */

import { filled } from "../filled.ts";
import { orderOf } from "../order.ts";

/** Smallest score first. */
export type SortedSamples = {
  /** By place in that order, where the sample stands in the first model's. */
  place: Uint32Array;
  positive: Uint8Array;
  /** 1 where the next sample has another score. */
  last: Uint8Array;
};

/** By sample, where it stands in the order of these scores. */
export function placesOf(scores: ArrayLike<number>): Uint32Array {
  const order = orderOf(scores);
  const place = new Uint32Array(order.length);
  for (let at = 0; at < order.length; at++) place[order[at]!] = at;
  return place;
}

export function sortedOf(truth: ArrayLike<number>, scores: ArrayLike<number>, place: Uint32Array): SortedSamples {
  const order = orderOf(scores);
  return {
    place: order.map((at) => place[at]!),
    positive: filled(new Uint8Array(order.length), (rank) => truth[order[rank]!]!),
    last: filled(new Uint8Array(order.length), (rank) => (scores[order[rank]!] === scores[order[rank + 1]!] ? 0 : 1)),
  };
}
