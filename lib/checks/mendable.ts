import type { Check } from "../wire/data/checks.ts";

/** A block that keeping samples together takes away. */
export const isMendable = ({ name, verdict }: Pick<Check, "name" | "verdict">): boolean =>
  verdict === "block" && (name === "exact-duplicates" || name === "groups");
