import { readJson } from "@/lib/bodies/read-body.ts";
import { requireProject } from "@/lib/projects/projects.ts";
import { updateThread } from "@/lib/reviews/threads.ts";
import { handle } from "../../../../../_handler.ts";

export const PATCH = handle<{ project: string; thread: string }>(async ({ actor, params, request }) => {
  const { id } = await requireProject(actor, params.project);
  return updateThread(actor, id, params.thread, await readJson(request, "updateThread"));
});
