import { readOverlay } from "@/lib/evaluations/live/overlay.ts";
import { handle } from "../../../../../../_handler.ts";

export const GET = handle<{ run: string; evaluation: string }>(async ({ actor, params, query }) => {
  const png = await readOverlay(actor, params.run, params.evaluation, query.get("key") ?? "");
  return new Response(Buffer.from(png), {
    // an evaluation never changes; who may see it does
    headers: { "content-type": "image/png", "cache-control": "private, max-age=300" },
  });
});
