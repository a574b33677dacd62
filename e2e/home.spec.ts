/** The list of projects, ⌘K and the keys: where a day begins. */
import { queueRuns, start } from "./table-runs.ts";
import { expect, newToken, test } from "./workspace.ts";

test("the list says how good a project is and what runs in it, and ⌘K goes where it was told, or nowhere", async ({
  page,
}) => {
  await page.goto("/");
  await page.keyboard.press("ControlOrMeta+k");
  const field = page.getByPlaceholder("Project, run, page or act");
  await field.fill("new project");
  await page.keyboard.press("Enter");
  const form = page.getByRole("dialog", { name: "New project" });
  await form.getByLabel("Name").fill("Home of a project with a name as long as people give them");
  await form.getByLabel("Primary metric").fill("accuracy");
  await form.getByRole("button", { name: "Create project" }).click();
  await expect(page).toHaveURL(/\/projects\/[^/?]+$/);
  const slug = page.url().split("/").at(-1)!;
  const place = { slug, token: await newToken(page, slug) };
  for (const [at, value] of [0.7, 0.9, 0.8].entries()) {
    const run = await start(place, { name: `paced ${at}`, config: {} });
    run.log({ split: "validation", step: 0, metrics: { accuracy: value } });
    if (at < 2) await run.finish();
  }
  await queueRuns(place, [{ name: "waits", config: {} }]);

  const row = page.getByRole("main").getByRole("row", { name: /^Home of a project/ });
  await expect(async () => {
    await page.goto("/");
    await expect(row.getByRole("img")).toHaveAccessibleName(
      "validation accuracy of the last 3 runs: first 0.7, last 0.8, best 0.9",
      { timeout: 1000 },
    );
  }).toPass();
  await expect(row).toContainText("0.9validation accuracy");
  await expect(row).toContainText("1 runningby a machine: paced 2");

  await page.keyboard.press("?");
  const keys = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await expect(keys.getByRole("region", { name: "Runs table" })).toContainText("The next run");
  await page.keyboard.press("Escape");
  await page.keyboard.press("ControlOrMeta+k");
  // letters that are strewn through names mean nothing
  await field.fill("pcd zq");
  await expect(page.getByText("Nothing has these words in its name.")).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/$/);
  await field.fill("paced 1");
  await page.getByRole("option", { name: /^paced 1/ }).waitFor();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toContainText("paced 1");
  await page.keyboard.press("ControlOrMeta+k");
  await field.fill("dark");
  await page.keyboard.press("Enter");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.keyboard.press("ControlOrMeta+k");
  await field.fill("manifests");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/projects/${slug}/manifests$`));
});
