import { z } from "zod";
import { parse } from "@/lib/problem.ts";
import { requireProject } from "@/lib/projects/projects.ts";
import { routes } from "@/lib/wire/routes.ts";
import { handle } from "../../../../_handler.ts";
import { answerPoints } from "../../../../_points.ts";

type Params = { project: string };
const [run] = routes.getProjectPoints.query;
const runsSchema = z
  .array(run.schema)
  .min(1, "name at least one run")
  .max(500)
  .transform((ids) => [...new Set(ids as string[])]);

export const GET = handle<Params>(async ({ params, ...asked }) => {
  const project = await requireProject(asked.actor, params.project);
  const { run: runs } = parse(z.object({ run: runsSchema }), { run: asked.query.getAll("run") });
  return answerPoints(asked, { runs, project: project.id });
});
