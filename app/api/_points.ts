/** What the routes of points share: the question, the tag of an unchanged answer, and JSON or binary columns. */
import type { Actor } from "@/lib/access/actor.ts";
import { openPoints, type PointsRequest } from "@/lib/metrics/read-points.ts";
import { parse } from "@/lib/problem.ts";
import { pointsJson, pointsQuerySchema } from "@/lib/wire/points/points.ts";
import { encodePoints, POINTS_CONTENT_TYPE } from "@/lib/wire/points/points-codec.ts";

type PointsCall = { actor: Actor; request: Request; query: URLSearchParams };

export async function answerPoints(
  { actor, request, query }: PointsCall,
  of: Pick<PointsRequest, "runs" | "project">,
): Promise<Response> {
  const wanted = parse(pointsQuerySchema, { ...Object.fromEntries(query), series: query.getAll("series") });
  const binary = request.headers.get("accept")?.includes(POINTS_CONTENT_TYPE) ?? false;
  // the tag of either form, without its quotes
  const known = new RegExp(`^"([\\w-]+)${binary ? "b" : "j"}"$`).exec(request.headers.get("if-none-match") ?? "")?.[1];
  const points = await openPoints(actor, { ...wanted, ...of }, known);
  const etag = `"${points.tag}${binary ? "b" : "j"}"`;
  const headers = { etag, "cache-control": "private, no-cache", vary: "accept" };
  if (!points.draw) return new Response(null, { status: 304, headers });
  // the reader went on to another range meanwhile
  if (request.signal.aborted) return new Response(null, { status: 499 });
  const series = await points.draw();
  if (!binary) return new Response(pointsJson(series), { headers: { ...headers, "content-type": "application/json" } });
  return new Response(encodePoints(series), { headers: { ...headers, "content-type": POINTS_CONTENT_TYPE } });
}
