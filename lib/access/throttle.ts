/** Slows guessing: counts tries of a key in a window, in the database, so that every replica counts together. */
import { createHash } from "node:crypto";
import { lt, sql } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import { connections } from "../../db/connection.ts";
import { rateLimits } from "../../db/schema/people.ts";
import { ProblemError } from "../problem.ts";
import { originOfTries } from "./callers/client-address.ts";
import { knownBrowser } from "./callers/known-browser.ts";
import type { Lane } from "./hashes/turns.ts";

const WINDOW_MS = 60_000;
/** Tries a minute. Of an origin: an office may stand behind one address. Of an address from everywhere: guessing by many. */
const TRIES = { ofBrowser: 10, ofOrigin: 60, ofOriginForAddress: 10, forAddress: 100 };

/**
 * Counts one try to sign in, and throws `unavailable` beyond what is let through in a minute. A browser that the member
 * signed in with before is counted by itself, so that nobody else can put its owner off.
 */
export async function countSignIn(email: string, headers: Headers): Promise<Lane> {
  const browser = knownBrowser(headers, email);
  if (browser) {
    await countTry(`sign-in with ${browser}`, TRIES.ofBrowser);
    return "known";
  }
  const from = originOfTries(headers);
  // the widest first: who is refused here leaves no row for each address that they make up
  await countTry(`sign-in from ${from}`, TRIES.ofOrigin);
  await countTry(`sign-in from ${from} for ${email}`, TRIES.ofOriginForAddress);
  await countTry(`sign-in for ${email}`, TRIES.forAddress);
  return "stranger";
}

/** Counts one try of a link. */
export const countLink = (headers: Headers): Promise<void> =>
  countTry(`link from ${originOfTries(headers)}`, TRIES.ofOrigin);

/** Counts that a browser was asked for a passkey, which each view of the sign-in page does: it uses up no try to sign in. */
export const countPasskeyAsked = (headers: Headers): Promise<void> =>
  countTry(`passkey asked from ${originOfTries(headers)}`, TRIES.ofOrigin);

/** Counts one try of `what` and throws `unavailable` beyond `max` in a minute. The key is stored as a hash. */
export async function countTry(what: string, max: number): Promise<void> {
  const key = createHash("sha256").update(what).digest("hex");
  const now = Date.now();
  // the id is drawn: a first try beside another would break the id's uniqueness, where the conflict of keys isn't looked for
  const [row] = await connections()
    .db.insert(rateLimits)
    .values({ id: uuidv7(), key, count: 1, lastRequest: now })
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

/** Removes tries whose minute is over at `now`. May be repeated, and by every replica. */
export async function sweepTries(now = Date.now()): Promise<void> {
  await connections()
    .db.delete(rateLimits)
    .where(lt(rateLimits.lastRequest, now - WINDOW_MS));
}
