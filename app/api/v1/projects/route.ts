import { readJson } from "@/lib/bodies/read-body.ts";
import { createProject, listProjects } from "@/lib/projects/projects.ts";
import { handle } from "../../_handler.ts";

export const GET = handle(async ({ actor }) => ({ projects: await listProjects(actor) }));
export const POST = handle(async ({ actor, request }) =>
  createProject(actor, await readJson(request, "createProject")),
);
