/** Tools that read what the team said and decided: threads of comments, reviews, the project's history. */
import { z } from "zod";
import { label } from "../base/text.ts";
import { anchorSchema, subjectSchema } from "../reviews/threads.ts";
import { project } from "./fields.ts";
import { readingProject, type Tool } from "./tool.ts";

const scopes = ["read", "evaluate", "admin"] as const;

export const readReviewsTools = {
  threads_list: readingProject({
    summary: "What people said of a run, an evaluation, a study, a claim or a review, place by place, the oldest first",
    input: z.object({
      subject: subjectSchema.describe("run:ID, evaluation:ID, study:ID, claim:ID or review:ID"),
      anchor: anchorSchema
        .optional()
        .describe("one place of it alone: config:KEY, point:SPLIT/METRIC@STEP, panel:NAME"),
      project,
    }),
    positional: ["subject"],
    scopes,
    example: "threads list run:RUN",
    shown: { list: "threads", fields: ["id", "anchor", "by", "at", "resolvedAt"] },
    route: "listThreads",
    call: ({ subject, anchor }, slug) => ({ params: { project: slug }, query: { subject, anchor } }),
  }),
  reviews_list: readingProject({
    summary: "Reviews of a project, the newest first: what each is about, and how it stands",
    input: z.object({ project }),
    scopes,
    example: "reviews list",
    shown: { list: "reviews", fields: ["number", "id", "kind", "state", "title", "askedBy", "askedAt"] },
    route: "listReviews",
    call: (_, slug) => ({ params: { project: slug } }),
  }),
  reviews_show: readingProject({
    summary: "One review: what it asks, every decision with its words, and what was concluded",
    input: z.object({ review: label(40).describe("its number or id"), project }),
    positional: ["review"],
    scopes,
    example: "reviews show 3",
    route: "getReview",
    call: ({ review }, slug) => ({ params: { project: slug, review } }),
  }),
  history: readingProject({
    summary: "What the project decided, and why",
    input: z.object({ project, format: z.enum(["json", "markdown"]).default("markdown") }),
    scopes,
    example: "history",
    route: "getHistory",
    call: ({ format }, slug) => ({ params: { project: slug }, query: { format } }),
  }),
} as const satisfies Record<string, Tool>;
