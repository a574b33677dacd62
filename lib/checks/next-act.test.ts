import { expect, test } from "vitest";
import type { Check, CheckName, Verdict } from "../wire/data/checks.ts";
import { type NextAct, nextAct } from "./next-act.ts";

const checksOf = (said: Partial<Record<CheckName, Verdict>>): Check[] =>
  (["exact-duplicates", "near-duplicates", "groups", "time-order", "class-balance", "power"] as const).map((name) => ({
    name,
    verdict: said[name] ?? "pass",
    statements: [],
    figures: {},
    findings: [],
    findingCount: 0,
  }));
const none = { total: 0, confirmed: 0, toldApart: 0 };
const pairs = { total: 3, confirmed: 1, toldApart: 0 };

test.each<[Partial<Record<CheckName, Verdict>>, typeof none, NextAct]>([
  [{}, none, { kind: "cite" }],
  [{ power: "not-applicable" }, none, { kind: "cite" }],
  [{ groups: "block", power: "cannot-tell" }, none, { kind: "repair", check: "groups" }],
  [
    { groups: "block", "class-balance": "block" },
    none,
    { kind: "split-anew", method: "stratified", check: "class-balance" },
  ],
  [{ "time-order": "block" }, none, { kind: "split-anew", method: "time", check: "time-order" }],
  [{ "near-duplicates": "warn" }, pairs, { kind: "judge-pairs", open: 2, check: "near-duplicates" }],
  [{ "near-duplicates": "warn" }, { ...pairs, confirmed: 3 }, { kind: "repair", check: "near-duplicates" }],
  [{ power: "cannot-tell", "class-balance": "warn" }, none, { kind: "look", check: "class-balance" }],
  [{ power: "cannot-tell" }, none, { kind: "look", check: "power" }],
])("of %j the one thing to do is told", (said, counts, act) => {
  expect(nextAct(checksOf(said), counts)).toEqual(act);
});
