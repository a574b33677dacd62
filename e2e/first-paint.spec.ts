/** What is done to a page as soon as it is seen, on a machine that is slow to run its script, takes effect all the same. */
import { createHash } from "node:crypto";
import type { Page } from "@playwright/test";
import { filter, names, withRuns } from "./table-runs.ts";
import { ask, expect, test, url, type Workplace } from "./workspace.ts";

/** A control that is seen: where it stands in the page, and what is done to it. */
type Control = {
  mark: number;
  kind: "box" | "choice" | "text" | "toggle" | "opener";
  name: string;
  x: number;
  y: number;
};
type FieldState = { mark: number; value: string | boolean | null };

/** Holds back the pages' script, as a slow line or machine does, until it is released. */
async function holdScript(page: Page): Promise<{ hold: () => void; release: () => void }> {
  const gate = { opened: Promise.resolve(), release: () => {} };
  await page.route(/\/_next\/static\/.*\.js/, async (route) => {
    await gate.opened;
    await route.continue();
  });
  const hold = () => {
    gate.opened = new Promise((resolve) => {
      gate.release = resolve;
    });
  };
  return { hold, release: () => gate.release() };
}

/** Opens a page as far as its first paint, and reads its controls off it. */
async function openUnfinished(page: Page, path: string): Promise<Control[]> {
  await page.goto(path, { waitUntil: "commit" });
  await page.waitForFunction(() => performance.getEntriesByName("first-contentful-paint").length > 0);
  await page.locator("#main *").first().waitFor();
  return page.evaluate(() => {
    const kindOf = (element: HTMLElement): string | null => {
      if (element instanceof HTMLSelectElement) return "choice";
      if (element instanceof HTMLInputElement && /^(checkbox|radio)$/.test(element.type)) return "box";
      if (element.matches("textarea, input:not([type=file], [type=range])")) return "text";
      if (element.hasAttribute("aria-pressed")) return "toggle";
      return element.hasAttribute("aria-haspopup") || element.hasAttribute("aria-expanded") ? "opener" : null;
    };
    return [...document.querySelectorAll<HTMLElement>("button, input, select, textarea")].flatMap((element, mark) => {
      const { x, y, width, height } = element.getBoundingClientRect();
      const at = { x: x + width / 2, y: y + height / 2 };
      const kind = kindOf(element);
      if (!kind || element.matches(":disabled, [hidden] *") || width === 0) return [];
      // what lies under something else, or below the window, nobody presses
      if (!element.contains(document.elementFromPoint(at.x, at.y))) return [];
      element.dataset.mark = String(mark);
      const name = element.getAttribute("aria-label") ?? (element.closest("label") ?? element).textContent ?? "";
      return [{ mark, kind, name, ...at } as Control];
    });
  });
}

async function press(page: Page, { mark, kind, x, y }: Control): Promise<void> {
  if (kind === "toggle" || kind === "opener") return page.mouse.click(x, y);
  await page.evaluate((mark) => document.querySelector<HTMLElement>(`[data-mark="${mark}"]`)?.focus(), mark);
  await page.keyboard.press({ box: "Space", choice: "ArrowDown", text: "7" }[kind]);
}

/** What fields and toggles hold that the page hasn't made anew. */
const statesOf = (page: Page): Promise<FieldState[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("[data-mark]")].map((element) => {
      const isBox = element instanceof HTMLInputElement && /^(checkbox|radio)$/.test(element.type);
      const value = isBox
        ? element.checked
        : element instanceof HTMLButtonElement
          ? element.getAttribute("aria-pressed")
          : (element as HTMLInputElement).value;
      return { mark: Number(element.dataset.mark), value };
    }),
  );

/** Presses all, and `last`, which opens something, at last; everything has taken effect once that is open. */
async function pressAll(page: Page, controls: Control[], last: Control, release: () => void): Promise<void> {
  const before = await statesOf(page);
  for (const control of controls) await press(page, control);
  const after = await statesOf(page);
  await press(page, last);
  // nothing came of it, so it is pressed again
  await press(page, last);
  await watchFor(page, last);
  release();
  await expect
    .poll(() => page.evaluate(() => document.documentElement.dataset.opened), { message: `what "${last.name}" opens` })
    .toBe("seen");
  // parts of a page whose script comes later take their acts in then
  await expect(async () => {
    const states = await statesOf(page);
    for (const { mark, kind, name } of controls) {
      const stateIn = (some: FieldState[]) => some.find((one) => one.mark === mark)?.value;
      const now = stateIn(states);
      // what the page made anew shows what the others made of it
      if (now === undefined) continue;
      if (kind === "toggle") expect(now, name).not.toBe(stateIn(before));
      else expect(now, name).toBe(stateIn(after));
    }
  }).toPass({ timeout: 15_000 });
}

/** Rows and pages have buttons in common, whose names differ by what they are of. */
const alike = ({ name }: Control): string => name.replace(/\S*\d+/g, "").trim();

/** From now on the page keeps whether what this button opens was there, however soon other acts replaced it. */
const watchFor = (page: Page, { mark }: Control): Promise<void> =>
  page.evaluate((mark) => {
    const opened = `[role=dialog], [role=menu], [data-mark="${mark}"][aria-expanded=true]`;
    const look = () => {
      if (document.querySelector(opened)) document.documentElement.dataset.opened = "seen";
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
    look();
  }, mark);

/** A manifest of a few made-up samples. */
async function newManifest({ token }: Workplace): Promise<string> {
  const key = Array.from({ length: 60 }, (_, at) => `sample ${at}`);
  const samples = {
    key,
    split: key.map((_, at) => ["train", "validation", "test"][at % 3]),
    label: key.map((_, at) => String(at % 2)),
    contentHash: key.map((one) => createHash("sha256").update(one).digest("hex")),
  };
  const send = async (route: string, body: unknown) => {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const answer = await fetch(`${url}/api/v1/${route}`, { method: "POST", headers, body: JSON.stringify(body) });
    expect(answer.status).toBe(200);
    return (await answer.json()) as { id: string };
  };
  const dataset = { name: "seen early", version: "1" };
  await send("datasets", dataset);
  return (await send("manifests", { name: "seen early", dataset, method: "given", samples })).id;
}

test("every control that is pressed at first paint takes effect, once, when the page's script is there", async ({
  page,
}) => {
  test.setTimeout(240_000);
  const place = await withRuns(page, "Seen early");
  const manifest = await newManifest(place);
  const run = (await ask<{ runs: { id: string }[] }>(place.token, "runs")).runs[0]!.id;
  const project = `/projects/${place.slug}`;
  const paths = [
    project,
    `${project}?charts=1`,
    `${project}?by=config.family`,
    `${project}/runs/${run}`,
    `${project}/manifests`,
    `${project}/manifests/${manifest}`,
    `${project}/manifests/new`,
    `${project}/settings`,
    "/",
    "/settings/account",
    "/settings/members",
    "/settings/workspace",
    "/settings/audit",
  ];
  const script = await holdScript(page);
  const opened = new Set<string>();
  for (const path of paths)
    await test.step(path, async () => {
      for (let isFirst = true; ; isFirst = false) {
        script.hold();
        const controls = await openUnfinished(page, path);
        const openers = controls.filter(({ kind }) => kind === "opener");
        const opener = openers.find((one) => !opened.has(alike(one)));
        if (!isFirst && !opener) return script.release();
        const last = opener ?? openers[0]!;
        opened.add(alike(last));
        await pressAll(page, isFirst ? controls.filter(({ kind }) => kind !== "opener") : [], last, script.release);
      }
    });
});

test("on a machine that is six times slower what is pressed while the page is made is in its table and its address", async ({
  page,
}) => {
  const place = await withRuns(page, "Seen slowly");
  const slow = await page.context().newCDPSession(page);
  await slow.send("Emulation.setCPUThrottlingRate", { rate: 6 });
  const controls = await openUnfinished(page, `/projects/${place.slug}`);
  const named = (name: RegExp) => controls.find((one) => name.test(one.name))!;
  for (const name of [/^archived/, /^Select cnn 1/, /^Select rnn 2/, /^Group by/]) await press(page, named(name));
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("dialog")).toBeVisible();
  await expect(page).toHaveURL(/archived=1/);
  await expect(page).toHaveURL(/by=replicates/);
  await expect.poll(() => new URL(page.url()).searchParams.getAll("run").length).toBe(2);
  await expect(page.getByTestId("groups")).toBeVisible();
});

test("a form that is sent twice before the page's script is there is sent once", async ({ page }) => {
  const script = await holdScript(page);
  script.hold();
  await openUnfinished(page, "/settings/account");
  const { x, y } = (await page.getByRole("button", { name: "Save" }).boundingBox())!;
  let sent = 0;
  await page.route("/settings/account", async (route) => {
    if (route.request().method() === "POST" && ++sent === 1) await page.mouse.click(x + 5, y + 5);
    await route.continue();
  });
  const answered = page.waitForResponse((response) => response.request().method() === "POST");
  await page.mouse.click(x + 5, y + 5);
  await answered;
  script.release();
  await expect(page.getByRole("button", { name: "Save" })).toBeVisible();
  expect(sent).toBe(1);
});

test("what a program fills in before the page's script is there is taken as a person's", async ({ page }) => {
  const place = await withRuns(page, "Filled early");
  const script = await holdScript(page);
  script.hold();
  await openUnfinished(page, `/projects/${place.slug}`);
  // Playwright sets a choice as an extension of the browser does, by events of its own
  await page.getByLabel("Group by").selectOption("config.family");
  script.release();
  await expect(page.getByTestId("groups").locator("tbody tr")).toHaveCount(3);
});

/** What was done early is done again in a task of its own, which comes late from now on. */
const delayEarlyActs = (page: Page): Promise<unknown> =>
  page.addInitScript(() => {
    const soon = window.setTimeout;
    window.setTimeout = ((done: () => void, ms?: number) => soon(done, ms || 1_000)) as typeof window.setTimeout;
  });

/** Releases the script, and waits for the moment in which it is there and hasn't heard yet of what was done before. */
async function releaseAsFarAsListeners(page: Page, release: () => void): Promise<void> {
  const listener = () =>
    page.evaluate(() => String((window as { holdoutEarly?: { onAct: unknown } }).holdoutEarly?.onAct).length);
  const before = await listener();
  release();
  await expect.poll(listener).not.toBe(before);
}

test("keys are heard in the order in which they were pressed, around the moment when the page's script comes too", async ({
  page,
}) => {
  const place = await withRuns(page, "Keys early");
  const script = await holdScript(page);
  script.hold();
  await delayEarlyActs(page);
  await openUnfinished(page, `/projects/${place.slug}?by=config.family`);
  await page.keyboard.press("j");
  await releaseAsFarAsListeners(page, script.release);
  await page.keyboard.press("c");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^Compare/);
});

test("a text and Enter are heard where the form's button waits for the script to know the text", async ({ page }) => {
  const place = await withRuns(page, "Tagged early");
  const [run] = (await ask<{ runs: { id: string }[] }>(place.token, "runs")).runs;
  const script = await holdScript(page);
  script.hold();
  await openUnfinished(page, `/projects/${place.slug}/runs/${run!.id}`);
  const tag = page.getByLabel("Tag", { exact: true });
  await expect(page.getByRole("button", { name: "Tag", exact: true })).toBeDisabled();
  await tag.fill("said-early");
  await tag.press("Enter");
  script.release();
  await expect(page.getByRole("button", { name: "Take off the tag said-early" })).toBeVisible();
  await expect(tag).toHaveValue("");
});

test("a filter that is typed early is in force once Enter is pressed, however soon, and is completed at its cursor", async ({
  page,
}) => {
  const place = await withRuns(page, "Filtered early");
  const script = await holdScript(page);
  await delayEarlyActs(page);
  script.hold();
  await openUnfinished(page, `/projects/${place.slug}`);
  await filter(page).fill("family = cnn 1e-2 < lr < 0.5");
  await releaseAsFarAsListeners(page, script.release);
  await page.keyboard.press("Enter");
  await expect(names(page)).toHaveText(["cnn 1"]);

  script.hold();
  await openUnfinished(page, `/projects/${place.slug}`);
  await filter(page).fill("optim");
  await releaseAsFarAsListeners(page, script.release);
  await page.getByRole("option", { name: /^lr.*optimizer/ }).click();
  await expect(filter(page)).toHaveValue("lr ");
});
