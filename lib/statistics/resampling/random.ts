/** Seeded randomness for tests by permutation: the same numbers on every machine. Pure. */

/** Uniform in [0, 1), by xoshiro128** (Blackman and Vigna 2021) seeded through splitmix32. */
export function seededRandom(seed: number): () => number {
  let mixed = seed | 0;
  const next = () => {
    mixed = (mixed + 0x9e3779b9) | 0;
    let z = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return z ^ (z >>> 15);
  };
  let [a, b, c, d] = [next(), next(), next(), next()];
  const rotate = (x: number, by: number) => (x << by) | (x >>> (32 - by));
  return () => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotate(d, 11);
    return result / 2 ** 32;
  };
}

/** Standard normal, by Marsaglia's polar method. Math.log may differ between engines in the last bit, and so may this. */
export function seededNormal(random: () => number): () => number {
  return () => {
    for (;;) {
      const [x, y] = [2 * random() - 1, 2 * random() - 1];
      const square = x * x + y * y;
      if (square > 0 && square < 1) return x * Math.sqrt((-2 * Math.log(square)) / square);
    }
  };
}

/**
 * The seed of a stream for one purpose, so that no two draws of a report share their numbers: FNV-1a of the purpose, mixed
 * with the seed of the whole.
 */
export function seedOf(seed: number, purpose: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(purpose)) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash ^ Math.imul(seed | 0, 0x9e3779b1)) | 0;
}
