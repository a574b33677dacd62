import { registerManifest } from "@/lib/manifests/manifests.ts";
import { handle, readJson } from "../../_handler.ts";

export const POST = handle(async ({ actor, request }) => registerManifest(actor, await readJson(request)));
