import { Readable } from "node:stream";
import { getArtifact, putArtifact, readContent } from "@/lib/artifacts/artifacts.ts";
import { readPicture } from "@/lib/artifacts/contents.ts";
import { findDownloadLink } from "@/lib/artifacts/downloads.ts";
import { readFileOf } from "@/lib/bodies/read-file.ts";
import { ProblemError } from "@/lib/problem.ts";
import { attachment } from "../../../../../_file-name.ts";
import { answerProblem, handle } from "../../../../../_handler.ts";
import { askedPart } from "../../../../../_part.ts";
import { isAsked } from "../../../../../_query.ts";

type Params = { run: string; path: string[] };
const pathOf = (params: Params) => params.path.join("/");

export const PUT = handle<Params>(async ({ actor, params, request }) =>
  putArtifact(actor, params.run, {
    path: pathOf(params),
    contentType: request.headers.get("content-type"),
    expectedSha256: request.headers.get("x-content-sha256"),
    content: readFileOf(request) ?? Readable.from([]),
  }),
);

export const GET = handle<Params>(async ({ actor, params, query, request }) => {
  if (isAsked(query, "picture")) return showPicture(await readPicture(actor, params.run, pathOf(params)));
  const artifact = await getArtifact(actor, params.run, pathOf(params));
  const { sizeBytes } = artifact;
  const tag = `"${artifact.sha256}"`;
  const kept = { "cache-control": "private, no-cache", etag: tag, "accept-ranges": "bytes" };
  const asked = askedPart(request.headers, tag, sizeBytes);
  if (asked === "known") return new Response(null, { status: 304, headers: kept });
  if (asked === "beyond") return refuseRange(request, sizeBytes);
  const disposition = attachment(artifact.path.split("/").at(-1) ?? "file");
  const link = isDownload(request) ? await findDownloadLink(artifact, disposition) : null;
  if (link) return leadTo(link);
  const part = asked === "whole" ? null : asked;
  const content = await readContent(artifact, part ?? undefined);
  return new Response(Readable.toWeb(content) as ReadableStream, {
    status: part ? 206 : 200,
    headers: {
      ...kept,
      "content-type": artifact.contentType,
      "content-length": String(part ? part.last - part.first + 1 : sizeBytes),
      ...(part ? { "content-range": `bytes ${part.first}-${part.last}/${sizeBytes}` } : {}),
      "content-disposition": disposition,
      "content-security-policy": "sandbox; default-src 'none'",
      "x-content-type-options": "nosniff",
    },
  });
});

/** A program, or a browser that saves the file: what a page reads itself, to show it, comes through this server. */
const isDownload = ({ method, headers }: Request): boolean =>
  method === "GET" && ["navigate", null].includes(headers.get("sec-fetch-mode"));

/** The address says who may read: nobody keeps it, and no other site hears of it. */
const leadTo = (link: string): Response =>
  new Response("The file is at the address in Location, for a minute (curl follows it with -L).\n", {
    status: 307,
    headers: {
      location: link,
      "content-type": "text/plain; charset=utf-8",
      "cache-control": "no-store",
      "referrer-policy": "no-referrer",
    },
  });

function refuseRange(request: Request, sizeBytes: number): Response {
  const detail = `range: the file has ${sizeBytes} bytes, counted from 0, and none of those that were asked for`;
  const refusal = answerProblem(new ProblemError("no-such-range", detail), request);
  refusal.headers.set("content-range", `bytes */${sizeBytes}`);
  return refusal;
}

/** A path is written once, so a browser may keep it. */
const showPicture = (png: Buffer<ArrayBuffer>): Response =>
  new Response(png, {
    headers: {
      "content-type": "image/png",
      "content-disposition": "inline",
      "cache-control": "private, max-age=86400",
    },
  });
