/** Accuracy, plain and balanced. Pure. */
import { because, type Measured } from "../measured.ts";
import { type Confusion, marginsOf } from "./confusion.ts";

/** The share of samples that are right, 0–1. Its interval is Wilson's, where samples are independent. */
export function accuracy(confusion: Confusion): Measured {
  const { right, total } = marginsOf(confusion);
  return total === 0 ? because("there is no sample") : right / total;
}

/** The mean recall of the classes that have a sample, 0–1 (Brodersen et al. 2010). */
export function balancedAccuracy(confusion: Confusion): Measured {
  const { rows, diagonal } = marginsOf(confusion);
  let [sum, present] = [0, 0];
  for (let at = 0; at < rows.length; at++) {
    if (rows[at] === 0) continue;
    sum += diagonal[at]! / rows[at]!;
    present++;
  }
  return present === 0 ? because("there is no sample") : sum / present;
}
