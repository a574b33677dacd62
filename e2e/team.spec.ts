/** A team's doors: a passkey, a provider, a project that is shut to somebody, and somebody who is kept out. */
import { type BrowserContext, expect, type Page, test } from "@playwright/test";
import { type App, startApp } from "../bin/servers/app.ts";
import { freePort } from "../lib/test-port.ts";
import { violationsInBoth } from "./axe.ts";
import { passProvider, startProvider, type TestProvider } from "./provider.ts";
import { admin, newWorkplace, spendLink } from "./workspace.ts";

const grace = { name: "Grace Hopper", email: "grace@example.org", password: "nanoseconds of wire" };
let app: App;
/** By a name: browsers give a number no passkeys. */
let url: string;
let page: Page;
let provider: TestProvider;
test.beforeAll(async ({ browser }) => {
  const port = await freePort();
  url = `http://localhost:${port}`;
  provider = await startProvider(url);
  app = await startApp({ HOLDOUT_URL: url, PORT: String(port), ...provider.environment });
  page = await (await browser.newContext({ baseURL: url })).newPage();
  await spendLink(page, app.link!, admin);
});
test.afterAll(async () => {
  await app?.stop();
  await provider?.stop();
});

/** A key that the browser takes for a device of its own; `verifies`: it asks its owner for a finger, and gets it. */
async function plugIn(context: BrowserContext, on: Page) {
  const cdp = await context.newCDPSession(on);
  await cdp.send("WebAuthn.enable");
  const options = {
    protocol: "ctap2",
    transport: "internal",
    hasResidentKey: true,
    hasUserVerification: true,
  } as const;
  const key = { ...options, isUserVerified: true, automaticPresenceSimulation: true };
  const { authenticatorId } = await cdp.send("WebAuthn.addVirtualAuthenticator", { options: key });
  const verify = (isUserVerified: boolean) => cdp.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified });
  return { verify };
}

test("a passkey is added, named, signs in without a password, and once removed opens nothing", async () => {
  const { verify } = await plugIn(page.context(), page);
  await page.goto("/settings/account");
  const section = page.getByRole("region", { name: "Passkeys" });
  await section.getByLabel("Name of a new passkey").fill("laptop");
  await section.getByRole("button", { name: "Add a passkey" }).click();
  await expect(section.getByRole("listitem")).toContainText("laptop");
  await section.getByRole("button", { name: "Rename laptop" }).click();
  await page.getByRole("dialog").getByLabel("Name").fill("work laptop");
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await expect(section.getByRole("listitem")).toContainText("work laptop");
  expect(await violationsInBoth(page)).toEqual([]);

  await verify(false);
  await page.context().clearCookies();
  await page.goto("/sign-in");
  const enter = page.getByRole("button", { name: "Sign in with a passkey" });
  expect(await violationsInBoth(page)).toEqual([]);
  await enter.click();
  // whoever holds the device, and isn't its owner, stays where they are
  await expect(enter).toBeEnabled();
  await page.goto("/settings/account");
  await expect(page).toHaveURL(/\/sign-in/);
  await verify(true);
  // what the browser offers beside the address may be answered before the button is
  await enter.click({ timeout: 5_000 }).catch(() => undefined);
  await expect(page).toHaveURL(`${url}/settings/account`);

  // the browser offers it where the address is filled in, and this key is taken at once
  await page.context().clearCookies();
  await page.goto("/sign-in?next=%2Fsettings%2Faccount");
  await expect(page).toHaveURL(`${url}/settings/account`);

  await section.getByRole("button", { name: "Remove work laptop" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await expect(section.getByRole("listitem")).toHaveCount(0);
  await page.context().clearCookies();
  await page.goto("/sign-in");
  await expect(page.getByRole("alert").filter({ hasText: "isn't known here" })).toBeVisible();
  await page.getByLabel("E-mail").fill(admin.email);
  await page.getByLabel("Password").fill(admin.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page).toHaveURL(`${url}/`);
});

test("a project is shut to a member in its settings, and a disabled one is told so when they sign in", async ({
  browser,
}) => {
  const { slug } = await newWorkplace(page, "Secret scans", url);
  await page.goto("/settings/members");
  await page.getByRole("button", { name: "Invite" }).click();
  await page.getByRole("button", { name: "Create link" }).click();
  const link = (await page.getByRole("dialog").locator("pre").first().textContent())!;
  const theirs = await (await browser.newContext({ baseURL: url })).newPage();
  await spendLink(theirs, link, grace);
  await expect(theirs.getByText("Secret scans").first()).toBeVisible();

  await page.goto(`/projects/${slug}/settings`);
  const here = page.getByLabel(`Role of ${grace.name} here`);
  await here.selectOption("no access");
  await expect(page.getByText(`${grace.name}: no access now.`, { exact: true })).toBeVisible();
  await theirs.goto("/");
  await expect(theirs.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(theirs.getByText("Secret scans")).toHaveCount(0);
  expect((await theirs.goto(`/projects/${slug}`))?.status()).toBe(404);
  await here.selectOption("viewer");
  await expect(page.getByText(`${grace.name}: viewer now.`, { exact: true })).toBeVisible();
  await theirs.goto(`/projects/${slug}/settings`);
  await expect(theirs.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(theirs.getByRole("button", { name: "New token" })).toHaveCount(0);

  await page.goto("/settings/members");
  const row = page.getByRole("row", { name: grace.email });
  await row.getByRole("button", { name: "Disable" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Disable" }).click();
  await expect(row).toContainText("disabled");
  await theirs.goto("/sign-in");
  const enter = async () => {
    await theirs.getByLabel("E-mail").fill(grace.email);
    await theirs.getByLabel("Password").fill(grace.password);
    await theirs.getByRole("button", { name: "Sign in", exact: true }).click();
  };
  await enter();
  await expect(theirs.getByRole("alert").filter({ hasText: "This account is disabled" }).first()).toBeVisible();
  await row.getByRole("button", { name: "Enable" }).click();
  await expect(row.getByRole("button", { name: "Disable" })).toBeVisible();
  await enter();
  await expect(theirs).toHaveURL(`${url}/`);
});

/** Makes an invitation through the page. */
async function invite(email: string): Promise<string> {
  await page.goto("/settings/members");
  await page.getByRole("button", { name: "Invite" }).click();
  await page.getByLabel("E-mail").fill(email);
  await page.getByRole("button", { name: "Create link" }).click();
  return (await page.getByRole("dialog").locator("pre").first().textContent())!;
}

test("who is invited comes in by the provider and again by it; strangers, the unverified and the disabled don't", async ({
  browser,
}) => {
  const alan = { email: "alan@example.org", email_verified: true, name: "Alan Turing" };
  provider.people.set("alan", alan);
  provider.people.set("stranger", { email: "stranger@example.org", email_verified: true });
  provider.people.set("unsure", { ...alan, email_verified: false });
  const theirs = await (await browser.newContext({ baseURL: url })).newPage();
  await theirs.goto(await invite(alan.email));
  await expect(theirs.getByRole("heading", { name: "Join this workspace" })).toBeVisible();
  expect(await violationsInBoth(theirs)).toEqual([]);
  await theirs.getByRole("button", { name: "Accept with Lab accounts" }).click();
  await passProvider(theirs, "alan");
  await expect(theirs).toHaveURL(`${url}/`);

  // the account says so, and the only way in can't be taken away
  await theirs.goto("/settings/account");
  const section = theirs.getByRole("region", { name: "Lab accounts" });
  await expect(section.getByRole("listitem")).toContainText("joined");
  expect(await violationsInBoth(theirs)).toEqual([]);
  await section.getByRole("button", { name: "Part from Lab accounts" }).click();
  await theirs.getByRole("dialog").getByRole("button", { name: "Part", exact: true }).click();
  await expect(theirs.getByRole("alert").filter({ hasText: "only way to sign in" })).toBeVisible();
  await theirs.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
  await theirs.getByRole("button", { name: "Sign out", exact: true }).click();
  await expect(theirs).toHaveURL(/sign-in/);

  // the provider still knows them, and a link leads where it led
  await theirs.goto("/settings/account");
  await theirs.getByRole("link", { name: "Sign in with Lab accounts" }).click();
  await expect(theirs).toHaveURL(`${url}/settings/account`);
  await expect(theirs.getByText(`${alan.email}, member of this workspace.`)).toBeVisible();

  const refused = async (name: string, words: string) => {
    const other = await (await browser.newContext({ baseURL: url })).newPage();
    await other.goto("/sign-in?next=%2Finbox");
    await other.getByRole("link", { name: "Sign in with Lab accounts" }).click();
    await passProvider(other, name);
    await expect(other.getByRole("alert").filter({ hasText: words })).toBeVisible();
    await expect(other).toHaveURL(/\/sign-in\?refused=\w+&next=%2Finbox$/);
    await other.context().close();
  };
  await refused("stranger", "No member has the address");
  await refused("unsure", "doesn’t say that your e-mail address is verified");
  await page.goto("/settings/members");
  const row = page.getByRole("row", { name: alan.email });
  await row.getByRole("button", { name: "Disable" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Disable" }).click();
  await expect(row).toContainText("disabled");
  await refused("alan", "This account is disabled");
  await page.goto("/settings/audit?what=provider.join");
  await expect(page.getByTestId("audit").getByRole("row", { name: "provider.join" })).toContainText("Alan Turing");
});
