/** A cookie that says that a member signed in with this browser once: strangers' tries don't put it off. It opens nothing. */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { origin } from "../../origin.ts";

const NAME = "holdout.browser";
const YEAR_S = 365 * 24 * 60 * 60;

/** The browser's id, if the member with this address signed in with it before; else null. */
export function knownBrowser(headers: Headers, email: string): string | null {
  const cookie = new RegExp(`(?:^|;\\s*)${NAME}=([\\w-]+)\\.([\\w-]+)(?:;|$)`).exec(headers.get("cookie") ?? "");
  if (!cookie) return null;
  const [, id = "", given = ""] = cookie;
  const right = Buffer.from(signatureOf(id, email));
  return right.length === given.length && timingSafeEqual(right, Buffer.from(given)) ? id : null;
}

/** A `Set-Cookie` line by which the browser is known from now on. */
export function rememberBrowser(email: string): string {
  const id = randomBytes(16).toString("base64url");
  const secure = origin().startsWith("https:") ? "; Secure" : "";
  return `${NAME}=${id}.${signatureOf(id, email)}; Path=/; Max-Age=${YEAR_S}; HttpOnly; SameSite=Lax${secure}`;
}

const signatureOf = (id: string, email: string): string =>
  createHmac("sha256", process.env.HOLDOUT_SECRET!).update(`browser ${id} ${email}`).digest("base64url");
