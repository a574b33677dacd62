/** What specs share: the first admin, signed in through the page as a person would be, and the API with a token. */
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type BrowserContext, test as base, expect, type Page } from "@playwright/test";

export { expect };
export const url = process.env.HOLDOUT_E2E_URL ?? "";
export const admin = { name: "Ada Lovelace", email: "ada@example.org", password: "analytical engine no. 1" };

// the link is spent once for all specs: who comes later finds the session in this file
const sessionFile = path.join(tmpdir(), `holdout-e2e-session-${new URL(url || "http://none:1").port}.json`);

/** Fills in and sends the form behind a one-time link. */
export async function spendLink(page: Page, link: string, person: typeof admin): Promise<void> {
  await page.goto(link);
  await page.getByLabel("E-mail").fill(person.email);
  await page.getByLabel("Name").fill(person.name);
  await page.getByLabel("Password").fill(person.password);
  await page.getByRole("button", { name: /join|sign in|create|continue/i }).click();
  await expect(page).toHaveURL(`${new URL(link).origin}/`);
}

/** `context` is the admin's browser; a stray error in its console fails the test. */
export const test = base.extend<{ context: BrowserContext; strayErrors: string[] }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures a function wants from this pattern
  strayErrors: async ({}, use) => {
    const errors: string[] = [];
    await use(errors);
    expect(errors).toEqual([]);
  },
  context: async ({ browser, strayErrors }, use) => {
    if (!existsSync(sessionFile)) {
      const first = await browser.newContext();
      await spendLink(await first.newPage(), process.env.HOLDOUT_E2E_LINK ?? "", admin);
      await first.storageState({ path: sessionFile });
      await first.close();
    }
    const context = await browser.newContext({ baseURL: url, storageState: sessionFile });
    context.on("console", (message) => {
      // the browser's own line for a request that failed while the network was cut on purpose
      if (message.type() === "error" && !/net::ERR_/.test(message.text())) strayErrors.push(message.text());
    });
    context.on("weberror", (error) => strayErrors.push(String(error.error())));
    await use(context);
    await context.close();
  },
  page: async ({ context }, use) => use(await context.newPage()),
});

export type Workplace = { slug: string; token: string; api: Api };
type Api = (method: string, route: string, body?: unknown) => Promise<{ status: number; body: never }>;

/** Asks the API as a machine. */
export const apiWith =
  (token: string, at = url): Api =>
  async (method, route, body) => {
    const response = await fetch(`${at}/api/v1/${route}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: (text === "" ? null : JSON.parse(text)) as never };
  };
