import { cardFormat, makeCard, makeCardText } from "@/lib/champions/card.ts";
import { attachment } from "../../../../../_file-name.ts";
import { handle } from "../../../../../_handler.ts";

export const GET = handle<{ project: string }>(async ({ actor, params, query }) => {
  const asked = Object.fromEntries(query);
  if (cardFormat(query.get("format")) === "json") return makeCard(actor, params.project, asked);
  return new Response(await makeCardText(actor, params.project, asked), {
    headers: {
      "content-type": "text/markdown; charset=utf-8",
      "content-disposition": attachment("model-card.md"),
      "cache-control": "private, no-store",
    },
  });
});
