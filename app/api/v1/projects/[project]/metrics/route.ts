import { readJson } from "@/lib/bodies/read-body.ts";
import { declareMetrics, listMetrics } from "@/lib/projects/declarations.ts";
import { requireProject } from "@/lib/projects/projects.ts";
import { handle } from "../../../../_handler.ts";

type Params = { project: string };

export const GET = handle<Params>(async ({ actor, params }) => {
  const project = await requireProject(actor, params.project);
  return { metrics: await listMetrics(actor, project.id) };
});

export const PUT = handle<Params>(async ({ actor, params, request }) => {
  const project = await requireProject(actor, params.project);
  return { metrics: await declareMetrics(actor, project.id, await readJson(request, "declareMetrics")) };
});
