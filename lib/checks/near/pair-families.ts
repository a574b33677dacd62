/** Families of near duplicates: pairs that hang together by the samples they share. */

type Pair = { aKey: string; bKey: string };

/** The pairs by family, both in the order in which they come. */
export function familiesOf<One extends Pair>(pairs: One[]): One[][] {
  const parent = new Map<string, string>();
  const root = (key: string): string => {
    let at = key;
    while (parent.has(at)) at = parent.get(at)!;
    return at;
  };
  for (const { aKey, bKey } of pairs) {
    const [a, b] = [root(aKey), root(bKey)];
    if (a !== b) parent.set(b, a);
  }
  const families = new Map<string, One[]>();
  for (const pair of pairs) {
    const family = families.get(root(pair.aKey));
    if (family) family.push(pair);
    else families.set(root(pair.aKey), [pair]);
  }
  return [...families.values()];
}
