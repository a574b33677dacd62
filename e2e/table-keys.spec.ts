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
  const focused = page.locator("tr[data-run]:has(a:focus)");
  await page.keyboard.press("j");
  await expect(focused).toContainText("run 0");
  // faster than any frame is drawn, as keys reach a page that was busy
  await page.evaluate(() => {
    const event = () => new KeyboardEvent("keydown", { key: "j", bubbles: true, cancelable: true });
    for (let step = 0; step < 69; step++) document.activeElement!.dispatchEvent(event());
  });
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
  await expect(page.getByTestId("runs").getByRole("columnheader", { name: "best" })).toBeVisible();
  await handle.dblclick();
  await expect(page).not.toHaveURL(/c=name/);
});

test("a filter that finds nothing leaves the table in sight, and a short table says what to do next", async ({
  page,
}) => {
  const { slug } = await withRuns(page, "Nothing found");
  const next = page.getByRole("region", { name: "What to do next" });
  await expect(next.getByRole("link", { name: "Make a split manifest" })).toBeVisible();
  // without any manifest no run is blamed, and it is said once
  await expect(page.getByText("uncited")).toHaveCount(0);
  await expect(page.getByRole("link", { name: "no split manifest yet" })).toHaveCount(1);
  await filter(page).fill("config.family = cnn");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Enter");
  await expect(names(page)).toHaveText(["cnn 1", "cnn 0"]);
  await filter(page).fill("config.family = transformer");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Enter");
  await expect(page.getByText("None of the 4 runs matches.")).toBeVisible();
  const before = page.getByTestId("runs-before").locator("tbody tr[data-run]");
  await expect(before).toHaveCount(2);
  await page.goto(`/projects/${slug}?q=config.family+%3D+transformer`);
  await expect(before).toHaveCount(4);
  await page.getByRole("main").getByRole("link", { name: "Show all" }).click();
  await expect(names(page)).toHaveCount(4);
});

test("groups are sorted by any two columns, which the address keeps, and their runs by the table's order", async ({
  page,
}) => {
  const { slug } = await withRuns(page, "Sorted groups");
  await page.goto(`/projects/${slug}?by=config.family`);
  const groups = page.getByTestId("groups").locator("tbody tr:not([data-run])");
  const inOrder = (...words: string[]) => expect(groups).toHaveText(words.map((word) => new RegExp(`^${word}`)));
  await inOrder("cnn", "mlp", "rnn");
  const best = page.getByTestId("groups").getByRole("columnheader", { name: /best, mean/ });
  await best.getByRole("link").click();
  await inOrder("mlp", "rnn", "cnn");
  await expect(best).toHaveAttribute("aria-sort", "descending");
  await page.getByRole("columnheader", { name: "Runs" }).getByRole("link").click();
  await page
    .getByRole("columnheader", { name: "family" })
    .getByRole("link")
    .click({ modifiers: ["Shift"] });
  await page.getByRole("columnheader", { name: "family" }).getByRole("link").press("Shift+Enter");
  await expect(page).toHaveURL(/sort=-count&sort=-config\.family/);
  await inOrder("cnn", "rnn", "mlp");
  await page.goto(`/projects/${slug}?by=config.family&sort=count&sort=name`);
  await inOrder("mlp", "rnn", "cnn");
  await page.getByRole("button", { name: "Runs of cnn" }).click();
  await expect(page.getByTestId("groups").locator("tr[data-run] a")).toHaveText(["cnn 0", "cnn 1"]);
});
