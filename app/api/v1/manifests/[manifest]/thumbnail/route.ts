import { readThumbnail } from "@/lib/manifests/samples.ts";
import { handle, orNotFound } from "../../../../_handler.ts";

export const GET = handle<{ manifest: string }>(async ({ actor, params, query }) => {
  const project = query.get("project") ?? undefined;
  const png = orNotFound(await readThumbnail(actor, project, params.manifest, query.get("key") ?? ""), "thumbnail");
  return new Response(Buffer.from(png), {
    // a manifest never changes, and neither does what its samples look like
    headers: { "content-type": "image/png", "cache-control": "private, max-age=31536000, immutable" },
  });
});
