/** What specs share: the first admin, signed in through the page as a person would be, and a project with a token. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Browser, type BrowserContext, test as base, expect, type Locator, type Page } from "@playwright/test";
import type { SeriesPoints } from "../lib/wire/points/points.ts";
import type { SeriesList } from "../lib/wire/points/series.ts";
import type { Project } from "../lib/wire/projects.ts";
import { serverHere } from "./setup.ts";

export { expect };
/** The checkout. */
export const root = path.resolve(import.meta.dirname, "..");
/** Whether randomised tests run at their full count, and those that take minutes at all. */
export const isSlow = process.env.HOLDOUT_TEST_SLOW !== undefined;
/** How many deaths a test deals out: few, its full count where randomised tests run in full, or as HOLDOUT_TEST_KILLS says. */
export const killsOf = (few: number, full: number): number =>
  Number(process.env.HOLDOUT_TEST_KILLS || (isSlow ? full : few));
const server = serverHere();
export const url = server?.url ?? "";
export const admin = { name: "Ada Lovelace", email: "ada@example.org", password: "analytical engine no. 1" };

// the link is spent once for all specs of a server: who comes later finds the session in this file
const sessionFile = path.join(tmpdir(), `holdout-e2e-session-${server?.pid ?? "none"}.json`);

/** Fills in and sends the form behind a one-time link. */
export async function spendLink(page: Page, link: string, person: typeof admin): Promise<void> {
  await page.goto(link);
  await page.getByLabel("E-mail").fill(person.email);
  await page.getByLabel("Name").fill(person.name);
  await page.getByLabel("Password").fill(person.password);
  await page.getByRole("button", { name: /^Join as/ }).click();
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
      await spendLink(await first.newPage(), server?.link ?? "", admin);
      await first.storageState({ path: sessionFile });
      await first.close();
    }
    const context = await browser.newContext({ baseURL: url, storageState: sessionFile });
    watchForErrors(context, strayErrors);
    await use(context);
    await context.close();
  },
  page: async ({ context }, use) => use(await context.newPage()),
});

/** Notes what the pages of a browser complain about, save requests that failed because the network was cut. */
export function watchForErrors(context: BrowserContext, errors: string[]): void {
  context.on("console", (message) => {
    if (message.type() === "error" && !/net::ERR_/.test(message.text()))
      errors.push(`${message.text()} ${message.location().url}`);
  });
  context.on("weberror", (error) => errors.push(String(error.error())));
}

/** Invites a person as a member; they join in a browser of their own. */
export async function joinAsMember(
  page: Page,
  browser: Browser,
  strayErrors: string[],
  person: typeof admin,
): Promise<Page> {
  await page.goto("/settings/members");
  await page.getByRole("button", { name: "Invite" }).click();
  await page.getByLabel("Role", { exact: true }).selectOption("member");
  await page.getByRole("button", { name: "Create link" }).click();
  const link = (await page.getByRole("dialog").locator("pre").first().textContent())!;
  const context = await browser.newContext({ baseURL: url });
  watchForErrors(context, strayErrors);
  const theirs = await context.newPage();
  await spendLink(theirs, link, person);
  return theirs;
}

export type Workplace = { slug: string; token: string };

/** Makes a project by the API of the server at `at`, as whoever is signed in, and a token for its machines. */
export async function newWorkplace(page: Page, name: string, at = url): Promise<Workplace> {
  const { slug } = await postAsMember<Project>(page, `${at}/api/v1/projects`, { name });
  return { slug, token: await newToken(page, slug, at) };
}

/** Makes a token of scope ingest, as whoever is signed in. */
export async function newToken(page: Page, slug: string, at = url): Promise<string> {
  const token = { name: "a machine", scope: "ingest" };
  return (await postAsMember<{ secret: string }>(page, `${at}/api/v1/projects/${slug}/tokens`, token)).secret;
}

async function postAsMember<Answer>(page: Page, to: string, data: object): Promise<Answer> {
  // a browser says by itself where a request comes from
  const answer = await page.request.post(to, { headers: { origin: new URL(to).origin }, data });
  expect(answer.status(), await answer.text()).toBe(200);
  return (await answer.json()) as Answer;
}

/** Makes a project and a token for its machines, through the pages alone. */
export async function newWorkplaceByHand(page: Page, name: string): Promise<Workplace> {
  await page.goto("/");
  await page.getByRole("button", { name: "New project" }).click();
  await page.getByRole("dialog").getByLabel("Name").fill(name);
  await page.getByRole("button", { name: "Create project" }).click();
  await expect(page).toHaveURL(/\/projects\/[^/]+$/);
  const slug = page.url().split("/").at(-1)!;
  return { slug, token: await newTokenByHand(page, slug) };
}

/** Makes a token of scope ingest through the page. */
export async function newTokenByHand(page: Page, slug: string, name = "a machine"): Promise<string> {
  await page.goto(`/projects/${slug}/settings`);
  await page.getByRole("button", { name: "New token" }).click();
  await page.getByRole("dialog").getByLabel("Name").fill(name);
  await page.getByRole("button", { name: "Create token" }).click();
  const shown = page.getByRole("dialog").locator("pre").first();
  await expect(shown).toHaveText(/^hold_\S+$/);
  return (await shown.textContent())!;
}

/** Asks the API as a machine; throws for an answer that is a problem. */
export async function ask<Answer>(token: string, route: string, at = url): Promise<Answer> {
  const response = await fetch(`${at}/api/v1/${route}`, { headers: { authorization: `Bearer ${token}` } });
  if (!response.ok) throw new Error(`GET ${route}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Answer;
}

export const seriesOf = async (token: string, run: string, at = url): Promise<SeriesList["series"]> =>
  (await ask<SeriesList>(token, `runs/${run}/series`, at)).series;

/** Steps of a series, as the server has them. */
export async function stepsOf(token: string, run: string, key: string, at = url): Promise<number[]> {
  const answer = await ask<SeriesPoints>(token, `runs/${run}/metrics?px=4000&series=${encodeURIComponent(key)}`, at);
  return answer.series[0]?.steps ?? [];
}

export type Trainer = {
  child: ChildProcess;
  /** Everything that it printed so far. */
  said: () => string;
  /** Its exit code; null: a signal ended it. */
  ended: Promise<number | null>;
};

/** Starts a command of the trainer as a process of its own. */
export function startTrainer(place: { url: string; token: string; spool: string }, ...args: string[]): Trainer {
  const child = spawn(process.execPath, ["--import", "tsx", "trainer/src/main.ts", ...args], {
    cwd: root,
    env: { ...process.env, HOLDOUT_URL: place.url, HOLDOUT_TOKEN: place.token, HOLDOUT_SPOOL_DIR: place.spool },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => {
      said += chunk;
    });
  return { child, said: () => said, ended: once(child, "close").then(([code]) => code as number | null) };
}

/** Ticks a box, also of a page whose script isn't there yet: its box shows the tick once it is. */
export async function tick(box: Locator): Promise<void> {
  if (!(await box.isChecked())) await box.click();
  await expect(box).toBeChecked();
}

/** The row of a chart's hidden summary that speaks of a series. */
export const summaryRow = (page: Page, series: string) =>
  // within main: while a page streams in, its parts stand hidden behind it for a moment
  page.locator("#main").getByTestId("chart-summary").locator(`tr[data-series="${series}"]`);
