import { readJson } from "@/lib/bodies/read-body.ts";
import { requireProject } from "@/lib/projects/projects.ts";
import { addComment } from "@/lib/reviews/threads.ts";
import { handle } from "../../../../../../_handler.ts";

export const POST = handle<{ project: string; thread: string }>(async ({ actor, params, request }) => {
  const { id } = await requireProject(actor, params.project);
  return addComment(actor, id, params.thread, await readJson(request, "addComment"));
});
