/** Which runs, or groups of runs, the charts draw, and in which colours. The address holds what a reader changed of it. */
import { useEffect, useMemo, useRef, useState } from "react";
import type { Sight } from "@/app/_ui/domain/sight.tsx";
import { useAddress } from "@/app/_ui/parts/address.ts";
import {
  assignSlots,
  type ColorSlots,
  keepSlots,
  lookOfSlot,
  type RunLook,
  readSlots,
  writeSlots,
} from "@/app/_ui/parts/run-color.ts";
import { type GivenSight, SIGHT_SHARED_MAX } from "./sight-address.ts";

/** A run, or a group of runs, that may have curves. */
export type SightItem = {
  /** A run's id, or the short name of a group. */
  key: string;
  name: string;
  /** The colour that somebody chose. */
  color: number | null;
  /** `unit`: the run that it repeats, else itself. */
  runs: { id: string; name: string; startedAt: string | null; unit: string }[];
  /** How many runs there are, `runs` being the newest of them. */
  count: number;
};
export type DrawnItem = SightItem & { look: RunLook };
type SightState = { hidden: readonly string[]; added: readonly string[] };

const noSlots: ColorSlots = new Map();

/**
 * `first` are in sight unless a reader says otherwise, `others` may be brought in. What is in sight has a colour, and is
 * drawn unless it is hidden.
 */
export function useTableSight(
  first: SightItem[],
  others: SightItem[],
  given: GivenSight,
  hasCharts: boolean,
): { sight: Sight; drawn: DrawnItem[] } {
  const [{ hidden, added }, set] = useState<SightState>({ hidden: given.hidden, added: given.shown });
  const inSight = useMemo(() => {
    const there = new Set(first.map(({ key }) => key));
    return [...first, ...others.filter(({ key }) => added.includes(key) && !there.has(key))];
  }, [first, others, added]);
  const slots = useSlots(inSight, given.colors);
  const state = useMemo<SightState & { colors: string }>(() => {
    const chosen = chosenOf(inSight);
    const inOrder = inSight.map(({ key }) => key);
    const fresh = assignSlots(inOrder, noSlots, chosen);
    // what somebody chose stands with the run, and goes with the choice
    const given = [...slots].filter(([key]) => !chosen.has(key));
    const isFresh = given.every(([key, slot]) => fresh.get(key) === slot);
    return { hidden, added, colors: isFresh ? "" : writeSlots(new Map(given)) };
  }, [hidden, added, slots, inSight]);
  useAddress(state, writeSight);
  const drawn = useMemo(
    () =>
      inSight
        .filter(({ key }) => !hidden.includes(key))
        .map((item) => ({ ...item, look: lookOfSlot(slots.get(item.key)!) })),
    [inSight, hidden, slots],
  );
  const sight = useMemo<Sight>(() => {
    const firstKeys = new Set(first.map(({ key }) => key));
    const drawnKeys = new Set(drawn.map(({ key }) => key));
    const looks = new Map([...slots].map(([key, slot]) => [key, lookOfSlot(slot)]));
    const without = (list: readonly string[], key: string) => list.filter((one) => one !== key);
    const toggle = (key: string) => {
      const isOn = drawnKeys.has(key);
      const isFirst = firstKeys.has(key);
      set((before) => ({
        hidden: isOn && isFirst ? [...before.hidden, key] : without(before.hidden, key),
        added: isOn || isFirst ? without(before.added, key) : [...before.added, key],
      }));
    };
    return {
      lookOf: (key) => looks.get(key) ?? null,
      isDrawn: (key) => drawnKeys.has(key),
      toggle: hasCharts ? toggle : null,
    };
  }, [first, drawn, slots, hasCharts]);
  return { sight, drawn };
}

const chosenOf = (items: SightItem[]): Map<string, number> =>
  new Map(items.flatMap(({ key, color }) => (color === null ? [] : [[key, color] as const])));

/** The slots of what is in sight; those of what left are kept as long as nobody else has them. */
function useSlots(inSight: SightItem[], given: string): ColorSlots {
  const kept = useRef<ColorSlots | null>(null);
  const keys = inSight.map(({ key }) => key);
  kept.current ??= readSlots(given, keys);
  const asked = JSON.stringify(inSight.map(({ key, color }) => [key, color]));
  const slots = useMemo(() => {
    const now = JSON.parse(asked) as [string, number | null][];
    const chosen = new Map(now.flatMap(([key, color]) => (color === null ? [] : [[key, color] as const])));
    return assignSlots(
      now.map(([key]) => key),
      kept.current ?? noSlots,
      chosen,
    );
  }, [asked]);
  // a colour that somebody chose is kept by the run, and no longer than it is chosen
  useEffect(() => {
    const free = new Set(
      (JSON.parse(asked) as [string, number | null][]).filter(([, color]) => color === null).map(([key]) => key),
    );
    kept.current = keepSlots(kept.current ?? noSlots, new Map([...slots].filter(([key]) => free.has(key))));
  }, [slots, asked]);
  return slots;
}

function writeSight({ hidden, added, colors }: SightState & { colors: string }, query: URLSearchParams): void {
  for (const name of ["hide", "show", "colors"]) query.delete(name);
  for (const key of hidden.slice(0, SIGHT_SHARED_MAX)) query.append("hide", key);
  for (const key of added.slice(0, SIGHT_SHARED_MAX)) query.append("show", key);
  if (colors) query.set("colors", colors);
}
