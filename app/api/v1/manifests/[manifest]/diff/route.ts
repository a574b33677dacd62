import { diffManifests } from "@/lib/manifests/diff.ts";
import { handle } from "../../../../_handler.ts";

export const GET = handle<{ manifest: string }>(async ({ actor, params, query }) =>
  diffManifests(actor, query.get("project") ?? undefined, params.manifest, query.get("with") ?? ""),
);
