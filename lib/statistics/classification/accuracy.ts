/** Accuracy, plain and balanced. Pure. */
import { because, type Measured } from "../measured.ts";
import { type Counts, marginsOf } from "./confusion.ts";

/** The share of samples that are right, 0–1. Its interval is Wilson's, where samples are independent. */
export function accuracy(counts: Counts): Measured {
  const { right, total } = marginsOf(counts);
  return total === 0 ? because("no-sample") : right / total;
}

/** The mean recall of the classes that have a sample, 0–1 (Brodersen et al. 2010). */
export function balancedAccuracy(counts: Counts): Measured {
  const { rows, diagonal } = marginsOf(counts);
  let [sum, present] = [0, 0];
  for (let at = 0; at < rows.length; at++) {
    if (rows[at] === 0) continue;
    sum += diagonal[at]! / rows[at]!;
    present++;
  }
  return present === 0 ? because("no-sample") : sum / present;
}
