import { readJson } from "@/lib/bodies/read-body.ts";
import { requireProject } from "@/lib/projects/projects.ts";
import { editComment } from "@/lib/reviews/threads.ts";
import { handle } from "../../../../../../../_handler.ts";

type Params = { project: string; thread: string; comment: string };

export const PATCH = handle<Params>(async ({ actor, params, request }) => {
  const { id } = await requireProject(actor, params.project);
  return editComment(actor, id, params.thread, params.comment, await readJson(request, "editComment"));
});
