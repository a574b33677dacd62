import { linkArtifact, listArtifacts } from "@/lib/artifacts/artifacts.ts";
import { readJson } from "@/lib/bodies/read-body.ts";
import { handle } from "../../../../_handler.ts";

type Params = { run: string };

export const GET = handle<Params>(async ({ actor, params }) => ({ artifacts: await listArtifacts(actor, params.run) }));

export const POST = handle<Params>(async ({ actor, params, request }) =>
  linkArtifact(actor, params.run, await readJson(request, "linkArtifact")),
);
