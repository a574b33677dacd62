/** A study from its plan to its conclusion, as a member sees it. */
import { violationsOf } from "./axe.ts";
import { ask, expect, newWorkplace, test, url, type Workplace } from "./workspace.ts";

async function post<Answer>({ token }: Workplace, route: string, body: unknown): Promise<Answer> {
  const response = await fetch(`${url}/api/v1/${route}`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(response.status, await response.clone().text()).toBe(200);
  return (await response.json()) as Answer;
}

async function makeManifest(place: Workplace): Promise<void> {
  const dataset = { name: `studies of ${place.slug}`, version: "1" };
  const key = Array.from({ length: 20 }, (_, at) => `sample ${at}`);
  const { id } = await post<{ id: string }>(place, "datasets", dataset);
  const text = key.map((name, at) => `${name} says ${at ** 3} and nothing that another says`);
  await post(place, `datasets/${id}/samples`, { key, label: key.map(() => "cat"), text });
  await post(place, `datasets/${id}/complete`, {});
  await post(place, "manifests", { name: "split", dataset, method: "random", seed: 1 });
}

/** What a program of its own does: asks for a trial, trains it elsewhere, and tells what came of it. */
async function trainAll(place: Workplace, study: string, values: number[]): Promise<void> {
  for (const value of values) {
    const { trial } = await post<{ trial: { trial: string; lease: string } }>(place, `studies/${study}/ask`, {});
    await post(place, `trials/${trial.trial}/tell`, { lease: trial.lease, outcome: "finished", value });
  }
}

test("a study is planned against a warning with a reason, opened, fed by a program, and concluded once it was read", async ({
  page,
}) => {
  test.setTimeout(120_000);
  const place = await newWorkplace(page, "Studies");
  await makeManifest(place);
  await page.goto(`/projects/${place.slug}/studies`);
  await page.getByRole("link", { name: "New study" }).click();
  await page.getByLabel("Title").fill("Which batch size?");
  const base = { family: "cnn", batchSize: 32, epochs: 2, optimizer: { name: "adam", learningRate: 0.001 } };
  await page.getByLabel("Config of the base").fill(JSON.stringify(base));
  await page.getByLabel("Metric").fill("accuracy");
  await page.getByLabel("Add a parameter").fill("batchSize");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  const warnings = page.getByRole("region", { name: "Warnings of the playbook" });
  await expect(warnings).toContainText("Batch size compared without re-tuning");
  await warnings.getByLabel(/Why it is meant so \(P6\)/).fill("To see what one rate costs.");
  await page.getByLabel("Trials", { exact: true }).fill("4");
  expect(await violationsOf(page)).toEqual([]);
  await page.getByRole("button", { name: "Make the study" }).click();

  await expect(page.getByRole("heading", { level: 1 })).toHaveText("1. Which batch size?");
  await page.getByRole("button", { name: "Open", exact: true }).click();
  await page.getByRole("button", { name: "Open it" }).click();
  await expect(page.getByRole("button", { name: "Pause" })).toBeVisible();

  const { studies } = await ask<{ studies: { id: string }[] }>(place.token, `projects/${place.slug}/studies`);
  await trainAll(place, studies[0]!.id, [0.7, 0.9, 0.8, 0.6]);
  await page.reload();
  const standing = page.getByRole("region", { name: "Where we stand" });
  await expect(standing).toContainText("0.9");
  await expect(standing).toContainText("Noise floor unknown");
  await expect(page.getByRole("region", { name: "Comparisons" })).toContainText("one seed: unknown");
  expect(await violationsOf(page)).toEqual([]);

  await page.getByRole("button", { name: "Conclude" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("What was learnt").fill("Smaller is as good (C1).");
  await dialog.getByRole("button", { name: "Conclude" }).click();
  // nothing was answered, and no curve opened
  await expect(dialog).toContainText("is unanswered");
  for (const select of await dialog.getByLabel(/\(P[\d, P]+\)$/).all()) await select.selectOption("no");
  await dialog.getByLabel("Or why they weren’t looked at").fill("The program logs no points.");
  await dialog.getByRole("button", { name: "Conclude" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("region", { name: "Story" })).toContainText("Every sentence names its comparison.");
  await page.goto(`/projects/${place.slug}/studies`);
  await expect(page.getByRole("row", { name: /Which batch size\?/ })).toContainText("adopted");
});
