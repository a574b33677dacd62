/** The programs that an empty project shows are run as they stand. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, newWorkplaceByHand, root, test } from "./workspace.ts";

const run = promisify(execFile);
const programs = {
  TypeScript: (text: string) => [process.execPath, "--import", "tsx", "--input-type=module", "--eval", text],
  curl: (text: string) => ["bash", "-euo", "pipefail", "-c", text],
  Python: (text: string) => ["python3", "-c", text],
};

for (const [language, program] of Object.entries(programs))
  test(`the ${language} snippet of an empty project logs a run that appears at once`, async ({ page }) => {
    const { slug, token } = await newWorkplaceByHand(page, `Snippets in ${language}`);
    await page.goto(`/projects/${slug}`);
    await page.getByRole("tab", { name: language }).click();
    const text = (await page.getByTestId(`snippet-${language}`).locator("pre").textContent())!;
    const [command = "", ...args] = program(text);
    await run(command, args, { cwd: root, env: { ...process.env, HOLDOUT_TOKEN: token } });
    const row = page.getByRole("row", { name: `from ${language}` });
    await expect(row).toContainText("finished");
    await expect(row).toContainText("0.1");
  });
