import { createToken } from "@/lib/access/tokens.ts";
import { readJson } from "@/lib/bodies/read-body.ts";
import { requireProject } from "@/lib/projects/projects.ts";
import { handle } from "../../../../_handler.ts";

export const POST = handle<{ project: string }>(async ({ actor, params, request }) => {
  const { id } = await requireProject(actor, params.project);
  return createToken(actor, id, await readJson(request, "createToken"));
});
