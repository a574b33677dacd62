/** The server is killed while a model trains. */
import path from "node:path";
import { test as base } from "@playwright/test";
import { type App, startApp } from "../bin/servers/app.ts";
import type { Checkpoint } from "../lib/wire/checkpoints.ts";
import type { RunList } from "../lib/wire/runs.ts";
import {
  admin,
  ask,
  expect,
  newWorkplace,
  seriesOf,
  spendLink,
  startTrainer,
  stepsOf,
  summaryRow,
} from "./workspace.ts";

const test = base;
type CheckpointList = { checkpoints: Checkpoint[] };
let app: App;
test.beforeAll(async () => {
  app = await startApp();
});
test.afterAll(() => app.stop());

test("the server dies by kill -9 and comes back: training went on, and every point is there once", async ({
  browser,
}) => {
  test.setTimeout(240_000);
  const page = await (await browser.newContext({ baseURL: app.url })).newPage();
  await spendLink(page, app.link ?? "", admin);
  const { token } = await newWorkplace(page, "Crash", app.url);
  const epochs = 14;
  const flags = ["--family", "mlp", "--epochs", String(epochs), "--subset", "3000", "--testSubset", "100"];
  const spool = path.join(app.dataDir, "spool");
  const { said, ended } = startTrainer({ url: app.url, token, spool }, "train", ...flags);
  const epochDone = (epoch: number) => said().includes(`epoch ${epoch}/${epochs}`);
  await expect.poll(() => epochDone(2), { timeout: 100_000, intervals: [10] }).toBe(true);
  await page.goto(`${app.url}/runs/${/run ([0-9a-f-]{36})/.exec(said())?.[1]}`);
  await expect(summaryRow(page, "train/loss")).toBeAttached();
  await expect(page.locator('[data-live="live"]')).toBeVisible();
  await app.kill();
  await expect(page.locator('[data-live="reconnecting"]')).toBeVisible();
  const whenKilled = said();
  await expect.poll(() => said().length > whenKilled.length && epochDone(6), { timeout: 100_000 }).toBe(true);
  await app.start();
  expect(await ended).toBe(0);
  const [run] = (await ask<RunList>(token, "runs", app.url)).runs;
  expect(run).toMatchObject({ status: "finished", pointsLost: 0, attempts: 1 });
  const stepCount = Math.ceil(2500 / 64) * epochs;
  const expected = Array.from({ length: stepCount }, (_, step) => step);
  expect(await stepsOf(token, run!.id, "train/loss", app.url)).toEqual(expected);
  await expect(summaryRow(page, "train/loss")).toHaveAttribute("data-points", String(stepCount));
  const { checkpoints } = await ask<CheckpointList>(token, `runs/${run!.id}/checkpoints`, app.url);
  const stepsAndEpochs = checkpoints.map(({ step, epoch }) => [step, epoch]);
  expect(stepsAndEpochs).toEqual(Array.from({ length: epochs }, (_, at) => [(at + 1) * (stepCount / epochs), at + 1]));
  for (const series of await seriesOf(token, run!.id, app.url)) expect(series.overwrittenCount).toBe(0);
});
