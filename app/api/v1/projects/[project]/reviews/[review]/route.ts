import { readJson } from "@/lib/bodies/read-body.ts";
import { requireProject } from "@/lib/projects/projects.ts";
import { getReview } from "@/lib/reviews/read-reviews.ts";
import { updateReview } from "@/lib/reviews/reviews.ts";
import { handle } from "../../../../../_handler.ts";

type Params = { project: string; review: string };

export const GET = handle<Params>(async ({ actor, params }) => {
  const { id } = await requireProject(actor, params.project);
  return getReview(actor, id, params.review);
});

export const PATCH = handle<Params>(async ({ actor, params, request }) => {
  const { id } = await requireProject(actor, params.project);
  return updateReview(actor, id, params.review, await readJson(request, "updateReview"));
});
