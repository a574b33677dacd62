/**
 * The authorization code flow with the provider, by openid-client: PKCE, state, nonce, and an ID token whose signature is
 * checked against the issuer's keys, with its issuer, audience and times.
 */
import {
  AuthorizationResponseError,
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  ClientError,
  ClientSecretBasic,
  ClientSecretPost,
  type Configuration,
  calculatePKCECodeChallenge,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  ResponseBodyError,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
  type UserInfoResponse,
} from "openid-client";
import { ProviderRefusal } from "./refusal.ts";
import { isLoopback, type Provider, providerCallback } from "./settings.ts";

/** What is kept here while a person is with the provider. */
export type Exchange = { state: string; nonce: string; verifier: string };
/** `email`: in lower case, and only where the provider says that it is verified. */
export type Identity = { issuer: string; subject: string; email: string | null; name: string | null };

const TIMEOUT_S = 10;
const KNOWN_MS = 60 * 60_000;

/** Where a person is sent, and what is to be kept until they come back. Throws ProviderRefusal where it can't be reached. */
export async function beginExchange(provider: Provider, hint: string | null): Promise<Exchange & { url: string }> {
  const config = await discover(provider);
  const exchange = { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier() };
  const url = buildAuthorizationUrl(config, {
    redirect_uri: providerCallback(),
    scope: "openid email profile",
    state: exchange.state,
    nonce: exchange.nonce,
    code_challenge: await calculatePKCECodeChallenge(exchange.verifier),
    code_challenge_method: "S256",
    ...(hint !== null && { login_hint: hint }),
  });
  return { ...exchange, url: url.href };
}

/** Who the provider says came back to `answer`, its query with code and state. Throws ProviderRefusal. */
export async function finishExchange(
  provider: Provider,
  answer: URLSearchParams,
  { state, nonce, verifier }: Exchange,
): Promise<Identity> {
  const config = await discover(provider);
  const url = new URL(providerCallback());
  url.search = answer.toString();
  try {
    const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true };
    const tokens = await authorizationCodeGrant(config, url, checks);
    const claims = tokens.claims()!;
    const own = { email: claims.email, email_verified: claims.email_verified, name: claims.name };
    const told =
      own.email === undefined || own.email_verified === undefined
        ? await askUserInfo(config, tokens.access_token, claims.sub)
        : own;
    return {
      issuer: config.serverMetadata().issuer,
      subject: claims.sub,
      email: verifiedEmailOf(told),
      name: nameOf(told.name) ?? nameOf(own.name),
    };
  } catch (cause) {
    throw refusalOf(cause);
  }
}

type Told = Pick<Partial<UserInfoResponse>, "email" | "email_verified"> & { name?: unknown };

async function askUserInfo(config: Configuration, accessToken: string, subject: string): Promise<Told> {
  if (!config.serverMetadata().userinfo_endpoint) return {};
  return fetchUserInfo(config, accessToken, subject);
}

const verifiedEmailOf = ({ email, email_verified }: { email?: unknown; email_verified?: unknown }): string | null =>
  typeof email === "string" && email_verified === true ? email.toLowerCase() : null;

const nameOf = (name: unknown): string | null =>
  typeof name === "string" && name.trim() !== "" ? name.trim().slice(0, 100) : null;

// what a provider says of itself, by what the environment says of it
let known: { key: string; config: Configuration; until: number } | null = null;

async function discover(provider: Provider): Promise<Configuration> {
  const key = JSON.stringify(provider);
  if (known?.key === key && known.until > Date.now()) return known.config;
  const issuer = new URL(provider.issuer);
  const execute = [enableNonRepudiationChecks, ...(isLoopback(issuer) ? [allowInsecureRequests] : [])];
  try {
    const authentication: typeof basic = (as, client, body, headers) =>
      (takesBasic(as.token_endpoint_auth_methods_supported) ? basic : post)(as, client, body, headers);
    const basic = ClientSecretBasic(provider.clientSecret);
    const post = ClientSecretPost(provider.clientSecret);
    const config = await discovery(issuer, provider.clientId, undefined, authentication, {
      execute,
      timeout: TIMEOUT_S,
    });
    known = { key, config, until: Date.now() + KNOWN_MS };
    return config;
  } catch (cause) {
    throw new ProviderRefusal("unreachable", { cause });
  }
}

/** Throws ProviderRefusal where the provider can't be reached, or isn't the issuer that was set. */
export const reachProvider = async (provider: Provider): Promise<void> => {
  await discover(provider);
};

/** What a provider that says nothing takes (OpenID Connect Discovery 1.0, section 3). */
const takesBasic = (methods: string[] | undefined): boolean =>
  methods === undefined || methods.includes("client_secret_basic");

/** Why it came to nothing. Details stay in the cause: what a provider, or whoever made the address, wrote is shown to nobody. */
function refusalOf(cause: unknown): ProviderRefusal {
  if (cause instanceof AuthorizationResponseError)
    return new ProviderRefusal(cause.error === "access_denied" ? "denied" : "failed", { cause });
  if (cause instanceof ResponseBodyError)
    return new ProviderRefusal(cause.error === "invalid_grant" ? "expired" : "failed", { cause });
  if (cause instanceof ClientError && cause.code !== "OAUTH_TIMEOUT") return new ProviderRefusal("invalid", { cause });
  return new ProviderRefusal("unreachable", { cause });
}
