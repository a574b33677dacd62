/** A signed-in browser on the bench's app, without a GPU. */
import { type Browser, type BrowserContext, chromium, type Locator } from "playwright";
import { findBrowser } from "../bin/test/browser.ts";
import { systemActor } from "../lib/access/actor.ts";
import { createInvitation } from "../lib/access/links.ts";
import { spendLink } from "../lib/access/sign-in.ts";
import type { Context } from "./harness.ts";

export type SignedIn = {
  /** A browser's profile of its own: signed in, nothing in its cache. */
  newContext: () => Promise<BrowserContext>;
  close: () => Promise<void>;
};

let members = 0;

/** A new member, who has signed in once; `setCookies` are that session's. */
export async function addMember(
  role: "admin" | "member",
): Promise<{ email: string; password: string; setCookies: string[] }> {
  const email = `bench-${++members}@example.org`;
  const password = "a password of some length";
  const { url } = await createInvitation(systemActor, { email, role });
  const secret = new URL(url).hash.slice(1);
  return { email, password, ...(await spendLink({ secret, email, password, name: "Bench" }, new Headers())) };
}

export async function openBrowser(context: Context): Promise<SignedIn> {
  const browser: Browser = await chromium.launch({
    executablePath: await findBrowser(context.say),
    args: ["--disable-gpu"],
  });
  const { setCookies } = await addMember("admin");
  const cookies = setCookies.map((line) => {
    const [pair = ""] = line.split(";", 1);
    return { name: pair.slice(0, pair.indexOf("=")), value: pair.slice(pair.indexOf("=") + 1), url: context.app.url };
  });
  const newContext = async () => {
    const made = await browser.newContext({ baseURL: context.app.url, viewport: { width: 1440, height: 900 } });
    await made.addCookies(cookies);
    // what compiles this program names functions by a call that pages don't have
    await made.addInitScript("globalThis.__name = (named) => named");
    return made;
  };
  return { newContext, close: () => browser.close() };
}

/**
 * Until React answers for a control that the server rendered: on a slow machine it is painted seconds before, and what
 * is pressed until then is no part of what is measured.
 */
export async function untilAnswering(control: Locator): Promise<void> {
  const handle = await control.elementHandle();
  const page = control.page();
  await page.waitForFunction((node) => Object.keys(node!).some((key) => key.startsWith("__reactProps")), handle);
}
