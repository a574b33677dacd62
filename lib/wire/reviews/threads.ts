/** Threads of comments: what hangs on a run, an evaluation, a study, a claim or a review, and at which place of it. */
import { z } from "zod";
import { runId } from "../base/examples.ts";
import type { Route } from "../base/route.ts";
import { textWithoutNul } from "../base/text.ts";
import { time, uuid } from "../base/words.ts";
import { ANCHOR_MAX, parseAnchor, subjectKinds } from "./anchors.ts";

export const COMMENT_MAX = 20_000;
export const THREADS_MAX = 500;

const subjectPattern = new RegExp(`^(${subjectKinds.join("|")}):[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`);
/** What a thread is about, as text: `run:ID`. */
export const subjectSchema = z
  .string()
  .regex(subjectPattern, `one of ${subjectKinds.join(", ")}, a colon and its id, such as run:${runId}`);

export const anchorSchema = textWithoutNul(ANCHOR_MAX).refine(
  (text) => parseAnchor(text) !== null,
  "whole, config:KEY, point:SPLIT/METRIC@STEP, range:SPLIT/METRIC@FROM-TO, class:NAME, sample:KEY, panel:NAME or ruling:ID",
);

const written = textWithoutNul(COMMENT_MAX).refine((text) => text.trim() !== "", "a comment in words");
const example = "The loss jumps here. @Ben, was that the resume?";

export const threadCreateSchema = z
  .object({
    subject: subjectSchema,
    anchor: anchorSchema.default("whole"),
    text: written.meta({ description: "Markdown; @Name tells that member" }),
  })
  .meta({
    id: "ThreadCreate",
    examples: [{ subject: `run:${runId}`, anchor: "range:validation/loss@1200-1400", text: example }],
  });
export type ThreadCreate = z.input<typeof threadCreateSchema>;

export const commentInputSchema = z
  .object({ text: written })
  .meta({ id: "CommentInput", examples: [{ text: example }] });

export const threadUpdateSchema = z
  .object({ isResolved: z.boolean() })
  .meta({ id: "ThreadUpdate", examples: [{ isResolved: true }] });

export const commentSchema = z.object({
  id: uuid,
  text: z.string(),
  by: z.string(),
  byActor: z.string().meta({ description: "member:ID" }),
  at: time,
  editedAt: time.nullable(),
  /** What it said before, the first text first. */
  earlier: z.array(z.object({ text: z.string(), until: time })),
});
export type Comment = z.infer<typeof commentSchema>;

export const threadSchema = z
  .object({
    id: uuid,
    subject: z.string(),
    run: uuid.nullable().meta({ description: "of a subject that is a run or an evaluation" }),
    anchor: z.string(),
    by: z.string(),
    at: time,
    resolvedAt: time.nullable(),
    resolvedBy: z.string().nullable(),
    comments: z.array(commentSchema),
  })
  .meta({
    id: "Thread",
    examples: [
      {
        id: runId,
        subject: `run:${runId}`,
        run: runId,
        anchor: "range:validation/loss@1200-1400",
        by: "Ada",
        at: "2026-01-05T09:00:00.000Z",
        resolvedAt: null,
        resolvedBy: null,
        comments: [
          {
            id: runId,
            text: example,
            by: "Ada",
            byActor: "member:a1",
            at: "2026-01-05T09:00:00.000Z",
            editedAt: null,
            earlier: [],
          },
        ],
      },
    ],
  });
export type Thread = z.infer<typeof threadSchema>;

const threadListSchema = z
  .object({ threads: z.array(threadSchema) })
  .meta({ id: "ThreadList", examples: [{ threads: [] }] });

const path = "/api/v1/projects/{project}/threads";

export const threadsRoutes = {
  listThreads: {
    method: "GET",
    path,
    summary: "The threads on a subject, the oldest first, at most 500; those on a test evaluation for who may read it",
    permission: "reviews.read",
    query: [
      {
        name: "subject",
        description: "run:ID, evaluation:ID, study:ID, claim:ID or review:ID",
        schema: subjectSchema,
        required: true,
      },
      { name: "anchor", description: "those at one place alone", schema: anchorSchema },
    ],
    response: threadListSchema,
  },
  startThread: {
    method: "POST",
    path,
    summary: "Comment on a place of a run, an evaluation, a study, a claim or a review",
    permission: "reviews.write",
    request: threadCreateSchema,
    response: threadSchema,
  },
  updateThread: {
    method: "PATCH",
    path: `${path}/{thread}`,
    summary: "Resolve a thread, or open it again",
    permission: "reviews.write",
    request: threadUpdateSchema,
    response: threadSchema,
  },
  addComment: {
    method: "POST",
    path: `${path}/{thread}/comments`,
    summary: "Answer in a thread, which opens it again where it was resolved",
    permission: "reviews.write",
    request: commentInputSchema,
    response: threadSchema,
  },
  editComment: {
    method: "PATCH",
    path: `${path}/{thread}/comments/{comment}`,
    summary: "Change one's own comment; what it said before stays readable",
    permission: "reviews.write",
    request: commentInputSchema,
    response: threadSchema,
  },
} as const satisfies Record<string, Route>;
