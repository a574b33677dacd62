import { readJson } from "@/lib/bodies/read-body.ts";
import { requireProject } from "@/lib/projects/projects.ts";
import { listThreads } from "@/lib/reviews/read-threads.ts";
import { startThread } from "@/lib/reviews/threads.ts";
import { handle } from "../../../../_handler.ts";

type Params = { project: string };

export const GET = handle<Params>(async ({ actor, params, query }) => {
  const { id } = await requireProject(actor, params.project);
  const asked = { subject: query.get("subject"), anchor: query.get("anchor") };
  return { threads: await listThreads(actor, id, asked) };
});

export const POST = handle<Params>(async ({ actor, params, request }) => {
  const { id } = await requireProject(actor, params.project);
  return startThread(actor, id, await readJson(request, "startThread"));
});
