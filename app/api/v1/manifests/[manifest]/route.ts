import { getManifest } from "@/lib/manifests/manifests.ts";
import { handle, orNotFound } from "../../../_handler.ts";

export const GET = handle<{ manifest: string }>(async ({ actor, params, query }) =>
  orNotFound(
    await getManifest(actor, query.get("project") ?? undefined, params.manifest),
    `manifest ${params.manifest} in this project`,
  ),
);
