import { createRule, listRules } from "@/lib/alerts/rules.ts";
import { readJson } from "@/lib/bodies/read-body.ts";
import { requireProject } from "@/lib/projects/projects.ts";
import { handle } from "../../../../_handler.ts";

type Params = { project: string };

export const GET = handle<Params>(async ({ actor, params }) => {
  const { id } = await requireProject(actor, params.project);
  return { rules: await listRules(actor, id) };
});

export const POST = handle<Params>(async ({ actor, params, request }) => {
  const { id } = await requireProject(actor, params.project);
  return createRule(actor, id, await readJson(request, "createAlert"));
});
