import { createProject, listProjects } from "@/lib/projects/projects.ts";
import { handle, readJson } from "../../_handler.ts";

export const GET = handle(async ({ actor }) => ({ projects: await listProjects(actor) }));
export const POST = handle(async ({ actor, request }) => createProject(actor, await readJson(request)));
