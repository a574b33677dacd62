import { readJson } from "@/lib/bodies/read-body.ts";
import { getProject, requireProject } from "@/lib/projects/projects.ts";
import { updateProject } from "@/lib/settings/project-settings.ts";
import { handle, orNotFound } from "../../../_handler.ts";

type Params = { project: string };

export const GET = handle<Params>(async ({ actor, params }) =>
  orNotFound(await getProject(actor, params.project), `project ${params.project}`),
);

export const PATCH = handle<Params>(async ({ actor, params, request }) => {
  const project = await requireProject(actor, params.project);
  return updateProject(actor, project.id, await readJson(request, "updateProject"));
});
