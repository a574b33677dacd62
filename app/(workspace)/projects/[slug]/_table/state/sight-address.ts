/** What an address says of the curves that are shown: it is no part of the view, as a saved view names no runs. Pure. */

/** An address has room for so many runs that are hidden or brought in. */
export const SIGHT_SHARED_MAX = 20;

export type GivenSight = {
  /** Keys of runs or groups that are hidden. */
  hidden: string[];
  /** Keys of those that are shown beside the ones that would be. */
  shown: string[];
  /** The colours that were kept, as `writeSlots` writes them. */
  colors: string;
};

type SearchParams = Record<string, string | string[] | undefined>;
const all = (value: string | string[] | undefined): string[] => (value === undefined ? [] : [value].flat());

export const readSight = ({ hide, show, colors }: SearchParams): GivenSight => ({
  hidden: all(hide).slice(0, SIGHT_SHARED_MAX),
  shown: all(show).slice(0, SIGHT_SHARED_MAX),
  colors: all(colors)[0] ?? "",
});

/** Eight hexadecimal digits that name a group in an address: FNV-1a over its key. */
export function groupName(key: Record<string, unknown>): string {
  let hash = 0x811c9dc5;
  for (const character of JSON.stringify(key)) {
    hash ^= character.codePointAt(0)!;
    hash = Math.imul(hash, 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, "0");
}

/** What a screen shows that has no room for table and charts beside each other. */
export type NarrowPart = "table" | "charts";

export const readNarrowPart = ({ tab }: SearchParams): NarrowPart => (all(tab)[0] === "charts" ? "charts" : "table");
