/** The names of what is logged together, checked as the server will check them. */
import { metricNameSchema } from "../wire/base/text.ts";
import { BATCH_POINTS } from "./point-buffer.ts";

/** Names that were found valid; bounded, as a program that makes up names must not fill the memory. */
const goodNames = new Set<string>();

/** The names of `metrics`. Throws a TypeError for a value that is no number, or a name that the server would refuse. */
export function metricNames(metrics: Record<string, number>): string[] {
  const names = Object.keys(metrics);
  if (names.length > BATCH_POINTS)
    throw new TypeError(`metrics: ${names.length} metrics in one call; at most ${BATCH_POINTS}`);
  for (const name of names) {
    if (typeof metrics[name] !== "number")
      throw new TypeError(`metrics.${name}: expected a number, received ${typeof metrics[name]}`);
    if (goodNames.has(name)) continue;
    const issue = metricNameSchema.safeParse(name).error?.issues[0];
    if (issue) throw new TypeError(`log: metrics: ${JSON.stringify(name)}: ${issue.message}`);
    if (goodNames.size < BATCH_POINTS) goodNames.add(name);
  }
  return names;
}
