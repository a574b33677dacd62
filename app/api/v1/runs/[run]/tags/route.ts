import { readJson } from "@/lib/bodies/read-body.ts";
import { changeTags, listTagsOfRun } from "@/lib/runs/tags.ts";
import { handle } from "../../../../_handler.ts";

type Params = { run: string };

export const GET = handle<Params>(async ({ actor, params }) => ({ tags: await listTagsOfRun(actor, params.run) }));

export const POST = handle<Params>(async ({ actor, params, request }) =>
  changeTags(actor, params.run, await readJson(request, "tagRun")),
);
