/** The queue's page and the form that queues an edited copy of a run, with a worker that speaks the API. */
import type { ClaimAnswer, Renewal, Worker } from "../lib/wire/studies/trials.ts";
import { violationsInBoth } from "./axe.ts";
import { makeManifest } from "./evaluated-runs.ts";
import { expect, newWorkplace, test, url, type Workplace } from "./workspace.ts";

async function post<Answer>({ token }: Workplace, route: string, body: unknown): Promise<Answer> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const answer = await fetch(`${url}/api/v1/${route}`, { method: "POST", headers, body: JSON.stringify(body) });
  expect(answer.status, await answer.clone().text()).toBe(200);
  return (await answer.json()) as Answer;
}

test("a run's config is edited and queued, a worker takes it, and what people do with it is heard", async ({
  page,
}) => {
  const place = await newWorkplace(page, "Queues");
  const manifest = await makeManifest(place);
  const config = { family: "cnn", filters: [8, 16], batchNorm: true, optimizer: { name: "adam", learningRate: 0.001 } };
  const run = await post<{ id: string }>(place, "runs", { name: "first", config, seed: 3, manifest });

  const queue = `/projects/${place.slug}/queue`;
  await page.goto(queue);
  await expect(page.getByRole("heading", { name: "Nothing is queued yet" })).toBeVisible();
  expect(await violationsInBoth(page)).toEqual([]);

  await page.goto(`/projects/${place.slug}/runs/${run.id}`);
  await page.getByRole("button", { name: "Actions for first" }).click();
  await page.getByRole("menuitem", { name: "Copy and queue…" }).click();
  await expect(page).toHaveURL(new RegExp(`${queue}/new\\?copy=${run.id}`));
  await expect(page.getByText("The same config as the original's.")).toBeVisible();
  const rate = page.getByLabel("learningRate of optimizer.learningRate");
  await rate.fill("fast");
  await expect(page.getByText('expected a number, such as 0.001 or 1e-3; "fast" is none')).toBeVisible();
  await expect(page.getByRole("button", { name: "Queue the copy" })).toBeDisabled();
  await rate.fill("0.01");
  await page.getByRole("button", { name: "Leave out batchNorm" }).click();
  await page.getByLabel("A further key").fill("schedule.name");
  await page.getByLabel("Its value").fill("cosine");
  await page.getByRole("button", { name: "Add the key" }).click();
  await expect(page.getByText("optimizer.learningRate: 0.001 → 0.01")).toBeVisible();
  await expect(page.getByText("batchNorm: true → nothing")).toBeVisible();
  await page.getByLabel("Labels").fill("gpu, a 100%");
  await page.getByRole("button", { name: "Queue the copy" }).click();
  await expect(page.getByText(/"100%": up to 60 letters/)).toBeVisible();
  await page.getByLabel("Labels").fill("gpu");
  expect(await violationsInBoth(page)).toEqual([]);
  await page.getByRole("button", { name: "Queue the copy" }).click();
  await expect(page).toHaveURL(new RegExp(`${queue}$`));
  await expect(page.getByRole("heading", { name: "Waiting: 1 trial" })).toBeVisible();

  const priority = page.getByLabel("Priority of first, copy");
  await priority.fill("7");
  await priority.press("Enter");
  await expect(priority).toHaveValue("7");
  await page.getByRole("button", { name: "Pause first, copy" }).click();
  await expect(page.getByRole("cell", { name: "queued paused" })).toBeVisible();
  await page.getByRole("button", { name: "Go on with first, copy" }).click();
  await expect(page.getByRole("cell", { name: "queued", exact: true })).toBeVisible();

  // a worker takes it, and the open page says so
  const { id } = await post<Worker>(place, "workers", { name: "gpu-7", labels: ["gpu"] });
  const { trial } = await post<ClaimAnswer>(place, "trials/claim", { worker: id });
  expect(trial?.run).toMatchObject({
    name: "first, copy",
    seed: 3,
    manifest,
    config: {
      family: "cnn",
      filters: [8, 16],
      optimizer: { name: "adam", learningRate: 0.01 },
      schedule: { name: "cosine" },
    },
  });
  await expect(page.getByRole("heading", { name: "Running: 1 trial" })).toBeVisible();
  await expect(page.getByRole("row", { name: /^gpu-7 gpu training first, copy/ })).toBeVisible();
  await page.getByRole("button", { name: "Stop first, copy" }).click();
  await expect(page.getByText("is told to stop")).toBeVisible();
  const lease = { lease: trial!.lease };
  expect((await post<Renewal>(place, `trials/${trial!.trial}/renew`, lease)).signal).toBe("stop");
  await post(place, `trials/${trial!.trial}/tell`, { ...lease, outcome: "stopped" });
  await expect(page.getByRole("heading", { name: "Ended: 1 trial" })).toBeVisible();
  await page.getByRole("button", { name: "Drain gpu-7" }).click();
  await expect(page.getByRole("cell", { name: "draining" })).toBeVisible();
  expect(await post<ClaimAnswer>(place, "trials/claim", { worker: id })).toEqual({ trial: null, isDraining: true });
  await page.getByRole("button", { name: "Try again first, copy" }).click();
  await expect(page.getByRole("heading", { name: "Waiting: 1 trial" })).toBeVisible();
  expect(await violationsInBoth(page)).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});
