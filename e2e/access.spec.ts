/** Who leaves takes nothing along, and a dataset reaches the projects that it was given to: through the pages of an admin. */
import type { Browser, Page } from "@playwright/test";
import { ask, expect, newTokenByHand, newWorkplace, spendLink, test, tick, url, type Workplace } from "./workspace.ts";

const grace = { name: "Grace Hopper", email: "grace@example.org", password: "nanoseconds of wire" };

/** Another admin, who came by an invitation. */
async function invite(page: Page, browser: Browser): Promise<Page> {
  await page.goto("/settings/members");
  await page.getByRole("button", { name: "Invite" }).click();
  await page.getByLabel("Role", { exact: true }).selectOption("admin");
  await page.getByRole("button", { name: "Create link" }).click();
  const link = (await page.getByRole("dialog").locator("pre").first().textContent())!;
  const theirs = await (await browser.newContext({ baseURL: url })).newPage();
  await spendLink(theirs, link, grace);
  return theirs;
}

const statusOf = async (token: string, route: string): Promise<number> =>
  (await fetch(`${url}/api/v1/${route}`, { headers: { authorization: `Bearer ${token}` } })).status;

test("a member who is removed takes nothing along but the token that is kept", async ({ page, browser }) => {
  const { slug } = await newWorkplace(page, "Leaving");
  const theirs = await invite(page, browser);
  const [trainer, old] = [
    await newTokenByHand(theirs, slug, "gpu node 4"),
    await newTokenByHand(theirs, slug, "an old job"),
  ];
  await page.goto("/settings/members");
  await page.getByLabel(`Role of ${grace.name}`).selectOption("viewer");
  const asked = page.getByRole("dialog");
  await expect(asked.getByRole("checkbox")).toHaveCount(2);
  await asked.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByLabel(`Role of ${grace.name}`)).toHaveValue("admin");

  await page.getByRole("row", { name: grace.email }).getByRole("button", { name: "Remove" }).click();
  await tick(asked.getByRole("checkbox", { name: /gpu node 4/ }));
  await asked.getByRole("button", { name: "Remove" }).click();
  await expect(page.getByRole("cell", { name: grace.email })).toHaveCount(0);
  expect(await statusOf(trainer, "runs")).toBe(200);
  await expect.poll(() => statusOf(old, "runs")).toBe(401);
  await page.goto(`/projects/${slug}/settings`);
  await expect(page.getByRole("row", { name: /an old job/ })).toContainText("revoked");
  await expect(page.getByRole("row", { name: /gpu node 4/ })).toContainText("Revoke");
  await theirs.goto("/");
  await expect(theirs).toHaveURL(/\/sign-in/);
  await theirs.context().close();
});

async function registerDataset({ token }: Workplace, name: string): Promise<void> {
  const response = await fetch(`${url}/api/v1/datasets`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ name, version: "1" }),
  });
  expect(response.status).toBe(200);
}

/** Names of the datasets that a token reaches. */
const reachedBy = async ({ token }: Workplace): Promise<string[]> =>
  (await ask<{ datasets: { name: string }[] }>(token, "datasets")).datasets.map(({ name }) => name);

test("a dataset is given to another project, whose token then reaches it, and taken away again", async ({ page }) => {
  const [owner, other] = [await newWorkplace(page, "Owner of scans"), await newWorkplace(page, "Reader of scans")];
  await registerDataset(owner, "scans");
  expect(await reachedBy(other)).toEqual([]);
  await page.goto("/settings/datasets");
  await page.getByRole("button", { name: "Give scans 1 to a project" }).click();
  await page.getByRole("dialog").getByLabel("Project").selectOption("Reader of scans");
  await page.getByRole("dialog").getByRole("button", { name: "Give", exact: true }).click();
  const holders = page.getByRole("list", { name: "Projects of scans 1" });
  await expect(holders.getByRole("listitem")).toHaveText(["Owner of scans", "Reader of scans"]);
  expect(await reachedBy(other)).toEqual(["scans"]);

  await page.getByRole("button", { name: "Take scans 1 away from Reader of scans" }).click();
  await page.getByRole("button", { name: "Take away", exact: true }).click();
  await expect(holders.getByRole("listitem")).toHaveText(["Owner of scans"]);
  expect(await reachedBy(other)).toEqual([]);
  expect(await reachedBy(owner)).toEqual(["scans"]);
});
