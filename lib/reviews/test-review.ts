/** A review with a thread for tests, as members make them. */
import type { Actor, MemberActor } from "../access/actor.ts";
import { createRule } from "../alerts/rules.ts";
import { newMember } from "../test-workspace.ts";
import { decideReview } from "./decide.ts";
import { askReview } from "./reviews.ts";
import { markReviewSeen } from "./seen.ts";
import { editComment, startThread } from "./threads.ts";

/** A review of a run by `asker`, a thread on the run and a rule by `actor`. */
export async function newReviewed(
  projectId: string,
  runId: string,
  { actor, asker }: { actor: MemberActor; asker: Actor },
): Promise<{ review: string; thread: string; comment: string; alert: string }> {
  const { id: review } = await askReview(asker, projectId, { kind: "runs", subjects: [runId], title: "Which?" });
  const thread = await startThread(actor, projectId, { subject: `run:${runId}`, text: "why?" });
  const { id: alert } = await createRule(actor, projectId, { event: "failed" });
  return { review, thread: thread.id, comment: thread.comments[0]!.id, alert };
}

/** A review that somebody else approved, seen, with a comment that was changed and that names who approved. */
export async function newDecided(projectId: string, runId: string): Promise<{ review: string; ben: MemberActor }> {
  const [{ actor: ada }, { actor: ben }] = [await newMember("member"), await newMember("member")];
  const { review, thread, comment } = await newReviewed(projectId, runId, { actor: ada, asker: ada });
  await editComment(ada, projectId, thread, comment, { text: `why, @${ben.name}?` });
  await decideReview(ben, projectId, review, { approves: true });
  await markReviewSeen(ben, projectId, review);
  return { review, ben };
}
