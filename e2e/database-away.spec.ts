/** The database can't be reached for a while: pages say so and come back, and nothing that was typed is lost. */
import { randomBytes } from "node:crypto";
import { createConnection } from "node:net";
import { expect, type Page, test } from "@playwright/test";
import { type App, startApp, startBeside } from "../bin/servers/app.ts";
import { type Line, openLine } from "./line.ts";
import { admin, newWorkplace, spendLink } from "./workspace.ts";

/** Where the pages come from: a server whose way to the database can be cut. */
let app: App;
/** The server that the database belongs to. */
let first: App;
let line: Line;
let page: Page;
let slug = "";
test.beforeAll(async ({ browser }) => {
  const secret = { HOLDOUT_SECRET: randomBytes(32).toString("base64url") };
  first = await startApp(secret);
  const { DATABASE_URL: direct, DATABASE_APP_URL: asApp } = first.databaseUrls();
  line = await openLine(() => createConnection(`${new URL(direct).searchParams.get("host")}/.s.PGSQL.5432`));
  const through = (url: string) => {
    const { username, password, pathname } = new URL(url);
    return `postgres://${username}:${password}@127.0.0.1:${line.port}${pathname}`;
  };
  app = await startBeside(first, { ...secret, DATABASE_URL: through(direct), DATABASE_APP_URL: through(asApp) });
  page = await (await browser.newContext({ baseURL: app.url })).newPage();
  await spendLink(page, app.link!, admin);
  ({ slug } = await newWorkplace(page, "Away", app.url));
});
test.afterEach(() => line.mend());
test.afterAll(async () => {
  await app?.stop();
  line?.close();
  await first?.stop();
});

test("a page that is opened meanwhile says that the database is away, and comes back by itself", async () => {
  line.cut();
  for (const route of ["/", `/projects/${slug}`, `/projects/${slug}/settings`, "/settings/members"]) {
    await page.goto(route);
    await expect(page.getByRole("alert").filter({ hasText: "could not be shown" })).toBeVisible();
    await expect(page.getByText("The database is away. This page comes back by itself.")).toBeVisible();
  }
  await line.mend();
  await expect(page.getByRole("heading", { name: "Members" })).toBeVisible();
});

test("what somebody does meanwhile is refused in words, and what was typed waits for the next try", async () => {
  await page.goto("/");
  await page.getByRole("button", { name: "New project" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("Typed with care");
  line.cut();
  await dialog.getByRole("button", { name: "Create project" }).click();
  await expect(dialog.getByRole("alert")).toContainText("the database is away");
  await expect(dialog.getByLabel("Name")).toHaveValue("Typed with care");
  await line.mend();
  await dialog.getByRole("button", { name: "Create project" }).click();
  await expect(page).toHaveURL(/\/projects\/typed-with-care$/);
});

test("programs are told to come again, by token and by session", async () => {
  line.cut();
  const asked = [
    await fetch(`${app.url}/api/v1/runs`, { headers: { authorization: `Bearer hold_${"a".repeat(43)}` } }),
    await page.request.get("/api/v1/projects"),
    await page.request.get("/api/health"),
  ];
  for (const answer of asked) {
    expect(typeof answer.status === "function" ? answer.status() : answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ detail: expect.stringContaining("the database is away") });
  }
  await line.mend();
  await expect.poll(async () => (await page.request.get("/api/v1/projects")).status()).toBe(200);
});
