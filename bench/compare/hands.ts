/** What a reader does to a comparison, by keys and mouse. */
import type { Page } from "playwright";
import { untilAnswering } from "../browser.ts";

/** A reader's next act comes when the last has been seen. */
const BETWEEN_MS = 150;

/** Forty keys in the table: on to the next difference, another baseline, a column hidden and shown again. */
export async function gridHands(page: Page): Promise<number> {
  const cell = page.locator("[data-row] > td[data-run]").first();
  await untilAnswering(cell);
  await cell.click();
  const keys = ["n", "n", "ArrowRight", "b", "n", "h", "N", "ArrowRight", "n", "b"];
  for (let turn = 0; turn < 4; turn++)
    for (const key of keys) {
      await page.keyboard.press(key);
      await page.waitForTimeout(BETWEEN_MS);
    }
  return 4 * keys.length + 1;
}

/** Drags a brush along an axis of parallel coordinates, slowly. Returns how many pointer moves that was. */
export async function brushHands(page: Page, moves: number): Promise<number> {
  const axis = page.locator("[data-axis-brush]").first();
  await untilAnswering(axis);
  await axis.scrollIntoViewIfNeeded();
  const { x, y, width, height } = (await axis.boundingBox())!;
  await page.mouse.move(x + width / 2, y + height * 0.1);
  await page.mouse.down();
  await page.mouse.move(x + width / 2, y + height * 0.9, { steps: moves });
  await page.mouse.up();
  return moves;
}
