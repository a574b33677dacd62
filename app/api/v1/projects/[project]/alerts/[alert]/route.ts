import { removeRule } from "@/lib/alerts/rules.ts";
import { requireProject } from "@/lib/projects/projects.ts";
import { handle } from "../../../../../_handler.ts";

export const DELETE = handle<{ project: string; alert: string }>(async ({ actor, params }) => {
  const { id } = await requireProject(actor, params.project);
  return removeRule(actor, id, params.alert);
});
