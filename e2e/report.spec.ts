/** A report from the client's predictions to paper: the number, a cell's samples, a figure as a file, the pair, the print. */
import { readFileSync } from "node:fs";
import { violationsInBoth } from "./axe.ts";
import { makeManifest, newEvaluated } from "./evaluated-runs.ts";
import { ask, expect, newWorkplace, test, tick } from "./workspace.ts";

test("predictions become a report: a cell opens its samples, a file of it is known again, and nine sections print on two pages", async ({
  page,
}) => {
  const place = await newWorkplace(page, "Reports");
  const manifest = await makeManifest(place);
  const good = await newEvaluated(place, manifest, { name: "good", wrong: 2 });
  const bad = await newEvaluated(place, manifest, { name: "bad", wrong: 25 });

  await page.goto(`/projects/${place.slug}/runs/${good.run}?tab=evaluations`);
  await page.getByRole("link", { name: "validation", exact: true }).click();
  await expect(page.locator("[data-lead]")).toHaveText("0.9778");
  await expect(page.getByText("88 of 90 samples are right.")).toBeVisible();
  const report = page.url();
  expect(await violationsInBoth(page)).toEqual([]);
  await page
    .getByRole("navigation", { name: "Sections of the report" })
    .getByRole("link", { name: "Confusion" })
    .click();
  await expect(page).toHaveURL(/#confusion$/);
  const [svg] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Confusion matrix, counts as SVG" }).click(),
  ]);
  expect(readFileSync((await svg.path())!, "utf8")).toContain("predicted as dog");
  await page.getByRole("button", { name: "Share of truth" }).click();
  await expect(page).toHaveURL(/cells=rows/);
  await page.getByRole("link", { name: "2 of cat, predicted as dog" }).click();
  await expect(page.getByText("1 to 2 of 2 samples")).toBeVisible();
  expect(await violationsInBoth(page)).toEqual([]);
  await expect(page.getByRole("listitem").filter({ hasText: "pet/000" })).toContainText("answer: dog");

  // the file, whole and with a byte changed
  const route = `runs/${good.run}/evaluations/${good.evaluation}/report`;
  const file = await (await page.request.get(`/api/v1/${route}`)).text();
  await page.goto(report);
  const choose = (text: string) =>
    page
      .getByLabel("Is a file this report?")
      .setInputFiles({ name: "report.json", mimeType: "application/json", buffer: Buffer.from(text) });
  await choose(file);
  await expect(page.getByText("Yes, to the last byte.")).toBeVisible();
  await choose(file.replace(/\d/, (digit) => String((Number(digit) + 1) % 10)));
  await expect(page.getByText("No: it is another file")).toBeVisible();

  // on paper: the tenth section begins a page, and the nine before it take two at most
  await page.setViewportSize({ width: 703, height: 971 });
  for (const format of ["A4", "Letter"]) expect((await page.pdf({ format })).length).toBeGreaterThan(10_000);
  await page.emulateMedia({ media: "print" });
  const end = await page.locator("#selection").evaluate((section) => section.getBoundingClientRect().bottom);
  expect(end).toBeLessThan(2 * 971);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(703);
  await page.emulateMedia({ media: "screen" });
  await page.setViewportSize({ width: 1280, height: 800 });

  await page.goto(`/projects/${place.slug}/evaluations`);
  for (const name of ["good", "bad"]) await tick(page.getByLabel(`Compare ${name} on validation`));
  await page.getByRole("button", { name: "Compare" }).click();
  await expect(page.getByText(/good is better than bad\.|bad is worse than good\./)).toBeVisible();
  await expect(page.getByRole("heading", { name: /Where (good|bad) differs/ })).toBeVisible();
  expect(await violationsInBoth(page)).toEqual([]);
  expect(await ask(place.token, `runs/${bad.run}/evaluations/${bad.evaluation}`)).toMatchObject({ status: "done" });
});
