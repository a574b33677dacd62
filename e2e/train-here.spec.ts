/** A model trains in the browser, with nothing installed, and its run is as any trainer's. */
import type { Page } from "@playwright/test";
import type { SeriesPoints } from "../lib/wire/points/points.ts";
import type { Run, RunList } from "../lib/wire/runs.ts";
import { start } from "./table-runs.ts";
import { ask, expect, newWorkplace, stepsOf, test, url, type Workplace } from "./workspace.ts";

/** What guessing reaches is .5, and what a straight line does below .7. */
const ACCURACY_MIN = 0.9;

const newestRun = async ({ token }: Workplace): Promise<Run> => (await ask<RunList>(token, "runs?limit=1")).runs[0]!;

/** The token by which the page's worker logs: nothing shows it, but its own requests carry it. */
const tokenOf = (page: Page): Promise<string> =>
  page
    .context()
    .waitForEvent("request", (request) => /\/runs\/[^/]+\/writers$/.test(request.url()))
    .then(async (request) => (await request.headerValue("authorization"))!);

async function statusOf(authorization: string, method: "GET" | "POST", route: string, body?: unknown): Promise<number> {
  const init = body === undefined ? {} : { body: JSON.stringify(body) };
  const headers = { authorization, "content-type": "application/json" };
  return (await fetch(`${url}/api/v1/${route}`, { method, headers, ...init })).status;
}

test("on an empty project a model trains in the page, through an outage, by a token of its run alone", async ({
  page,
}) => {
  const place = await newWorkplace(page, "Trained here");
  await page.goto(`/projects/${place.slug}`);
  await page.getByRole("link", { name: "Train one now" }).click();
  const training = page.getByRole("region", { name: "Training", exact: true });

  await page.context().route("**/metrics", (route) => route.abort());
  const asked = tokenOf(page);
  await page.getByRole("button", { name: "Train", exact: true }).click();
  const authorization = await asked;
  await expect(training.getByRole("alert")).toContainText("in this tab, to go out when it is back");
  const run = await newestRun(place);
  const other = await start(place, { name: "another run", config: {} });
  const writer = { writer: crypto.randomUUID() };
  expect(await statusOf(authorization, "POST", `runs/${run.id}/heartbeat`, writer)).toBe(404); // no such writer
  expect(await statusOf(authorization, "POST", `runs/${other.id}/writers`, writer)).toBe(404);
  expect(await statusOf(authorization, "POST", `runs/${other.id}/finish`, { status: "finished" })).toBe(404);
  expect(await statusOf(authorization, "POST", "runs", { name: "a run of its own" })).toBe(403);
  expect(await statusOf(authorization, "GET", `runs/${run.id}`)).toBe(403);

  await page.context().unroute("**/metrics");
  await expect(training.getByRole("status")).toHaveText("Finished.", { timeout: 30_000 });
  await expect(training.getByRole("alert")).toHaveCount(0);
  const ended = await ask<Run>(place.token, `runs/${run.id}`);
  expect(ended).toMatchObject({ status: "finished", seed: 1, pointsLost: 0 });
  expect(ended.environment).toMatchObject({ source: "trained in the browser" });
  expect(["webgl", "wasm"]).toContain(ended.environment.backend);
  expect(await stepsOf(place.token, run.id, "train/loss")).toEqual(Array.from({ length: 600 }, (_, step) => step));
  const { series } = await ask<SeriesPoints>(place.token, `runs/${run.id}/metrics?series=validation/accuracy`);
  expect(Number(series[0]!.values.at(-1))).toBeGreaterThan(ACCURACY_MIN);
  await expect.poll(() => statusOf(authorization, "POST", `runs/${run.id}/heartbeat`, writer)).toBe(401);
});

test("another learning rate makes a comparison, and a page that is left ends its run", async ({ page }) => {
  const place = await newWorkplace(page, "Trained here again");
  await page.goto(`/projects/${place.slug}/train`);
  const status = page.getByRole("region", { name: "Training", exact: true }).getByRole("status");
  await page.getByLabel("Epochs").fill("3");
  await page.getByRole("button", { name: "Train", exact: true }).click();
  await page.getByRole("button", { name: "Again with learning rate 0.003" }).click();
  await page.getByRole("link", { name: "Compare these 2 runs" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Compare");
  // the training of a tab is known on all its pages
  await page.goBack();
  await page.getByLabel("Epochs").fill("500");
  await page.getByRole("button", { name: "Train again" }).click();
  await expect(status).toHaveText("Trains.");
  const { id } = await newestRun(place);
  await page.goto("/");
  await expect.poll(async () => (await ask<Run>(place.token, `runs/${id}`)).status).toBe("killed");
});
