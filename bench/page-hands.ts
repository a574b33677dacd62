/** What a reader does on a page: about thirty interactions each, by mouse and keys. */
import type { Page } from "playwright";
import { untilAnswering } from "./browser.ts";

/** A reader's next act comes when the last has been seen. */
const BETWEEN_MS = 150;

/** Selects and lets go of runs, then writes a filter. Returns how many interactions that was. */
export async function tableHands(page: Page): Promise<number> {
  const boxes = page.getByRole("checkbox", { name: /^Select (?!the runs)/ });
  await untilAnswering(boxes.first());
  let acts = 0;
  for (let row = 0; row < 18; row++) {
    await boxes.nth(row % 9).click();
    await page.waitForTimeout(BETWEEN_MS);
    acts++;
  }
  const filter = page.getByRole("combobox", { name: "Filter runs" }).or(page.getByLabel("Filter runs")).first();
  await filter.click();
  for (const letter of "config.seed") {
    await page.keyboard.press(letter);
    await page.waitForTimeout(BETWEEN_MS);
    acts++;
  }
  return acts + 1;
}

/** Turns logarithmic axes on and off, and zooms by dragging. */
export async function chartsHands(page: Page): Promise<number> {
  const logs = page.getByRole("button", { name: "Logarithmic axis" });
  await untilAnswering(logs.first());
  await page.locator("figure canvas[data-ticks]").first().waitFor();
  let acts = 0;
  for (let turn = 0; turn < 20; turn++) {
    await logs.nth(turn % 4 < 2 ? 0 : 1).click();
    await page.waitForTimeout(BETWEEN_MS);
    acts++;
  }
  const box = (await page.locator("figure").first().boundingBox())!;
  for (let turn = 0; turn < 10; turn++) {
    await page.mouse.move(box.x + box.width * 0.3, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.7, box.y + box.height / 2, { steps: 4 });
    await page.mouse.up();
    await page.waitForTimeout(BETWEEN_MS);
    acts++;
  }
  return acts;
}
