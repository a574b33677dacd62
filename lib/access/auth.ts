/** better-auth: passwords, sessions and their cookie. Nothing of it is reachable by URL; lib/access calls it. */
import { AsyncLocalStorage } from "node:async_hooks";
import { passkey } from "@better-auth/passkey";
import { betterAuth } from "better-auth";
import { drizzleAdapter } from "better-auth/adapters/drizzle";
import { APIError, createAuthEndpoint } from "better-auth/api";
import { setSessionCookie } from "better-auth/cookies";
import { eq } from "drizzle-orm";
import { z } from "zod";
import { connections, type Database } from "../../db/connection.ts";
import { accounts, passkeys, rateLimits, sessions, users, verifications } from "../../db/schema/people.ts";
import { origin } from "../origin.ts";
import { hashPassword, verifyPassword } from "./hashes/passwords.ts";

export const PASSWORD_LENGTH_MIN = 10;
export const PASSWORD_LENGTH_MAX = 200;
const DAY_S = 24 * 60 * 60;

function createAuth(db: Database) {
  const secret = process.env.HOLDOUT_SECRET;
  if (!secret || secret.length < 32)
    throw new Error("HOLDOUT_SECRET must have at least 32 characters; npm start keeps one in the data folder");
  return betterAuth({
    appName: "Holdout",
    baseURL: origin(),
    secret,
    database: drizzleAdapter(db, {
      provider: "pg",
      schema: {
        user: users,
        session: sessions,
        account: accounts,
        verification: verifications,
        rateLimit: rateLimits,
        passkey: passkeys,
      },
    }),
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: PASSWORD_LENGTH_MIN,
      maxPasswordLength: PASSWORD_LENGTH_MAX,
      password: { hash: hashPassword, verify: verifyPassword },
    },
    user: {
      additionalFields: {
        role: { type: "string", input: false, defaultValue: "viewer" },
        disabledAt: { type: "date", input: false, required: false },
        narrowed: { type: "boolean", input: false, defaultValue: false },
      },
    },
    databaseHooks: { session: { create: { before: refuseDisabled } } },
    session: { expiresIn: 30 * DAY_S, updateAge: DAY_S, cookieCache: { enabled: false } },
    plugins: [
      passkey({
        rpID: new URL(origin()).hostname,
        rpName: "Holdout",
        origin: origin(),
        authenticatorSelection: { residentKey: "required", userVerification: "required" },
        authentication: { afterVerification: requireVerified },
      }),
      { id: "proven", endpoints: { signInProven } },
    ],
    advanced: { useSecureCookies: origin().startsWith("https:"), cookiePrefix: "holdout" },
    // throttle.ts counts, and lets a member's own browser through
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { level: "error", log: noteFailure },
  });
}

/** Begins a session of the member whom the provider proved. Only the server calls it. */
const signInProven = createAuthEndpoint.serverOnly(
  { method: "POST", body: z.object({ userId: z.string() }) },
  async (ctx) => {
    const user = await ctx.context.internalAdapter.findUserById(ctx.body.userId);
    if (!user) throw new APIError("UNAUTHORIZED", { message: "there is no such member" });
    const session = await ctx.context.internalAdapter.createSession(user.id);
    await setSessionCookie(ctx, { session, user });
    return null;
  },
);

/** However somebody comes in, it is a session that begins: who is disabled gets none. */
async function refuseDisabled({ userId }: { userId: string }): Promise<void> {
  const [member] = await connections().db.select().from(users).where(eq(users.id, userId));
  if (member?.disabledAt) throw new APIError("FORBIDDEN", { message: "disabled", code: DISABLED });
}

/** A passkey stands for a password and a key: whoever merely found the key, without its PIN or finger, is refused. */
function requireVerified({ verification }: { verification: { authenticationInfo: { userVerified: boolean } } }): void {
  if (!verification.authenticationInfo.userVerified)
    throw new APIError("UNAUTHORIZED", { message: "the passkey didn't verify its owner" });
}

const DISABLED = "MEMBER_DISABLED";

/** Whether better-auth refused because the member is disabled. */
export const isDisabled = (error: unknown): boolean => (error as { body?: { code?: unknown } }).body?.code === DISABLED;

type Auth = ReturnType<typeof createAuth>;
type Failures = AsyncLocalStorage<{ cause?: unknown }>;
// one a process, also where a bundler loads this module more than once
const cache = globalThis as { holdoutAuth?: { auth: Auth; db: Database }; holdoutAuthFailures?: Failures };

function auth(): Auth {
  const { db } = connections();
  if (cache.holdoutAuth?.db !== db) cache.holdoutAuth = { auth: createAuth(db), db };
  return cache.holdoutAuth.auth;
}

// better-auth answers "failed to get session" for whatever went wrong, and tells its logger alone what it was
cache.holdoutAuthFailures ??= new AsyncLocalStorage();
const failures = cache.holdoutAuthFailures;

function noteFailure(_level: string, _message: string, ...details: unknown[]): void {
  const asked = failures.getStore();
  if (asked) asked.cause ??= details.find((detail) => detail instanceof Error);
}

/** Asks better-auth. A failure that it only logged, such as a database that is away, is thrown as what it was. */
export async function askAuth<Answer>(ask: (api: Auth["api"]) => Promise<Answer>): Promise<Answer> {
  const asked: { cause?: unknown } = {};
  try {
    return await failures.run(asked, () => ask(auth().api));
  } catch (error) {
    throw isRefusal(error) ? error : (asked.cause ?? error);
  }
}

/** Whether it is better-auth's word that what came is wrong, and no failure. */
export function isRefusal(error: unknown): boolean {
  const status = (error as { statusCode?: unknown }).statusCode;
  return typeof status === "number" && status < 500;
}
