/** Runs side by side in one table: what differs, what a difference is worth, and what is done with columns and rows. */
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Page } from "@playwright/test";
import { createRun } from "../trainer/src/client/client.ts";
import { violationsInBoth } from "./axe.ts";
import { makeManifest, newEvaluated } from "./evaluated-runs.ts";
import { expect, newWorkplace, test, url, type Workplace } from "./workspace.ts";

const spoolDir = mkdtempSync(path.join(tmpdir(), "holdout-e2e-spool-"));
process.on("exit", () => rmSync(spoolDir, { recursive: true, force: true }));

type Given = { name: string; config: Record<string, unknown>; manifest: string; accuracy: number; seed?: number };

/** A run that a trainer logged: its accuracy in validation rises to the given one. */
async function logRun({ token }: Workplace, { name, config, manifest, accuracy, seed = 0 }: Given): Promise<string> {
  const run = await createRun({
    url,
    token,
    spoolDir,
    code: false,
    system: false,
    console: false,
    name,
    seed,
    manifest,
    config: { ...config, seed },
    metrics: [{ name: "accuracy", direction: "max", unit: "" }],
  } as never);
  for (const step of [1, 2, 3]) run.log({ split: "validation", step, metrics: { accuracy: (accuracy * step) / 3 } });
  await run.finish();
  return run.id;
}

/** The samples of `makeManifest`, a part of them for training. */
async function otherManifest({ token }: Workplace): Promise<string> {
  const key = Array.from({ length: 90 }, (_, at) => `pet/${String(at).padStart(3, "0")}`);
  const response = await fetch(`${url}/api/v1/manifests`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({
      name: "pets, other",
      dataset: { name: "pets", version: "1" },
      method: "given",
      samples: {
        key,
        split: key.map((_, at) => (at < 30 ? "train" : "validation")),
        label: key.map((_, at) => ["cat", "dog", "owl"][at % 3]),
        contentHash: key.map((one) => createHash("sha256").update(one).digest("hex")),
      },
    }),
  });
  expect(response.status).toBe(200);
  return ((await response.json()) as { id: string }).id;
}

const note = (end: string) => `a note of some length that many runs share, and that ends in ${end}`;
const recipes = {
  base: { family: "cnn", optimizer: { lr: 0.01 }, note: note("nothing"), momentum: 0.9 },
  better: { family: "cnn", optimizer: { lr: 0.1 }, note: note("nothing"), momentum: 0.9 },
  noise: { family: "cnn", optimizer: { lr: 0.01 }, note: note("luck"), momentum: 0.9 },
  lonely: { family: "mlp", optimizer: { lr: 0.01 }, note: note("nothing"), momentum: 0.9 },
  single: { family: "rnn", optimizer: { lr: 0.01 }, note: note("nothing"), momentum: 0.9 },
};
const levels = { base: [0.8, 0.804, 0.796], better: [0.9, 0.904, 0.896], noise: [0.801, 0.805, 0.797] };

type World = { place: Workplace; manifest: string; runs: Record<string, string> };

async function makeWorld(page: Page, name: string): Promise<World> {
  const place = await newWorkplace(page, name);
  const manifest = await makeManifest(place);
  const runs: Record<string, string> = {};
  const log = async (run: string, given: Omit<Given, "name">) => {
    runs[run] = await logRun(place, { name: run, ...given });
  };
  for (const recipe of ["base", "better", "noise"] as const)
    await Promise.all(
      levels[recipe].map((accuracy, seed) =>
        log(`${recipe} ${seed}`, { config: recipes[recipe], manifest, accuracy, seed }),
      ),
    );
  await log("lonely", { config: recipes.lonely, manifest, accuracy: 0.7 });
  await log("single", { config: recipes.single, manifest, accuracy: 0.95 });
  await log("elsewhere", { config: recipes.better, manifest: await otherManifest(place), accuracy: 0.99 });
  return { place, manifest, runs };
}

const compared = ({ place, runs }: World, names: string[], more = "") =>
  `/projects/${place.slug}/compare?${names.map((name) => `run=${runs[name]}`).join("&")}${more}`;
const row = (page: Page, id: string) => page.locator(`tr[data-row="${id}"]`);
const heads = (page: Page) => page.locator("th[data-run] a");
const cell = (page: Page, id: string, run: string | undefined) => row(page, id).locator(`td[data-run="${run}"]`);
const query = (page: Page) => new URL(page.url()).searchParams;
/** Presses a key again whenever something was drawn; what has the focus after each. */
const pressed = (page: Page, key: string, times: number) =>
  page.evaluate(
    async ([key, times]) => {
      const focused: (string | undefined)[] = [];
      const frame = () => new Promise(requestAnimationFrame);
      for (let at = 0; at < times; at++) {
        document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
        await frame();
        await frame();
        focused.push(document.activeElement?.tagName);
      }
      return focused;
    },
    [key, times] as const,
  );
const configRows = (page: Page) =>
  page
    .locator('tbody[data-section="config"] tr[data-row]')
    .evaluateAll((rows) => rows.map((one) => (one as HTMLElement).dataset.row));

test("runs stand side by side with what differs, by menu, drag and key, and a link shows the same again", async ({
  page,
  context,
}) => {
  const world = await makeWorld(page, "Side by side");
  const { runs } = world;
  await page.goto(compared(world, ["base 0", "better 0", "noise 0", "lonely"]));
  await expect(heads(page)).toHaveText(["base 0", "better 0", "noise 0", "lonely"]);

  await test.step("only rows that differ, each beside the baseline", async () => {
    expect(await configRows(page)).toEqual(["config/family", "config/note", "config/optimizer.lr"]);
    await expect(page.getByText("2 identical rows hidden")).toBeVisible();
    await expect(cell(page, "config/optimizer.lr", runs["better 0"])).toHaveText("×100.1");
    await page.locator('[data-section="config"]').getByRole("button", { name: "show" }).click();
    await expect(row(page, "config/momentum")).toBeVisible();
    await expect.poll(() => query(page).get("all")).toBe("1");
    await page.locator('[data-section="config"]').getByRole("button", { name: "hide" }).click();
    await page.getByRole("button", { name: "Detail of note" }).click();
    await expect(page.locator("del")).toHaveText("nothing");
    await expect(page.locator("ins")).toHaveText("luck");
    await page.getByRole("button", { name: "Detail of note" }).click();
  });

  await test.step("keys go from difference to difference, and are told", async () => {
    const told = page.locator("p[aria-live=polite]");
    await page.keyboard.press("n");
    await expect(cell(page, "config/family", runs.lonely)).toBeFocused();
    await expect(told).toHaveText("family: 1 of 4 runs differ from the baseline");
    await page.keyboard.press("n");
    await page.keyboard.press("]");
    await expect(row(page, "config/optimizer.lr").locator("td:focus")).toHaveCount(1);
    await page.keyboard.press("N");
    await expect(row(page, "config/note").locator("td:focus")).toHaveCount(1);
  });

  await test.step("a key and a menu make a column the baseline, and the focus stays", async () => {
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("b");
    const flag = page.locator("th[data-run]", { hasText: "baseline" });
    const chosen = await page.locator("td:focus").getAttribute("data-run");
    await expect(flag).toHaveAttribute("data-run", chosen!);
    await expect.poll(() => query(page).get("baseline")).toBe(chosen);
    await expect(row(page, "config/family").locator("td:focus")).toHaveCount(1);
    const head = page.locator(`th[data-run="${runs["better 0"]}"]`);
    await head.hover();
    await head.getByRole("button", { name: "Column of better 0" }).click();
    await page.getByRole("menuitem", { name: "Set as baseline" }).click();
    await expect(flag).toContainText("better 0");
    await expect(cell(page, "config/optimizer.lr", runs["base 0"])).toHaveText("×0.10.01");
  });

  await test.step("columns are moved, dropped on the first place, hidden; a row is pinned", async () => {
    await cell(page, "config/family", runs["base 0"]).click();
    await cell(page, "config/family", runs["base 0"]).focus();
    await page.keyboard.press("Shift+ArrowRight");
    await expect(heads(page)).toHaveText(["better 0", "base 0", "noise 0", "lonely"]);
    await page.locator(`th[data-run="${runs.lonely}"]`).dragTo(page.locator(`th[data-run="${runs["better 0"]}"]`));
    await expect(heads(page)).toHaveText(["lonely", "better 0", "base 0", "noise 0"]);
    await expect.poll(() => query(page).get("baseline")).toBe(runs.lonely);
    await cell(page, "config/family", runs["noise 0"]).focus();
    await page.keyboard.press("h");
    await expect(heads(page)).toHaveText(["lonely", "better 0", "base 0"]);
    await expect(page.getByText("1 hidden: show all")).toBeVisible();
    await page.keyboard.press("p");
    const pinned = page.locator('tbody[data-section="pinned"]');
    await expect(pinned.locator("tr[data-row]")).toHaveAttribute("data-row", "config/family");
    await expect(pinned.locator("td:focus")).toHaveCount(1);
    // however fast it is pressed, while what a press brings about is still being shown
    expect(await pressed(page, "p", 30)).toEqual(Array.from({ length: 30 }, () => "TD"));
    await expect(pinned.locator("td:focus")).toHaveCount(1);
  });

  await test.step("another tab shows the same", async () => {
    await expect.poll(() => query(page).getAll("pin")).toEqual(["config/family"]);
    const other = await context.newPage();
    await other.goto(page.url());
    await expect(heads(other)).toHaveText(["lonely", "better 0", "base 0"]);
    await expect(other.locator("th[data-run]", { hasText: "baseline" })).toContainText("lonely");
    await expect(other.locator('tbody[data-section="pinned"] tr[data-row]')).toHaveCount(1);
    await other.getByRole("button", { name: "show all" }).click();
    await expect(heads(other)).toHaveCount(4);
    await other.getByRole("searchbox", { name: "Find rows" }).fill("lr");
    await expect(row(other, "config/note")).toHaveCount(0);
    await expect(row(other, "config/optimizer.lr")).toBeVisible();
    await other.close();
    await page.keyboard.press("o");
    await expect(page).toHaveURL(new RegExp(`/runs/${runs["base 0"]}$`));
  });
});

test("a real difference is told, and noise, one seed, another manifest and predictions are called what they are", async ({
  page,
}) => {
  const world = await makeWorld(page, "What it is worth");
  const { place, manifest, runs } = world;
  const accuracy = "metrics/validation/accuracy";
  const verdict = (run: string) => cell(page, accuracy, runs[run]).locator("[data-verdict]");

  await test.step("replicates", async () => {
    await page.goto(compared(world, ["base 0", "base 1", "better 0", "noise 0", "elsewhere"]));
    await expect(verdict("better 0")).toHaveText("better");
    await expect(cell(page, accuracy, runs["better 0"])).toContainText("n=3");
    await expect(cell(page, accuracy, runs["better 0"])).toContainText("+0.1");
    await expect(verdict("noise 0")).toHaveText("within noise");
    await expect(verdict("base 1")).toHaveText("same recipe, other seed");
    await expect(verdict("elsewhere")).toHaveText("not comparable");
    await expect(cell(page, accuracy, runs.elsewhere)).not.toContainText("+");
    await expect(cell(page, accuracy, runs["better 0"]).locator("svg path").first()).toHaveAttribute("d", /^M0 /);
    await page.getByLabel("Metrics by").selectOption("min");
    await expect(cell(page, accuracy, runs["base 0"])).toContainText("0.2667");
    await page.getByRole("button", { name: "Detail of validation/accuracy" }).click();
    await expect(page.getByText(/mean of replicates .* n=3 .* 95 % interval/).first()).toBeVisible();
  });

  await test.step("one seed each", async () => {
    await page.goto(compared(world, ["lonely", "single"]));
    await expect(verdict("single")).toHaveText("one seed: unknown");
  });

  await test.step("predictions", async () => {
    const [bad, good, alike] = [
      await newEvaluated(place, manifest, { name: "bad", wrong: 20 }),
      await newEvaluated(place, manifest, { name: "good", wrong: 1 }),
      await newEvaluated(place, manifest, { name: "alike", wrong: 20 }),
    ];
    const link = [bad, good, alike].map(({ run }) => `run=${run}`).join("&");
    await expect(async () => {
      await page.goto(`/projects/${place.slug}/compare?${link}`);
      await expect(cell(page, "evaluations/validation", good.run)).toContainText("0.9889", { timeout: 2_000 });
      await expect(cell(page, "evaluations/validation", alike.run)).toContainText("0.7778", { timeout: 1_000 });
    }).toPass({ timeout: 60_000 });
    const paired = (run: string) => cell(page, "evaluations/validation", run).locator("[data-verdict]");
    await expect(paired(good.run)).toHaveText("0.2111 better");
    await expect(paired(alike.run)).toHaveText("not distinguishable");
    await expect(paired(good.run)).toHaveAttribute("href", /evaluations\/compare\?e=/);
  });

  await test.step("everybody can use it, and on a phone the names stay", async () => {
    await page.goto(compared(world, ["base 0", "better 0", "noise 0", "lonely", "single", "elsewhere"]));
    await expect(verdict("better 0")).toHaveText("better");
    expect(await violationsInBoth(page)).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    const name = row(page, "config/family").locator("th");
    const { x } = (await name.boundingBox())!;
    await page.locator("[data-scroller]").evaluate((box) => {
      box.scrollLeft = 300;
    });
    await expect.poll(async () => (await cell(page, "config/family", runs["base 0"]).boundingBox())!.x).toBeLessThan(0);
    expect((await name.boundingBox())!.x).toBe(x);
    await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  });
});
