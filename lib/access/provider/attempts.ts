/** People who are with the provider just now: what they came for, kept for ten minutes, good once and in their browser alone. */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { and, eq, gt, like, sql } from "drizzle-orm";
import { connections } from "../../../db/connection.ts";
import { verifications } from "../../../db/schema/people.ts";
import { origin } from "../../origin.ts";
import type { Exchange } from "./exchange.ts";

/** `next`: the path to land on. An invitation is named by its secret's hash, in hexadecimal. */
export type Purpose =
  | { kind: "sign-in"; next: string }
  | { kind: "invitation"; next: string; linkHash: string }
  | { kind: "join"; next: string; memberId: string };
export type Attempt = { purpose: Purpose; exchange: Exchange };
type Kept = Attempt & { browser: string };

const COOKIE = "holdout.provider";
const LIFE_S = 10 * 60;
const PREFIX = "provider ";

const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex");
const identifierOf = (state: string): string => PREFIX + hashOf(state);

/** Keeps an attempt; returns the `Set-Cookie` line by which its browser is known, which serves several attempts at once. */
export async function keepAttempt(attempt: Attempt, headers: Headers): Promise<string> {
  const browser = browserOf(headers) ?? randomBytes(32).toString("base64url");
  const kept: Kept = { ...attempt, browser: hashOf(browser) };
  const { db } = connections();
  await db.delete(verifications).where(and(like(verifications.identifier, `${PREFIX}%`), isOver));
  await db.insert(verifications).values({
    id: crypto.randomUUID(),
    identifier: identifierOf(attempt.exchange.state),
    value: JSON.stringify(kept),
    expiresAt: new Date(Date.now() + LIFE_S * 1000),
  });
  const secure = origin().startsWith("https:") ? "; Secure" : "";
  // Lax: the provider's own page leads the browser back here
  return `${COOKIE}=${browser}; Path=/; Max-Age=${LIFE_S}; HttpOnly; SameSite=Lax${secure}`;
}

const isOver = sql`${verifications.expiresAt} < now()`;

/** The attempt that `state` names, which is spent with it; null: there is none, or it began in another browser. */
export async function takeAttempt(state: string, headers: Headers): Promise<Attempt | null> {
  const own = and(eq(verifications.identifier, identifierOf(state)), gt(verifications.expiresAt, sql`now()`));
  const [row] = await connections().db.delete(verifications).where(own).returning();
  if (!row) return null;
  const { browser, ...attempt } = JSON.parse(row.value) as Kept;
  const given = browserOf(headers);
  return given !== null && timingSafeEqual(Buffer.from(hashOf(given)), Buffer.from(browser)) ? attempt : null;
}

const browserOf = (headers: Headers): string | null =>
  new RegExp(`(?:^|;\\s*)${COOKIE}=([\\w-]{43})(?:;|$)`).exec(headers.get("cookie") ?? "")?.[1] ?? null;
