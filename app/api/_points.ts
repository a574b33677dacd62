/** What the routes of points share: the question, the tag of an unchanged answer, and JSON or binary columns. */
import { z } from "zod";
import type { Actor } from "@/lib/access/actor.ts";
import { encodePoints, POINTS_CONTENT_TYPE } from "@/lib/metrics/points-codec.ts";
import { type PointsWanted, pointsTag, readPoints, toWirePoints } from "@/lib/metrics/series.ts";
import { parse } from "@/lib/problem.ts";
import { routes } from "@/lib/wire.ts";

const [series, from, to, px] = routes.getPoints.query;
const wantedSchema = z.object({
  series: z.array(series.schema).min(1, "name at least one series, such as series=train/loss").max(100),
  from: from.schema.optional(),
  to: to.schema.optional(),
  px: px.schema.default(1000),
});

type Asked = { actor: Actor; request: Request; query: URLSearchParams };

export async function answerPoints({ actor, request, query }: Asked, runs: string[]): Promise<Response> {
  const asked = parse(wantedSchema, { ...Object.fromEntries(query), series: query.getAll("series") });
  const wanted = { ...(asked as Omit<PointsWanted, "runs">), runs };
  const binary = request.headers.get("accept")?.includes(POINTS_CONTENT_TYPE) ?? false;
  const tag = `"${await pointsTag(actor, wanted)}${binary ? "b" : "j"}"`;
  const headers = { etag: tag, "cache-control": "private, no-cache", vary: "accept" };
  if (request.headers.get("if-none-match") === tag) return new Response(null, { status: 304, headers });
  const points = await readPoints(actor, wanted);
  if (!binary) return Response.json(toWirePoints(points), { headers });
  return new Response(encodePoints(points), { headers: { ...headers, "content-type": POINTS_CONTENT_TYPE } });
}
