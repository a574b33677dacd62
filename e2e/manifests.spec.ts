/** A split manifest from a file to a run: uploaded, made, checked, overridden, repaired, compared; and what stays sealed. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Page } from "@playwright/test";
import { createRun } from "../trainer/src/client/client.ts";
import { ask, expect, newWorkplace, test, url, type Workplace } from "./workspace.ts";

const spoolDir = mkdtempSync(path.join(tmpdir(), "holdout-e2e-spool-"));
test.afterAll(() => rmSync(spoolDir, { recursive: true, force: true }));

const SEALED = "a label under seal";
const WORDS = "river lamp copper garden seven window tiger slow paper cloud north button winter salt green".split(" ");

/** Sixty words that no other sample has in this order. */
const textOf = (at: number): string =>
  Array.from({ length: 60 }, (_, word) => `${WORDS[(at * 7 + word * (at % 11) + word) % WORDS.length]}${at}`).join(" ");

type Row = { key: string; text: string; label: string; group: string; split: string; sealed: string };

/** Two classes in three splits, each sample its own patient, the last thirty test samples sealed, of two classes as well. */
function cleanRows(): Row[] {
  return Array.from({ length: 400 }, (_, at) => {
    const split = at % 10 < 6 ? "train" : at % 10 < 8 ? "validation" : "test";
    const isSealed = split === "test" && at >= 250;
    return {
      key: `note-${String(at).padStart(3, "0")}`,
      text: textOf(at),
      group: `patient ${at}`,
      split,
      label: `${isSealed ? `${SEALED}: ` : ""}${at % 20 < 10 ? "well" : "ill"}`,
      sealed: String(isSealed),
    };
  });
}

/** The same with a text in train and test, a patient in train and validation, and a text that differs in one word. */
function faultyRows(): Row[] {
  const rows = cleanRows();
  rows[18]!.text = rows[1]!.text;
  rows[27]!.group = rows[22]!.group;
  rows[39]!.text = rows[31]!.text.replace(/^\S+/, "other");
  return rows;
}

const toCsv = (rows: Row[]): string =>
  [Object.keys(rows[0]!), ...rows.map(Object.values)].map((row) => `${row.join(",")}\n`).join("");

/** Uploads samples through the page, and has a manifest made as their own column says. */
async function makeManifest(page: Page, { slug }: Workplace, name: string, rows: Row[]): Promise<string> {
  await page.goto(`/projects/${slug}/manifests`);
  await page.getByRole("link", { name: "New manifest" }).click();
  await page
    .getByLabel("File of samples")
    .setInputFiles({ name: "notes.csv", mimeType: "text/csv", buffer: Buffer.from(toCsv(rows)) });
  await page.getByLabel("Dataset's name").fill(name);
  await page.getByLabel("Manifest's name").fill(`${name}, as given`);
  await expect(page.getByLabel("Method")).toHaveValue("given");
  await page.getByRole("button", { name: "Make manifest" }).click();
  await expect(page).toHaveURL(/manifests\/[0-9a-f]{64}$/);
  return page.url().split("/").at(-1)!;
}

const check = (page: Page, title: string) =>
  page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: title, exact: true }) });

const start = ({ token }: Workplace, manifest: string) =>
  createRun({ url, token, spoolDir, code: false, name: "on it", config: {}, metrics: [], manifest });

/** What the server answers to a run that cites the manifest. */
async function answerToRun({ token }: Workplace, manifest: string): Promise<unknown> {
  const response = await fetch(`${url}/api/v1/runs`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ name: "on it", config: {}, metrics: [], manifest }),
  });
  return response.json();
}

test("planted faults block a manifest, and it is used once a member has said why", async ({ page }) => {
  const place = await newWorkplace(page, "Blocked");
  const id = await makeManifest(page, place, "faulty notes", faultyRows());
  await expect(check(page, "Exact duplicates")).toContainText("1 content stands in more than one split");
  await expect(check(page, "Exact duplicates")).toContainText("block");
  await expect(check(page, "Groups")).toContainText("1 group of 399 stands in more than one split");
  await expect(check(page, "Near duplicates")).toContainText("1 pair of samples of two splits looks the same");
  await check(page, "Exact duplicates").getByText("Figures and samples (1)").click();
  await expect(check(page, "Exact duplicates")).toContainText("note-001");
  await expect(check(page, "Exact duplicates")).toContainText("note-018");

  expect(await answerToRun(place, id)).toMatchObject({
    status: 409,
    detail: expect.stringContaining("its checks block it"),
  });
  await page.getByText("Use it all the same").click();
  await page.getByLabel("Why it is right to use it").fill("Three of four hundred notes, and a first look only.");
  await page.getByRole("button", { name: "Override the block" }).click();
  await expect(page.getByText(/Overridden by Ada Lovelace/)).toBeVisible();
  // without a word on the pair: what blocks it is mended all the same
  await page.getByRole("button", { name: "Make the repaired manifest" }).first().click();
  await expect(page).not.toHaveURL(new RegExp(id));
  await expect(check(page, "Groups")).toContainText("Each of 399 groups stands in one split");
  const run = await start(place, id);
  await run.finish();
  await page.goto(`/projects/${place.slug}/runs/${run.id}`);
  await expect(page.getByText("blocked, overridden").first()).toBeVisible();
  await page.goto(`/projects/${place.slug}`);
  await expect(page.getByTestId("runs").getByText("blocked, overridden")).toBeVisible();
});

test("a person confirms a pair, and the repaired manifest keeps together what belongs together", async ({ page }) => {
  const place = await newWorkplace(page, "Repair");
  const id = await makeManifest(page, place, "notes to mend", faultyRows());
  await expect(page.getByRole("link", { name: "Confirmed 0" })).toBeVisible();
  const pairs = page.getByRole("region", { name: "Near duplicates" });
  await expect(pairs.getByRole("button", { name: "Make the repaired manifest" })).toBeDisabled();
  await page.getByRole("button", { name: "The same", exact: true }).click();
  await expect(page.getByRole("link", { name: "Confirmed 1" })).toBeVisible();
  await pairs.getByRole("button", { name: "Make the repaired manifest" }).click();
  await expect(page).not.toHaveURL(new RegExp(id));
  await expect(check(page, "Groups")).toContainText("Each of 399 groups stands in one split");
  await expect(check(page, "Exact duplicates")).toContainText("No content stands in two splits");
  await expect(check(page, "Near duplicates")).toContainText("No two samples of different splits look the same");
  const repaired = page.url().split("/").at(-1)!;
  await page.goto(`/projects/${place.slug}/manifests/${repaired}/compare?with=${id}`);
  await expect(page.getByRole("alert").filter({ hasText: "is refused" })).toContainText(
    "as given, repaired is refused to runs that cite notes to mend, as given: 3 of its samples",
  );
  await expect(page.getByRole("heading", { name: /^Moved/ })).toContainText("3");
});

/** Clean but for one text that differs in one word from a text of another split. `mark` makes the set another one. */
function nearRows(mark: string): Row[] {
  const rows = cleanRows();
  rows[0]!.text += ` ${mark}`;
  rows[39]!.text = rows[31]!.text.replace(/^\S+/, "other");
  return rows;
}

test("a pair that is told apart warns no more, and warns again once it is confirmed", async ({ page }) => {
  const place = await newWorkplace(page, "Apart");
  const id = await makeManifest(page, place, "one near pair", nearRows(place.slug));
  const near = check(page, "Near duplicates");
  const same = page.getByRole("button", { name: "The same", exact: true });
  const apart = page.getByRole("button", { name: "Not the same" });
  const list = page.getByRole("row", { name: /one near pair/ });
  await expect(near).toContainText("1 pair of samples of two splits looks the same");
  await expect(near.getByText("warn", { exact: true })).toBeVisible();

  await apart.click();
  await expect(page.getByRole("link", { name: "Told apart 1" })).toBeVisible();
  await expect(near.getByText("pass", { exact: true })).toBeVisible();
  await expect(apart).toHaveAttribute("aria-pressed", "true");
  await page.goto(`/projects/${place.slug}/manifests`);
  // what other checks of so few samples say
  await expect(list).toContainText("cannot tell");

  await page.goto(`/projects/${place.slug}/manifests/${id}`);
  await same.click();
  await expect(page.getByRole("link", { name: "Confirmed 1" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Told apart 0" })).toBeVisible();
  await expect(near.getByText("warn", { exact: true })).toBeVisible();
  await expect(same).toHaveAttribute("aria-pressed", "true");
  await page.goto(`/projects/${place.slug}/manifests`);
  await expect(list).toContainText("warn");
});

test("a referee split is set aside before the first run, which trains without it", async ({ page }) => {
  const place = await newWorkplace(page, "Set aside");
  const id = await makeManifest(page, place, "notes set aside", cleanRows());
  await page.getByText("set a part of validation aside").click();
  await page.getByLabel("Share of validation, %").fill("25");
  await page.getByRole("button", { name: "Draw the referee split" }).click();
  await expect(page.getByText("20 of 80 validation samples, seed 0, by Ada Lovelace")).toBeVisible();
  const drawn = await ask<{ keys: string[] }>(place.token, `manifests/${id}/referee-split`);
  expect(drawn.keys).toHaveLength(20);
});

test("sealed labels are in no page and no download", async ({ page }) => {
  const place = await newWorkplace(page, "Sealed");
  const id = await makeManifest(page, place, "sealed notes", cleanRows());
  await expect(check(page, "Power")).toContainText("80 test samples");
  const home = `/projects/${place.slug}/manifests/${id}`;
  for (const route of [home, `${home}/samples?split=test`, `${home}/samples?key=note-39`, `${home}/compare`]) {
    await page.goto(route);
    await expect(page.getByRole("heading", { name: "sealed notes, as given" })).toBeVisible();
    expect(await page.content()).not.toContain(SEALED);
  }
  await page.goto(`${home}/samples?label=${encodeURIComponent(`${SEALED}: ill`)}`);
  await expect(page.getByText("note-")).toHaveCount(0);
  for (const format of ["csv", "jsonl"]) {
    const file = await page.request.get(`/api/v1/manifests/${id}/export?project=${place.slug}&format=${format}`);
    const text = await file.text();
    expect(text).toContain("note-399");
    expect(text).not.toContain(SEALED);
  }
  const { counts } = await ask<{ counts: Record<string, number> }>(place.token, `manifests/${id}`);
  expect(counts).toMatchObject({ train: 240, validation: 80, test: 80 });
});
