/** The project that a command is about. */
import { projectSchema } from "../../../lib/wire/projects.ts";
import { callerSchema } from "../../../lib/wire/server.ts";
import type { Api } from "../../../lib/wire/tools/tool.ts";
import { Misused } from "./exits.ts";

/** The one that is named by id or slug, or the token's own. */
export async function projectOf(api: Api, named: string | undefined): Promise<{ id: string; slug: string }> {
  if (named !== undefined) return projectSchema.parse(await api({ route: "getProject", params: { project: named } }));
  const { project } = callerSchema.parse(await api({ route: "whoami" }));
  if (project === null) throw new Misused("the token reaches many projects: name one with --project");
  return project;
}
