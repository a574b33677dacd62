/** The one thing to do about what the checks of a manifest found. Pure. */
import type { Check, CheckName } from "../wire/data/checks.ts";
import { isMendable } from "./mendable.ts";
import type { NearPairCounts } from "./near/near-pairs.ts";

/** `check`: what asks for it. */
export type NextAct =
  | { kind: "repair"; check: CheckName }
  | { kind: "judge-pairs"; open: number; check: CheckName }
  | { kind: "split-anew"; method: "time" | "stratified"; check: CheckName }
  | { kind: "look"; check: CheckName }
  | { kind: "cite" };

/** The gravest finding decides; among equals the first, in the order of the checks. */
export function nextAct(checks: readonly Check[], pairs: NearPairCounts): NextAct {
  const blocking = checks.filter(({ verdict }) => verdict === "block");
  const mendable = blocking.find(isMendable);
  // what stays blocked after a repair is to be split otherwise
  const other = blocking.find((check) => !isMendable(check));
  if (other)
    return { kind: "split-anew", method: other.name === "time-order" ? "time" : "stratified", check: other.name };
  if (mendable) return { kind: "repair", check: mendable.name };
  const warning =
    checks.find(({ verdict }) => verdict === "warn") ?? checks.find(({ verdict }) => verdict === "cannot-tell");
  if (!warning) return { kind: "cite" };
  if (warning.name === "near-duplicates" && pairs.total > 0) {
    const open = pairs.total - pairs.confirmed - pairs.toldApart;
    return open > 0 ? { kind: "judge-pairs", open, check: warning.name } : { kind: "repair", check: warning.name };
  }
  return { kind: "look", check: warning.name };
}
