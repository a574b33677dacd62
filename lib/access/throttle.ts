/** Slows guessing: counts tries of a key in a window, in the database, so that every replica counts together. */
import { createHash } from "node:crypto";
import { sql } from "drizzle-orm";
import { connections } from "../../db/connection.ts";
import { rateLimits } from "../../db/schema.ts";
import { ProblemError } from "../problem.ts";

const WINDOW_MS = 60_000;

/** Counts one try of `what` and throws `unavailable` beyond `max` in a minute. The key is stored as a hash. */
export async function countTry(what: string, max: number): Promise<void> {
  const key = createHash("sha256").update(what).digest("hex");
  const now = Date.now();
  const [row] = await connections()
    .db.insert(rateLimits)
    .values({ id: key, key, count: 1, lastRequest: now })
    .onConflictDoUpdate({
      target: rateLimits.key,
      set: {
        count: sql`case when ${rateLimits.lastRequest} < ${now - WINDOW_MS} then 1 else ${rateLimits.count} + 1 end`,
        lastRequest: sql`case when ${rateLimits.lastRequest} < ${now - WINDOW_MS} then ${now} else ${rateLimits.lastRequest} end`,
      },
    })
    .returning({ count: rateLimits.count });
  if ((row?.count ?? 0) > max) throw new ProblemError("unavailable", "Too many tries. Wait a minute, then try again.");
}
