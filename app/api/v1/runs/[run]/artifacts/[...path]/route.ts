import { Readable } from "node:stream";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import { putArtifact, readArtifact } from "@/lib/artifacts/artifacts.ts";
import { readPicture } from "@/lib/artifacts/contents.ts";
import { attachment } from "../../../../../_file-name.ts";
import { handle } from "../../../../../_handler.ts";

type Params = { run: string; path: string[] };
const pathOf = (params: Params) => params.path.join("/");

export const PUT = handle<Params>(async ({ actor, params, request }) =>
  putArtifact(actor, params.run, {
    path: pathOf(params),
    contentType: request.headers.get("content-type"),
    expectedSha256: request.headers.get("x-content-sha256"),
    content: request.body ? Readable.fromWeb(request.body as NodeReadableStream) : Readable.from([]),
  }),
);

export const GET = handle<Params>(async ({ actor, params, query }) => {
  if (query.get("picture") === "1") return showPicture(await readPicture(actor, params.run, pathOf(params)));
  const { artifact, content } = await readArtifact(actor, params.run, pathOf(params));
  return new Response(Readable.toWeb(content) as ReadableStream, {
    headers: {
      "content-type": artifact.contentType,
      "content-length": String(artifact.sizeBytes),
      "content-disposition": attachment(artifact.path.split("/").at(-1) ?? "file"),
      "content-security-policy": "sandbox; default-src 'none'",
      "x-content-type-options": "nosniff",
      "cache-control": "private, no-cache",
      etag: `"${artifact.sha256}"`,
    },
  });
});

/** A path is written once, so a browser may keep it. */
const showPicture = (png: Buffer<ArrayBuffer>): Response =>
  new Response(png, {
    headers: {
      "content-type": "image/png",
      "content-disposition": "inline",
      "cache-control": "private, max-age=86400",
    },
  });
