import { expect, test } from "vitest";
import { type Decided, isApproved, standingOf, stateOf } from "./review-state.ts";

const open = { approvedAt: null, closedAt: null };
const said = (who: string, approves: boolean, stateDigest = "now"): Decided => ({
  approves,
  decidedByActor: who,
  stateDigest,
});

test.each([
  ["nobody said anything", [], "waiting", false],
  ["a yes", [said("b", true)], "waiting", true],
  ["a wish for changes", [said("b", false)], "changes-requested", false],
  ["a yes beside a wish", [said("b", false), said("c", true)], "changes-requested", false],
  ["a wish that became a yes", [said("b", false), said("b", true)], "waiting", true],
  ["a yes to what stood there before", [said("b", true, "then")], "waiting", false],
  ["a wish that was met, and a yes", [said("b", false, "then"), said("c", true)], "waiting", true],
  ["somebody who came back to it", [said("b", true), said("b", false, "then")], "waiting", false],
] as const)("%s", (_, decisions, state, approved) => {
  const standing = standingOf(decisions, "now");
  expect(stateOf(open, standing)).toBe(state);
  expect(isApproved(standing)).toBe(approved);
});
