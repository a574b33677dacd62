"use server";
/** What people do with a review: ask for it, decide, change and withdraw it. */
import { redirect } from "next/navigation";
import { z } from "zod";
import { actOn, projectId, textOf } from "@/app/_ui/acts/action.ts";
import type { ActionOutcome } from "@/app/_ui/parts/outcome.ts";
import { reviewHref } from "@/app/paths.ts";
import { decideReview } from "@/lib/reviews/decide.ts";
import { askReview, updateReview } from "@/lib/reviews/reviews.ts";
import { reviewKinds } from "@/lib/wire/reviews/reviews.ts";

const textsOf = (form: FormData, name: string): string[] =>
  form instanceof FormData ? form.getAll(name).filter((value) => typeof value === "string") : [];

export type ReviewedPlace = { slug: string; project: string; kind: "study" | "runs" | "claim"; subjects: string[] };

/** Goes to the review's page. */
export const askReviewAction = async (
  place: ReviewedPlace,
  _previous: ActionOutcome | null,
  form: FormData,
): Promise<ActionOutcome> =>
  actOn(
    { slug: z.string(), project: projectId, kind: z.enum(reviewKinds), subjects: z.array(z.uuid()) },
    { ...place },
    async (member, { slug, project, ...given }) => {
      const { number } = await askReview(member, project, {
        ...given,
        title: textOf(form, "title").trim(),
        about: textOf(form, "about"),
        chosenRun: textOf(form, "chosenRun") || null,
        reviewers: textsOf(form, "reviewers"),
      });
      redirect(reviewHref(slug, number));
    },
    "keep",
  );

const aReview = { project: projectId, review: z.uuid() };

export const decideAction = async (
  project: string,
  review: string,
  approves: boolean,
  word: string,
): Promise<ActionOutcome> =>
  actOn(
    { ...aReview, approves: z.boolean(), word: z.string() },
    { project, review, approves, word },
    async (member, given) => {
      await decideReview(member, given.project, given.review, { approves: given.approves, word: given.word });
    },
  );

export const changeReviewAction = async (
  project: string,
  review: string,
  _previous: ActionOutcome | null,
  form: FormData,
): Promise<ActionOutcome> =>
  actOn(aReview, { project, review }, async (member, given) => {
    const chosen = form instanceof FormData && form.has("chosenRun");
    await updateReview(member, given.project, given.review, {
      title: textOf(form, "title").trim(),
      about: textOf(form, "about"),
      ...(chosen ? { chosenRun: textOf(form, "chosenRun") || null } : {}),
    });
  });

export const closeReviewAction = async (project: string, review: string, isClosed: boolean): Promise<ActionOutcome> =>
  actOn({ ...aReview, isClosed: z.boolean() }, { project, review, isClosed }, async (member, given) => {
    await updateReview(member, given.project, given.review, { isClosed: given.isClosed });
  });
