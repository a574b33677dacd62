import { listManifests, registerManifest } from "@/lib/manifests/manifests.ts";
import { handle, readJson } from "../../_handler.ts";

export const GET = handle(async ({ actor, query }) => ({
  manifests: await listManifests(actor, query.get("project") ?? undefined),
}));
export const POST = handle(async ({ actor, request }) => registerManifest(actor, await readJson(request)));
