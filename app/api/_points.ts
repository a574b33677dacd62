/** What the routes of points share: the question, the tag of an unchanged answer, and JSON or binary columns. */
import { z } from "zod";
import type { Actor } from "@/lib/access/actor.ts";
import { openPoints, type PointsWanted, toWirePoints } from "@/lib/metrics/series.ts";
import { parse } from "@/lib/problem.ts";
import { encodePoints, POINTS_CONTENT_TYPE } from "@/lib/wire/binary/points.ts";
import { routes } from "@/lib/wire/routes.ts";

const [series, from, to, px] = routes.getPoints.query;
const wantedSchema = z.object({
  series: z.array(series.schema).min(1, "name at least one series, such as series=train/loss").max(100),
  from: from.schema.optional(),
  to: to.schema.optional(),
  px: px.schema.default(1000),
});

type Asked = { actor: Actor; request: Request; query: URLSearchParams };

export async function answerPoints(
  { actor, request, query }: Asked,
  of: Pick<PointsWanted, "runs" | "project">,
): Promise<Response> {
  const asked = parse(wantedSchema, { ...Object.fromEntries(query), series: query.getAll("series") });
  const binary = request.headers.get("accept")?.includes(POINTS_CONTENT_TYPE) ?? false;
  // the tag of either form, without its quotes
  const known = new RegExp(`^"([\\w-]+)${binary ? "b" : "j"}"$`).exec(request.headers.get("if-none-match") ?? "")?.[1];
  const points = await openPoints(actor, { ...(asked as Omit<PointsWanted, "runs">), ...of }, known);
  const etag = `"${points.tag}${binary ? "b" : "j"}"`;
  const headers = { etag, "cache-control": "private, no-cache", vary: "accept" };
  if (!points.draw) return new Response(null, { status: 304, headers });
  // the reader went on to another range meanwhile
  if (request.signal.aborted) return new Response(null, { status: 499 });
  const series = await points.draw();
  if (!binary) return Response.json(toWirePoints(series), { headers });
  return new Response(encodePoints(series), { headers: { ...headers, "content-type": POINTS_CONTENT_TYPE } });
}
