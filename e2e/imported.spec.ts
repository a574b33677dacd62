/** What came with an import: on the pages of run, champion and manifest, told apart from what was made here. */
import type { Page } from "@playwright/test";
import { violationsOf } from "./axe.ts";
import { makeManifest, newEvaluated } from "./evaluated-runs.ts";
import { expect, newWorkplace, test, url } from "./workspace.ts";

const PHONE = { width: 390, height: 844 };
const DESK = { width: 1440, height: 900 };
const idOf = (last: number) => `018f5c2e-7b3a-7c21-9d10-${String(last).padStart(12, "0")}`;

/** An evaluation of each split, a claim by them, and an override, as an export of another installation has them. */
function recordsOf(run: string, manifest: string): object[] {
  const made = { project: "street-signs", by: "Grace Hopper", at: "2026-01-05T09:00:00.000Z", manifest };
  const checkpoint = { path: "checkpoints/best.safetensors", sha256: "e".repeat(64), step: 900 };
  const headline = (value: number) =>
    ["accuracy", "balanced-accuracy", "macro-f1", "matthews"].map((metric) => ({
      metric,
      value,
      interval: { low: value - 0.05, high: value + 0.04, method: "bca" },
      samples: 1200,
    }));
  const evaluationOf = (id: string, split: string, value: number) => ({
    ...made,
    kind: "evaluation",
    run,
    id,
    checkpoint,
    split,
    splitDigest: "b".repeat(64),
    samples: 1200,
    task: "classification",
    form: "scores",
    purpose: null,
    reason: null,
    look: null,
    predictions: "1".repeat(64),
    report: { definitionsVersion: 1, digest: "d".repeat(64), confidence: 0.95, metrics: headline(value) },
  });
  const opened = { purpose: "final", reason: "the recipe is settled; this is the number for the paper", look: idOf(3) };
  const rule = { id: idOf(4), metric: "accuracy", split: "test", direction: "max", seeds: [], margin: 0.01 };
  const claim = {
    ...made,
    kind: "claim",
    run,
    id: idOf(5),
    number: 3,
    checkpoint,
    rule: { ...rule, writtenBy: "Ben", writtenAt: made.at },
    evidence: [idOf(2), idOf(1)],
    standing: "better",
    written: "pre-registered",
    candidates: 12,
    reason: "Best by the rule, and stable over three seeds.",
    replaced: idOf(6),
    comparedWith: idOf(7),
    signOffs: [{ approves: true, word: "the report is sound", by: "Ben", at: "2026-01-06T10:00:00.000Z" }],
    words: [{ word: "Look at the owls next.", by: "Cem", at: "2026-01-07T10:00:00.000Z" }],
  };
  const earlier = { ...claim, at: "2025-12-20T09:00:00.000Z" };
  return [
    evaluationOf(idOf(1), "validation", 0.8125),
    { ...evaluationOf(idOf(2), "test", 0.7843), ...opened },
    claim,
    { ...earlier, id: idOf(8), number: 2, manifest: "9".repeat(64), signOffs: [], words: [], replaced: null },
    { ...made, kind: "override", id: idOf(9), reason: "Its copies are known, and all of them are in train." },
  ];
}

/** Light and dark, wide and on a phone. */
async function look(page: Page, route: string): Promise<void> {
  await page.setViewportSize(DESK);
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  await page.goto(route);
  await expect(page.getByText(/came with an import/i).first()).toBeVisible();
  expect(await violationsOf(page), `${route}, light`).toEqual([]);
  await page.emulateMedia({ colorScheme: "dark" });
  expect(await violationsOf(page, ["color-contrast"]), `${route}, dark`).toEqual([]);
  await page.setViewportSize(PHONE);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(PHONE.width);
  await page.setViewportSize(DESK);
}

test("what came with an import stands beside what was made here, and makes no champion and no result", async ({
  page,
}) => {
  const place = await newWorkplace(page, "Imported");
  const manifest = await makeManifest(place);
  const { run } = await newEvaluated(place, manifest, { name: "wide-2", wrong: 3 });
  const sent = await page.request.post(`${url}/api/v1/projects/${place.slug}/records`, {
    headers: { origin: new URL(url).origin },
    data: { records: recordsOf(run, manifest) },
  });
  expect(await sent.json()).toEqual({ stored: 5, there: 0 });
  const project = `/projects/${place.slug}`;

  await look(page, `${project}/runs/${run}?tab=evaluations`);
  const reports = page.getByRole("table");
  await expect(reports.getByRole("link", { name: "validation" })).toHaveCount(1);
  await expect(reports).not.toContainText("0.8125");
  const came = page.locator("section", { has: page.getByRole("heading", { name: "Came with an import" }) });
  await expect(came).toContainText("Nothing here computed it");
  await expect(came).toContainText("0.7843 (0.7343 to 0.8243)");
  await expect(came).toContainText("Grace Hopper in street-signs");

  await look(page, `${project}/champion?manifest=${manifest}`);
  await expect(page.getByRole("heading", { name: "No champion on pets yet" })).toBeVisible();
  await expect(came.getByRole("listitem").filter({ hasText: "wide-2" }).first()).toContainText("Ben signed off");
  await expect(came).toContainText("manifest 999999999999, which isn't here");

  await look(page, `${project}/manifests/${manifest}`);
  await expect(page.getByLabel("Overrides that came with an import")).toContainText("allows nothing here");

  await page.goto(`${project}/evaluations`);
  await expect(page.getByRole("table")).not.toContainText("0.7843");
});
