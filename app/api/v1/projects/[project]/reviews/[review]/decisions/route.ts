import { readJson } from "@/lib/bodies/read-body.ts";
import { requireProject } from "@/lib/projects/projects.ts";
import { decideReview } from "@/lib/reviews/decide.ts";
import { handle } from "../../../../../../_handler.ts";

export const POST = handle<{ project: string; review: string }>(async ({ actor, params, request }) => {
  const { id } = await requireProject(actor, params.project);
  return decideReview(actor, id, params.review, await readJson(request, "decideReview"));
});
