import { readJson } from "@/lib/bodies/read-body.ts";
import { listManifests } from "@/lib/manifests/manifests.ts";
import { registerManifests } from "@/lib/manifests/register.ts";
import type { ManifestRegistered } from "@/lib/wire/data/manifests.ts";
import { handle } from "../../_handler.ts";

export const GET = handle(async ({ actor, query }) => ({
  manifests: await listManifests(actor, query.get("project") ?? undefined),
}));
export const POST = handle(async ({ actor, request }): Promise<ManifestRegistered> => {
  const [manifest, ...folds] = await registerManifests(actor, await readJson(request, "createManifest"));
  return { ...manifest!, folds: folds.map(({ id }) => id) };
});
