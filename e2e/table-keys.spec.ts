/** The runs table by keys alone, and tags wherever a run is. */
import { filter, names, queueRuns, rows, withRuns } from "./table-runs.ts";
import { expect, newWorkplace, test } from "./workspace.ts";

test("runs are found, walked through, selected, tagged and opened by keys alone, and the tags stand in their rows", async ({
  page,
}) => {
  await withRuns(page, "By keys");
  const row = (name: string) => rows(page).filter({ hasText: name });
  await page.keyboard.press("j");
  await expect(row("mlp 3").getByRole("link")).toBeFocused();
  await page.keyboard.press("x");
  for (const key of ["j", "j", "Shift+X"]) await page.keyboard.press(key);
  await expect(row("cnn 1").getByRole("link")).toBeFocused();
  await expect(page.getByTestId("selected-count")).toHaveText("3 runs selected");

  await page.keyboard.press("t");
  await expect(page.getByLabel("Tag", { exact: true })).toBeFocused();
  // a field takes the keys that rows listen to
  await page.keyboard.type("jx baseline");
  await page.keyboard.press("Enter");
  await expect(page.getByText("3 runs tagged jx baseline", { exact: true })).toBeVisible();
  await expect(page.getByTestId("selected-count")).toHaveText("3 runs selected");
  await expect(rows(page).getByTitle("jx baseline").first()).toBeVisible();
  await expect(rows(page).filter({ hasText: "jx baseline" })).toHaveCount(3);

  await row("cnn 0").getByRole("link").focus();
  await page.keyboard.press("m");
  await page.keyboard.press("ArrowDown");
  await page.getByRole("menuitem", { name: "Tags" }).press("Enter");
  const dialog = page.getByRole("dialog", { name: "Tags of cnn 0" });
  await dialog.getByLabel("Tag").fill("slow");
  await page.keyboard.press("Enter");
  await expect(dialog.getByRole("list", { name: "Tags" })).toHaveText("slow");
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await expect(row("cnn 0")).toContainText("slow");
  await expect(page.getByTestId("selected-count")).toHaveText("3 runs selected");
  await page.getByRole("button", { name: "Take off the tag jx baseline" }).click();
  await expect(rows(page).filter({ hasText: "jx baseline" })).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).last().click();
  await expect(rows(page).filter({ hasText: "jx baseline" })).toHaveCount(3);

  await page.keyboard.press("Escape");
  await expect(page.getByTestId("selected-count")).toHaveCount(0);
  await page.keyboard.press("/");
  await expect(filter(page)).toBeFocused();
  await filter(page).fill("tags = slow");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Enter");
  await expect(names(page)).toHaveText(["cnn 0"]);
  await page.keyboard.press("Escape");
  await page.keyboard.press("k");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toContainText("cnn 0");
});

test("keys walk through rows that aren't there until they are reached", async ({ page }) => {
  const place = await newWorkplace(page, "Long walk");
  await queueRuns(
    place,
    Array.from({ length: 90 }, (_, index) => ({ name: `run ${index}`, config: {} })),
  );
  await page.goto(`/projects/${place.slug}?sort=created`);
  await expect(rows(page).first()).toBeVisible();
  for (let step = 0; step < 70; step++) await page.keyboard.press("j");
  const focused = page.locator("tr[data-run]:has(a:focus)");
  await expect(focused).toContainText("run 69");
  await expect(focused).toBeInViewport();
  for (let step = 0; step < 3; step++) await page.keyboard.press("k");
  await expect(focused).toContainText("run 66");
});

test("the column of names is made wider by pointer and keys, and the address keeps it", async ({ page }) => {
  await withRuns(page, "Wide names");
  const handle = page.getByRole("separator", { name: "Width of the names" });
  const head = page.getByRole("columnheader", { name: "Name" });
  const widthOf = async () => Math.round((await head.boundingBox())!.width);
  const before = await widthOf();
  const box = (await handle.boundingBox())!;
  await page.mouse.move(box.x + 3, box.y + 5);
  await page.mouse.down();
  await page.mouse.move(box.x + 103, box.y + 5, { steps: 4 });
  await page.mouse.up();
  await expect.poll(widthOf).toBe(before + 100);
  await expect(page).toHaveURL(new RegExp(`c=name%21${before + 100}`));
  await handle.press("ArrowLeft");
  await expect(page).toHaveURL(new RegExp(`c=name%21${before + 84}`));
  await page.reload();
  await expect.poll(widthOf).toBe(before + 84);
  // the columns that nobody chose are there still
  await expect(page.getByRole("columnheader", { name: "best" })).toBeVisible();
  await handle.dblclick();
  await expect(page).not.toHaveURL(/name/);
});
