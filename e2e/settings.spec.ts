/** The settings: an invitation that leads to a view, the audit, what is left of purged runs, and all of them on a phone. */
import { readFileSync } from "node:fs";
import type { Browser, Page } from "@playwright/test";
import { createRun } from "../trainer/src/client/client.ts";
import { admin, expect, newWorkplace, test, url, type Workplace } from "./workspace.ts";

async function startRun({ token }: Workplace, name: string, spoolDir: string): Promise<string> {
  const run = await createRun({
    url,
    token,
    spoolDir,
    code: false,
    console: false,
    system: false,
    name,
    config: { lr: 0.1 },
  });
  await run.finish();
  return run.id;
}

/** Has an invitation made for a viewer who is to land on `leadsTo`. */
async function invite(page: Page, leadsTo: string): Promise<string> {
  await page.goto("/settings/members");
  await page.getByRole("button", { name: "Invite" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Role").selectOption("viewer");
  await dialog.getByLabel("Page to land on").fill("https://evil.example/");
  await dialog.getByRole("button", { name: "Create link" }).click();
  await expect(dialog.getByRole("alert").filter({ hasText: "is no address of this site" }).first()).toBeVisible();
  await dialog.getByLabel("Page to land on").fill(leadsTo);
  await dialog.getByRole("button", { name: "Create link" }).click();
  const link = dialog.locator("pre");
  await expect(link).toHaveText(/\/link\?next=.*#\S+$/);
  return (await link.textContent())!;
}

/** Another person in a browser of their own. */
async function join(browser: Browser, link: string, email: string): Promise<Page> {
  const page = await (await browser.newContext({ baseURL: url })).newPage();
  await page.goto(link);
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Name").fill("Margaret Hamilton");
  await page.getByLabel("Password").fill("a compiler of some length");
  await page.getByRole("button", { name: "Join as viewer" }).click();
  return page;
}

test("an invited viewer lands on the view that was shared, and every settings page fits a phone", async ({
  page,
  browser,
}, { outputDir }) => {
  const place = await newWorkplace(page, "Shared");
  for (const name of ["wanted run", "another one"]) await startRun(place, name, outputDir);
  const view = `/projects/${place.slug}?q=wanted&sort=name`;
  const email = `somebody-with-a-very-long-name.and-more-of-it.${Date.now()}@a-department-of-some-institute.example.org`;
  const theirs = await join(browser, await invite(page, `${url}${view}`), email);
  await expect(theirs).toHaveURL(`${url}${view}`);
  await expect(theirs.getByTestId("runs").locator("tbody tr a")).toHaveText(["wanted run"]);
  await theirs.context().close();

  await page.setViewportSize({ width: 390, height: 844 });
  const routes = ["account", "members", "workspace", "datasets", "audit"].map((name) => `/settings/${name}`);
  for (const route of [...routes, `/projects/${place.slug}/settings`]) {
    await page.goto(route);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), route).toBeLessThanOrEqual(0);
  }
  await page.goto("/settings/members");
  const role = page.getByLabel("Role of Margaret Hamilton");
  await expect(role).toBeInViewport({ ratio: 1 });
  await expect(page.getByText(email).filter({ visible: true })).toBeInViewport({ ratio: 1 });
});

test("the audit tells people from machines, names what they did it to, is filtered by the address and saved as CSV", async ({
  page,
}, { outputDir }) => {
  const place = await newWorkplace(page, "Audited");
  const run = await startRun(place, "to be purged", outputDir);
  await page.goto(`/projects/${place.slug}/runs/${run}`);
  await page.getByRole("button", { name: "Actions for to be purged" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await expect(page.getByText("to be purged is deleted.", { exact: true })).toBeVisible();
  await page.goto(`/projects/${place.slug}/settings`);
  await page.getByRole("region", { name: "Deleted runs" }).getByRole("button", { name: "Purge" }).click();
  await page.getByRole("button", { name: "Purge for good" }).click();
  const purged = page.getByRole("region", { name: "Purged runs" });
  await purged.getByText("to be purged").click();
  await expect(purged).toContainText(`by ${admin.name}`);
  await expect(purged).toContainText("lr0.1");

  await page.goto("/settings/audit");
  const rows = page.getByTestId("audit").locator("tbody tr");
  await expect(rows.first()).toContainText(admin.name);
  await expect(rows.first()).toContainText("run.purge");
  await expect(rows.first()).toContainText("run to be purged");
  await expect(rows.first()).toContainText("Audited");
  await expect(rows.filter({ hasText: "(token)" })).toHaveCount(0);
  await page.getByLabel("What", { exact: true }).fill("run.delete purged");
  await page.getByRole("button", { name: "Filter" }).click();
  await expect(page).toHaveURL(/what=run.delete/);
  await expect(rows).toHaveCount(1);
  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: "CSV" }).click();
  const csv = readFileSync((await (await saved).path())!, "utf8");
  expect(csv.trim().split("\r\n")).toHaveLength(2);
  expect(csv).toContain("run.delete,to be purged");
  await page.getByRole("link", { name: "Clear" }).click();
  await page.getByRole("link", { name: "By machines" }).click();
  await expect(page).toHaveURL(/by=machines/);
  // other specs' machines did much since
  await page.getByLabel("What", { exact: true }).fill("run.end");
  await page.getByRole("button", { name: "Filter" }).click();
  await expect(page).toHaveURL(/what=run.end/);
  await expect(rows.filter({ hasText: "run.end" }).first()).toContainText("(token)");
  // a machine tells in its own words who stopped a run: who did it stands in the second column
  await expect(rows.locator("td:nth-child(2)").filter({ hasText: admin.name })).toHaveCount(0);
});
