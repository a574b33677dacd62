/** Reviews: what is asked, of whom, what they decide, and what stands once it is approved. */
import { z } from "zod";
import { runId } from "../base/examples.ts";
import type { Route } from "../base/route.ts";
import { label, longText } from "../base/text.ts";
import { time, uuid } from "../base/words.ts";

export const REVIEWED_RUNS_MAX = 50;
export const REVIEWERS_MAX = 20;
export const reviewKinds = ["study", "runs", "claim"] as const;
export type ReviewKind = (typeof reviewKinds)[number];
/** `waiting`: nobody has decided on what stands there now. */
export const reviewStates = ["waiting", "changes-requested", "approved", "closed"] as const;
export type ReviewState = (typeof reviewStates)[number];

const about = longText.max(20_000);
const reviewers = z.array(z.string().max(100)).max(REVIEWERS_MAX);

export const reviewCreateSchema = z
  .object({
    kind: z.enum(reviewKinds),
    subjects: z
      .array(uuid)
      .min(1)
      .max(REVIEWED_RUNS_MAX)
      .refine((ids) => new Set(ids).size === ids.length, "each once")
      .meta({ description: "the id of a study or a claim; or up to 50 runs" }),
    title: label(200),
    about: about.default("").meta({ description: "what there is to decide, in Markdown" }),
    chosenRun: uuid.nullable().default(null).meta({ description: "of a review of runs, the one that is proposed" }),
    reviewers: reviewers.default([]).meta({ description: "members by id" }),
  })
  .refine(({ kind, subjects }) => kind === "runs" || subjects.length === 1, {
    path: ["subjects"],
    message: "one id: a review is of one study or one claim",
  })
  .refine(({ kind, chosenRun }) => kind === "runs" || chosenRun === null, {
    path: ["chosenRun"],
    message: "null: the study or the claim says what was chosen",
  })
  .refine(({ subjects, chosenRun }) => chosenRun === null || subjects.includes(chosenRun), {
    path: ["chosenRun"],
    message: "one of the runs under review",
  })
  .meta({
    id: "ReviewCreate",
    examples: [
      {
        kind: "runs",
        subjects: [runId],
        title: "Which warm-up?",
        about: "Three lengths.",
        chosenRun: runId,
        reviewers: [],
      },
    ],
  });
export type ReviewCreate = z.input<typeof reviewCreateSchema>;

export const reviewUpdateSchema = z
  .object({ title: label(200), about, chosenRun: uuid.nullable(), reviewers, isClosed: z.boolean() })
  .partial()
  .meta({ id: "ReviewUpdate", examples: [{ about: "Four lengths by now." }] });
export type ReviewUpdate = z.input<typeof reviewUpdateSchema>;

export const decisionInputSchema = z
  .object({ approves: z.boolean(), word: longText.max(5000).default("") })
  .refine(({ approves, word }) => approves || word.trim() !== "", {
    path: ["word"],
    message: "what is to be changed, in words",
  })
  .meta({ id: "DecisionInput", examples: [{ approves: false, word: "Two seeds are too few." }] });

export const decisionSchema = z.object({
  id: uuid,
  approves: z.boolean(),
  word: z.string(),
  by: z.string(),
  byActor: z.string(),
  at: time,
  isStale: z.boolean().meta({ description: "what it was about has changed since" }),
});
export type Decision = z.infer<typeof decisionSchema>;

/** What was approved, as it stood then. */
export const conclusionSchema = z.object({
  about: z.string(),
  conclusion: z.string().nullable().meta({ description: "of a study" }),
  chosenRun: uuid.nullable(),
});
export type Conclusion = z.infer<typeof conclusionSchema>;

const item = {
  id: uuid,
  number: z.int(),
  kind: z.enum(reviewKinds),
  subjects: z.array(uuid),
  title: z.string(),
  state: z.enum(reviewStates),
  askedBy: z.string(),
  askedByActor: z.string(),
  askedAt: time,
  approvedAt: time.nullable(),
  closedAt: time.nullable(),
  reviewers: z.array(z.object({ id: z.string(), name: z.string() })),
};
export const reviewItemSchema = z.object(item);
export type ReviewItem = z.infer<typeof reviewItemSchema>;

export const reviewSchema = z
  .object({
    ...item,
    about: z.string(),
    chosenRun: uuid.nullable(),
    decisions: z.array(decisionSchema),
    conclusion: conclusionSchema.nullable(),
    url: z.string(),
  })
  .meta({
    id: "Review",
    examples: [
      {
        id: runId,
        number: 3,
        kind: "runs",
        subjects: [runId],
        title: "Which warm-up?",
        state: "waiting",
        askedBy: "Ada",
        askedByActor: "member:a1",
        askedAt: "2026-01-05T09:00:00.000Z",
        approvedAt: null,
        closedAt: null,
        reviewers: [{ id: "b2", name: "Ben" }],
        about: "Three lengths.",
        chosenRun: runId,
        decisions: [],
        conclusion: null,
        url: "http://127.0.0.1:3000/projects/street-signs/reviews/3",
      },
    ],
  });
export type Review = z.infer<typeof reviewSchema>;

const reviewListSchema = z
  .object({ reviews: z.array(reviewItemSchema) })
  .meta({ id: "ReviewList", examples: [{ reviews: [] }] });

const path = "/api/v1/projects/{project}/reviews";

export const reviewsRoutes = {
  listReviews: {
    method: "GET",
    path,
    summary: "A project's reviews, the newest first, at most 500",
    permission: "reviews.read",
    response: reviewListSchema,
  },
  askReview: {
    method: "POST",
    path,
    summary: "Ask for a review of a study, of runs or of a claim",
    permission: "reviews.write",
    request: reviewCreateSchema,
    response: reviewSchema,
  },
  getReview: {
    method: "GET",
    path: `${path}/{review}`,
    summary: "One review, by its number or id",
    permission: "reviews.read",
    response: reviewSchema,
  },
  updateReview: {
    method: "PATCH",
    path: `${path}/{review}`,
    summary: "Change what one's own review says, or withdraw it; refused once it is approved",
    permission: "reviews.write",
    request: reviewUpdateSchema,
    response: reviewSchema,
  },
  decideReview: {
    method: "POST",
    path: `${path}/{review}/decisions`,
    summary:
      "Approve, or ask for changes. Somebody else's yes approves it for good, unless another member's newest word asks for changes",
    permission: "reviews.decide",
    request: decisionInputSchema,
    response: reviewSchema,
  },
} as const satisfies Record<string, Route>;
