/** At which level each of a stream of tests is made, so that the share of false discoveries stays low. Pure. */
import { InputError } from "../statistics/inputs.ts";

/**
 * How the level falls with the place j = 1, 2, … in the stream. `hyperbolic`: H/((H+j−1)(H+j)), which sums to 1 and falls late;
 * `logarithmic`: of Javanmard and Montanari (2018); `power`: 0.4375/j^1.6 of Ramdas et al. (2018).
 */
export type Decay = { kind: "hyperbolic"; h: number } | { kind: "logarithmic" } | { kind: "power" };

/** The referee's (RIGOUR 4.11). */
export const refereeDecay: Decay = { kind: "hyperbolic", h: 10 };

function shareAt(decay: Decay, place: number): number {
  if (decay.kind === "hyperbolic") return decay.h / ((decay.h + place - 1) * (decay.h + place));
  if (decay.kind === "power") return 0.4374901658 / place ** 1.6;
  return (0.07720838 * Math.log(Math.max(place, 2))) / (place * Math.exp(Math.sqrt(Math.log(place))));
}

export type Tested = { levels: number[]; rejected: boolean[] };

/** Levels in turn, each known before its p-value is looked at: p is rejected where it is at most its level. */
function inTurn(pValues: readonly number[], levelOf: (before: Rejections) => number): Tested {
  const levels: number[] = [];
  const rejected: boolean[] = [];
  for (const [at, p] of pValues.entries()) {
    if (!(p >= 0 && p <= 1)) throw new InputError(`p-value ${at + 1} is ${p}: it must be in 0–1`);
    const level = levelOf({ place: at + 1, p: pValues.slice(0, at), rejected });
    levels.push(level);
    rejected.push(p <= level);
  }
  return { levels, rejected };
}

type Rejections = { place: number; p: readonly number[]; rejected: readonly boolean[] };

/** Places of the rejections before, from 1. */
const rejections = ({ rejected }: Rejections): number[] => rejected.flatMap((was, at) => (was ? [at + 1] : []));

function requireAlpha(alpha: number, start = alpha): void {
  if (!(alpha > 0 && alpha < 1)) throw new InputError(`alpha is ${alpha}: it must be between 0 and 1`);
  if (!(start > 0 && start <= alpha))
    throw new InputError(`the first wealth is ${start}: it must be above 0, up to ${alpha}`);
}

/** LOND (Javanmard and Montanari 2015): also for positively dependent p-values. It starts at alpha and gains slowly. */
export function lond(pValues: readonly number[], { alpha, decay }: { alpha: number; decay: Decay }): Tested {
  requireAlpha(alpha);
  return inTurn(pValues, (before) => alpha * shareAt(decay, before.place) * (rejections(before).length + 1));
}

/**
 * LORD++ (Ramdas et al. 2017): each rejection gives back what the tests after it may spend. Proved for independent p-values.
 * `start`: the wealth at the beginning, up to alpha.
 */
export function lord(
  pValues: readonly number[],
  { alpha, start, decay }: { alpha: number; start: number; decay: Decay },
): Tested {
  requireAlpha(alpha, start);
  return inTurn(pValues, (before) => lordLevel(rejections(before), before.place, { alpha, start, decay }));
}

/** The level of the test at `place` (from 1), after rejections at these places. */
export function lordLevel(
  rejected: readonly number[],
  place: number,
  { alpha, start, decay }: { alpha: number; start: number; decay: Decay },
): number {
  const [first, ...later] = rejected;
  let level = start * shareAt(decay, place);
  if (first !== undefined) level += (alpha - start) * shareAt(decay, place - first);
  for (const at of later) level += alpha * shareAt(decay, place - at);
  return level;
}

/** SAFFRON (Ramdas et al. 2018): as LORD++, and p-values above `lambda` cost nothing. For comparison; no referee uses it. */
export function saffron(
  pValues: readonly number[],
  { alpha, start, lambda, decay }: { alpha: number; start: number; lambda: number; decay: Decay },
): Tested {
  requireAlpha(alpha, start);
  return inTurn(pValues, (before) => {
    const candidatesAfter = (place: number) => before.p.slice(place).filter((p) => p <= lambda).length;
    const [first, ...later] = rejections(before);
    const share = (since: number) => shareAt(decay, before.place - since - candidatesAfter(since));
    let level = start * share(0);
    if (first !== undefined) level += (alpha - start) * share(first);
    for (const at of later) level += alpha * share(at);
    return Math.min(lambda, (1 - lambda) * level);
  });
}
