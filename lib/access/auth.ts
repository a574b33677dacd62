/** better-auth: passwords, sessions and their cookie. Nothing of it is reachable by URL; lib/access calls it. */
import { betterAuth } from "better-auth";
import { drizzleAdapter } from "better-auth/adapters/drizzle";
import { connections } from "../../db/connection.ts";
import { accounts, rateLimits, sessions, users, verifications } from "../../db/schema.ts";
import { origin } from "../origin.ts";
import { hashPassword, verifyPassword } from "./passwords.ts";

export const PASSWORD_LENGTH_MIN = 10;
export const PASSWORD_LENGTH_MAX = 200;
const DAY_S = 24 * 60 * 60;

function createAuth() {
  const secret = process.env.HOLDOUT_SECRET;
  if (!secret || secret.length < 32)
    throw new Error("HOLDOUT_SECRET must have at least 32 characters; npm start keeps one in the data folder");
  return betterAuth({
    appName: "Holdout",
    baseURL: origin(),
    secret,
    database: drizzleAdapter(connections().db, {
      provider: "pg",
      schema: { user: users, session: sessions, account: accounts, verification: verifications, rateLimit: rateLimits },
    }),
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: PASSWORD_LENGTH_MIN,
      maxPasswordLength: PASSWORD_LENGTH_MAX,
      password: { hash: hashPassword, verify: verifyPassword },
    },
    user: { additionalFields: { role: { type: "string", input: false, defaultValue: "viewer" } } },
    session: { expiresIn: 30 * DAY_S, updateAge: DAY_S, cookieCache: { enabled: false } },
    advanced: { useSecureCookies: origin().startsWith("https:"), cookiePrefix: "holdout" },
    // throttle.ts counts, and lets a member's own browser through
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { disabled: true },
  });
}

const cache = globalThis as { holdoutAuth?: ReturnType<typeof createAuth> };

export function auth() {
  cache.holdoutAuth ??= createAuth();
  return cache.holdoutAuth;
}
