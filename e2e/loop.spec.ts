/** A loop on its page: begun, simulated, its runs queued and handed in; and the hook that a script has for it. */
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { promisify } from "node:util";
import type { Study } from "../lib/wire/studies/studies.ts";
import type { ClaimAnswer, Worker } from "../lib/wire/studies/trials.ts";
import { violationsInBoth } from "./axe.ts";
import { ask, expect, newWorkplace, root, test, url, type Workplace } from "./workspace.ts";

const run = promisify(execFile);
const PHONE = { width: 390, height: 844 };

async function post<Answer>({ token }: Workplace, route: string, body: unknown): Promise<Answer> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const answer = await fetch(`${url}/api/v1/${route}`, { method: "POST", headers, body: JSON.stringify(body) });
  expect(answer.status, await answer.clone().text()).toBe(200);
  return (await answer.json()) as Answer;
}

async function logLoss(place: Workplace, id: string, loss: number): Promise<void> {
  const writer = randomUUID();
  await post(place, `runs/${id}/writers`, { writer });
  const groups = [{ split: "train", steps: [1], times: [0], metrics: { loss: [loss] } }];
  await post(place, `runs/${id}/metrics`, { writer, sequence: 1, groups });
  await post(place, `runs/${id}/finish`, { status: "finished" });
}

/** A run as a script makes it. */
async function trained(
  place: Workplace,
  name: string,
  { rate, loss }: { rate: number; loss: number },
): Promise<string> {
  const { id } = await post<{ id: string }>(place, "runs", { name, config: { rate }, seed: 1 });
  await logLoss(place, id, loss);
  return id;
}

let seeds = 0;
/** Trains what waits, until nothing does: the loss is 0.5 less a tenth of the rate, and a little luck. */
async function workOff(place: Workplace, worker: string): Promise<void> {
  for (;;) {
    const { trial } = await post<ClaimAnswer>(place, "trials/claim", { worker });
    if (!trial) return;
    await logLoss(place, trial.run.id, 0.5 - 0.1 * Number(trial.run.config.rate) + (seeds++ % 5) * 1e-4);
  }
}

test("a loop is begun, a ruling's runs are queued and handed in, and a script has its candidate ruled on", async ({
  page,
}) => {
  test.setTimeout(90_000);
  const place = await newWorkplace(page, "Loops");
  const objective = { metric: "loss", split: "train", direction: "min" };
  const study = await post<Study>(place, "studies", { title: "A loop", mode: "loop", objective });
  await trained(place, "the first", { rate: 0, loss: 0.5 });
  const { id: worker } = await post<Worker>(place, "workers", { name: "w" });

  await page.goto(`/projects/${place.slug}/studies/${study.number}`);
  await page.getByRole("link", { name: "Begin the loop" }).click();
  await page.getByLabel("Noise floor", { exact: true }).fill("0.01");
  await page.getByLabel("Candidates", { exact: true }).fill("1000");
  await page.getByRole("button", { name: "Simulate 100 loops" }).click();
  await expect(page.getByText("a whole number from 1 to 400")).toBeVisible();
  await page.getByLabel("Candidates", { exact: true }).fill("30");
  await page.getByRole("button", { name: "Simulate 100 loops" }).click();
  await expect(page.getByText("100 loops, seeds 1 to 100")).toBeVisible();
  // as many runs as candidates, and one of what it began with
  await expect(page.getByRole("row", { name: /^keep what is higher once 31 / })).toBeVisible();
  expect(await violationsInBoth(page)).toEqual([]);
  await page.getByLabel("Share of false keeps").fill("2");
  await page.getByRole("button", { name: "Begin the loop" }).click();
  await expect(page.getByLabel("Share of false keeps")).toHaveAttribute("aria-invalid", "true");
  await page.getByLabel("Share of false keeps").fill("0.1");
  await page.getByRole("button", { name: "Begin the loop" }).click();
  await expect(page.getByText("No candidate has been handed in yet.")).toBeVisible();

  const candidate = await trained(place, "better", { rate: 1, loss: 0.4 });
  await post(place, `studies/${study.id}/rulings`, { runs: [candidate] });
  await page.reload();
  await expect(page.getByText("2 runs to be queued")).toBeVisible();
  await page.getByRole("button", { name: "Queue these runs" }).click();
  await expect(page.getByText("2 runs in the queue")).toBeVisible();
  await workOff(place, worker);
  // the open page hears of it
  await page.getByRole("button", { name: "Hand them in" }).click();
  await expect(page.getByText("5 runs to be queued")).toBeVisible();

  // a script goes on from there, while the queue's worker trains
  const env = {
    ...process.env,
    HOLDOUT_URL: url,
    HOLDOUT_TOKEN: place.token,
    HOLDOUT_STUDY: study.id,
    HOLDOUT_PAUSE: "0.2",
  };
  const script = run("sh", ["trainer/referee.sh", candidate], { cwd: root, env });
  let isOver = false;
  const over = script.finally(() => {
    isOver = true;
  });
  while (!isOver) await workOff(place, worker);
  expect((await over).stdout).toBe("run-again: unconfirmed\nkeep: gain\n");
  const again = run("sh", ["trainer/referee.sh", candidate], { cwd: root, env });
  await expect(again).rejects.toMatchObject({ code: 12, stdout: "refused: seed-only\n" });

  await page.reload();
  await expect(
    page.getByText(/^Kept: better, and not by luck\. Gain 0\.0\d+ .* p below 0\.0001 at level/),
  ).toBeVisible();
  await expect(
    page.getByText(/Who keeps whatever is higher once would have kept 1 change of 1 candidate/),
  ).toBeVisible();
  await expect(page.getByText("1 place is spent")).toBeVisible();
  expect(await violationsInBoth(page)).toEqual([]);
  await page.getByRole("link", { name: "hours of training" }).click();
  await expect(page.getByText("loss of the incumbent, by hours of training")).toBeVisible();
  await page.setViewportSize(PHONE);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(PHONE.width);

  // what it holds is adopted, and begins the study that follows
  await page.goto(`/projects/${place.slug}/studies/${study.number}`);
  await page.getByRole("button", { name: "Conclude" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByLabel("Chosen run")).toHaveValue(candidate);
  await dialog.getByLabel("What was learnt").fill("Faster is better.");
  for (const select of await dialog.getByLabel(/\(P[\d, P]+\)$/).all()) await select.selectOption("no");
  expect(await violationsInBoth(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(PHONE.width);
  await dialog.getByRole("button", { name: "Conclude" }).click();
  await expect(dialog).toBeHidden();
  await page.getByRole("link", { name: "Study that follows", exact: true }).click();
  await expect(page.getByLabel("Config of the base")).toHaveValue(/^\{\s*"rate": 1\s*\}$/);
  await page.getByLabel("Title").fill("Finer");
  await page.getByLabel("Mode").selectOption("exploit");
  await page
    .getByRole("combobox", { name: "Search", exact: true })
    .selectOption({ label: "adaptive (Gaussian process)" });
  await page.getByRole("button", { name: "Make the study" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("2. Finer");
  const { studies } = await ask<{ studies: Study[] }>(place.token, `projects/${place.slug}/studies`);
  expect(studies[0]).toMatchObject({ parent: study.id, base: { rate: 1 }, search: { method: "gaussian-process" } });
  await page.goto(`/projects/${place.slug}/history`);
  await expect(page.getByRole("link", { name: "better" })).toBeVisible();
});
