/** Seeded randomness: the same numbers on every machine. */
import { createHash } from "node:crypto";

/** A generator of numbers in [0, 1), by mulberry32, seeded with any text or number. */
export function seededRandom(...seed: (string | number)[]): () => number {
  let state = createHash("sha256").update(seed.join("\u001f")).digest().readUInt32LE(0);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The numbers 0 … n−1 in an order drawn by `random` (Fisher and Yates). */
export function shuffled(n: number, random: () => number): Uint32Array {
  const order = Uint32Array.from({ length: n }, (_, index) => index);
  for (let last = n - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [order[last], order[other]] = [order[other]!, order[last]!];
  }
  return order;
}

/** A place in [0, 1) for a unit, by the first 48 bits of SHA-256(seed, 0x1f, unit): the same whatever the order of input. */
export function unitPlace(seed: number, unit: string): number {
  return createHash("sha256").update(`${seed}\u001f${unit}`).digest().readUIntBE(0, 6) / 2 ** 48;
}
