/** A real OpenID Connect provider on loopback, where anybody signs in by their name alone. */
import { createServer } from "node:http";
import type { Page } from "@playwright/test";
import Provider from "oidc-provider";
import { freePort } from "../lib/test-port.ts";

export type TestProvider = {
  /** The settings of a server that signs people in by it. */
  environment: Record<string, string>;
  /** What it says of whom, by the name with which they sign in there. */
  people: Map<string, { email: string; email_verified: boolean; name?: string }>;
  stop: () => Promise<void>;
};

/** Starts one that sends people back to the server at `url`. */
export async function startProvider(url: string): Promise<TestProvider> {
  const port = await freePort();
  const issuer = `http://127.0.0.1:${port}`;
  const people: TestProvider["people"] = new Map();
  const client = { client_id: "holdout", client_secret: "a secret of the test" };
  const provider = new Provider(issuer, {
    clients: [{ ...client, redirect_uris: [`${url}/sign-in/provider/callback`] }],
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
    cookies: { keys: ["a key of the test"] },
    pkce: { required: () => true },
    findAccount: (_context: unknown, accountId: string) => ({
      accountId,
      claims: () => ({ sub: accountId, ...people.get(accountId) }),
    }),
  });
  const server = createServer((request, response) => void provider.callback()(request, response));
  await new Promise<void>((done) => server.listen(port, "127.0.0.1", done));
  return {
    environment: {
      HOLDOUT_OIDC_ISSUER: issuer,
      HOLDOUT_OIDC_CLIENT_ID: client.client_id,
      HOLDOUT_OIDC_CLIENT_SECRET: client.client_secret,
      HOLDOUT_OIDC_NAME: "Lab accounts",
    },
    people,
    stop: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

/** Signs in on the provider's own pages and says yes. */
export async function passProvider(page: Page, name: string): Promise<void> {
  await page.getByPlaceholder("Enter any login").fill(name);
  await page.getByPlaceholder("and password").fill("any");
  await page.getByRole("button", { name: "Sign-in" }).click();
  await page.getByRole("button", { name: "Continue" }).click();
}
