/** Where a review stands, of its decisions. Pure. */
import type { ReviewState } from "../wire/reviews/reviews.ts";

/** A decision, in the order in which they were made. */
export type Decided = { approves: boolean; decidedByActor: string; stateDigest: string };

/** Of each member the newest, of what stands there now: what was decided on before says nothing of it. */
export function standingOf<One extends Decided>(decisions: readonly One[], stateDigest: string): One[] {
  const newest = new Map<string, One>();
  for (const decision of decisions) newest.set(decision.decidedByActor, decision);
  return [...newest.values()].filter((one) => one.stateDigest === stateDigest);
}

/** Approved once somebody says yes to what stands there and nobody asks for a change of it. */
export const isApproved = (standing: readonly Decided[]): boolean =>
  standing.length > 0 && standing.every(({ approves }) => approves);

export function stateOf(
  review: { approvedAt: Date | null; closedAt: Date | null },
  standing: readonly Decided[],
): ReviewState {
  if (review.approvedAt) return "approved";
  if (review.closedAt) return "closed";
  return standing.some(({ approves }) => !approves) ? "changes-requested" : "waiting";
}
