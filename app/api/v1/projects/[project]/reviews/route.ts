import { readJson } from "@/lib/bodies/read-body.ts";
import { requireProject } from "@/lib/projects/projects.ts";
import { listReviews } from "@/lib/reviews/read-reviews.ts";
import { askReview } from "@/lib/reviews/reviews.ts";
import { handle } from "../../../../_handler.ts";

type Params = { project: string };

export const GET = handle<Params>(async ({ actor, params }) => {
  const { id } = await requireProject(actor, params.project);
  return { reviews: await listReviews(actor, id) };
});

export const POST = handle<Params>(async ({ actor, params, request }) => {
  const { id } = await requireProject(actor, params.project);
  return askReview(actor, id, await readJson(request, "askReview"));
});
