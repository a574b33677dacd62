/** The colours of runs: given in order to those in sight, kept while they are shown, or chosen by people. Pure. */

/**
 * Twelve colours that stay apart with protanopia, deuteranopia and tritanopia, and reach 3 to 1 on the light and the
 * dark background alike (WCAG 1.4.11); found by a search over OKLCH, and held by run-color.test.ts.
 */
export const runColors = [
  "#4556d9",
  "#c68206",
  "#4d9c92",
  "#bb1664",
  "#be7ace",
  "#8e5308",
  "#0a6a75",
  "#c65b48",
  "#8a70fc",
  "#f85581",
  "#9832ae",
  "#9066a9",
] as const;

/** What people call them, in the same order. */
export const colorNames = [
  "blue",
  "amber",
  "teal",
  "crimson",
  "orchid",
  "brown",
  "petrol",
  "terracotta",
  "violet",
  "pink",
  "purple",
  "mauve",
] as const;

const COLORS = runColors.length;

/** How the curves of a run, or of a group of them, look. */
export type RunLook = {
  color: string;
  /** How often all colours were given before: 0 for the first twelve. The strokes say it. */
  round: number;
};

/** Places in the order of colours, by the key of a run or group: 0 to 11 are the colours, 12 to 23 the same again. */
export type ColorSlots = ReadonlyMap<string, number>;

export const lookOfSlot = (slot: number): RunLook => ({
  color: runColors[slot % COLORS]!,
  round: Math.floor(slot / COLORS),
});

/** A run where it stands alone: in the colour that somebody chose for it, else in the first. */
export const lookAlone = (chosen: number | null): RunLook => lookOfSlot(chosen ?? 0);

/**
 * Gives each of `shown`, in their order, a slot of its own: what people chose, then what was kept, then the first that is
 * free. Twelve or fewer share no colour unless people chose so. `chosen` are colours, `kept` slots; they may name others.
 */
export function assignSlots(
  shown: readonly string[],
  kept: ColorSlots,
  chosen: ReadonlyMap<string, number>,
): Map<string, number> {
  const given = new Map<string, number>();
  const [slots, colors] = [new Set<number>(), new Set<number>()];
  const give = (key: string, slot: number) => {
    given.set(key, slot);
    slots.add(slot);
    colors.add(slot % COLORS);
  };
  const isFew = shown.length <= COLORS;
  const isFree = (slot: number) => !slots.has(slot) && !(isFew && colors.has(slot % COLORS));
  for (const key of shown) {
    const color = chosen.get(key);
    if (color === undefined) continue;
    let slot = color;
    while (slots.has(slot)) slot += COLORS;
    give(key, slot);
  }
  const keeping = shown.filter((key) => kept.has(key) && !given.has(key));
  // slots of the first twelve come first, as those are the ones to keep where only few are shown
  for (const key of keeping.sort((a, b) => kept.get(a)! - kept.get(b)!))
    if (isFree(kept.get(key)!)) give(key, kept.get(key)!);
  let next = 0;
  for (const key of shown) {
    if (given.has(key)) continue;
    while (!isFree(next)) next++;
    give(key, next);
  }
  return given;
}

/** What to keep once `given` are shown: these, and of those that were kept before the ones whose slot is still free. */
export function keepSlots(kept: ColorSlots, given: ColorSlots): Map<string, number> {
  const taken = new Set(given.values());
  return new Map([...[...kept].filter(([key, slot]) => !given.has(key) && !taken.has(slot)), ...given]);
}

/** So much of a key tells those of a page apart in its address. */
const TAIL = 8;
const tailOf = (key: string): string => key.slice(-TAIL);

/** Slots as an address has them: `1a2b3c4d.0_5e6f7a8b.13`. */
export const writeSlots = (slots: ColorSlots): string =>
  [...slots].map(([key, slot]) => `${tailOf(key)}.${slot}`).join("_");

/** No slot of an address is beyond this. */
const SLOT_MAX = 999;

/** The slots of `keys` that `writeSlots` wrote; what else the text says is passed over. */
export function readSlots(text: string, keys: readonly string[]): Map<string, number> {
  const byTail = new Map<string, number>();
  for (const part of text.split("_")) {
    const [, tail, slot] = /^(.+)\.(\d{1,3})$/.exec(part) ?? [];
    if (tail && Number(slot) <= SLOT_MAX) byTail.set(tail, Number(slot));
  }
  return new Map(
    keys.flatMap((key): [string, number][] => {
      const slot = byTail.get(tailOf(key));
      return slot === undefined ? [] : [[key, slot]];
    }),
  );
}
