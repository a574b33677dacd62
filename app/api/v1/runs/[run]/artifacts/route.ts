import { linkArtifact, listArtifacts } from "@/lib/artifacts/artifacts.ts";
import { handle, readJson } from "../../../../_handler.ts";

type Params = { run: string };

export const GET = handle<Params>(async ({ actor, params }) => ({ artifacts: await listArtifacts(actor, params.run) }));

export const POST = handle<Params>(async ({ actor, params, request }) =>
  linkArtifact(actor, params.run, await readJson(request)),
);
