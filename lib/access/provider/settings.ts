/** What the environment says of the provider (OpenID Connect) by which members may sign in. */
import { isIP } from "node:net";
import { origin } from "../../origin.ts";

/** `name`: what its button is called. */
export type Provider = { issuer: string; clientId: string; clientSecret: string; name: string };
/** `fault`: why there is none though something is set, as a sentence; password sign-in goes on. */
export type ProviderSettings = { provider: Provider | null; fault: string | null };

const needed = ["HOLDOUT_OIDC_ISSUER", "HOLDOUT_OIDC_CLIENT_ID", "HOLDOUT_OIDC_CLIENT_SECRET"] as const;
const NAME_MAX = 60;

/** Reads it anew each time. An empty variable counts as none. */
export function readProvider(environment: NodeJS.ProcessEnv = process.env): ProviderSettings {
  const [issuer, clientId, clientSecret] = needed.map((variable) => environment[variable]?.trim() || null);
  const given = environment.HOLDOUT_OIDC_NAME?.trim() || null;
  if (!issuer && !clientId && !clientSecret && !given) return { provider: null, fault: null };
  if (!issuer || !clientId || !clientSecret) {
    const missing = needed.filter((variable) => !environment[variable]?.trim());
    const verb = missing.length === 1 ? "is" : "are";
    return faulty(`Sign-in by a provider is set in part: ${missing.join(" and ")} ${verb} missing.`);
  }
  const fault = faultOfIssuer(issuer);
  if (fault) return faulty(fault);
  if (given && given.length > NAME_MAX)
    return faulty(`HOLDOUT_OIDC_NAME has ${given.length} characters; at most ${NAME_MAX} are right.`);
  return { provider: { issuer, clientId, clientSecret, name: given ?? new URL(issuer).hostname }, fault: null };
}

const faulty = (fault: string): ProviderSettings => ({ provider: null, fault });

function faultOfIssuer(issuer: string): string | null {
  const right = "an address such as https://login.example.org is right, as the provider itself says it.";
  const url = URL.canParse(issuer) ? new URL(issuer) : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.search || url.hash || url.username || url.password)
    return `HOLDOUT_OIDC_ISSUER can't be read; ${right}`;
  if (url.protocol === "https:" || isLoopback(url)) return null;
  return `HOLDOUT_OIDC_ISSUER is ${issuer}, which isn't encrypted; ${right}`;
}

/** Whether the address is of this machine: what goes there can be read by nobody on the way. */
export function isLoopback({ hostname }: URL): boolean {
  const bare = hostname.replace(/^\[|\]$/g, "");
  return bare === "::1" || bare === "localhost" || (isIP(bare) === 4 && bare.startsWith("127."));
}

/** Where the provider sends people back to: registered there, to the letter. */
export const providerCallback = (): string => `${origin()}/sign-in/provider/callback`;
