import { Readable } from "node:stream";
import { readCanonicalText } from "@/lib/manifests/manifests.ts";
import { handle } from "../../../../_handler.ts";

export const GET = handle<{ manifest: string }>(async ({ actor, params, query }) => {
  const text = readCanonicalText(actor, query.get("project") ?? undefined, params.manifest);
  // the first piece is read before the answer begins, so that a refusal is a problem and not a broken stream
  const first = await text.next();
  const pieces = async function* () {
    yield first.value ?? "";
    yield* text;
  };
  return new Response(Readable.toWeb(Readable.from(pieces())) as ReadableStream, {
    headers: {
      "content-type": "text/tab-separated-values; charset=utf-8",
      "content-disposition": `attachment; filename="${params.manifest}.tsv"`,
      "cache-control": "private, no-cache",
    },
  });
});
