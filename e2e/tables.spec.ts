/** A stranger's table: asked about where its header leaves something open, uploaded, and trained on under the same manifest. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { startTrainer } from "../trainer/src/test/test-program.ts";
import { expect, newWorkplace, test, url } from "./workspace.ts";

const folder = mkdtempSync(path.join(tmpdir(), "holdout-e2e-tables-"));
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Sixty rows with a saved row number, a header in another case, and blanks round a label. */
const rows = Array.from({ length: 60 }, (_, at) => {
  const split = at < 36 ? "train" : at < 48 ? "validation" : "test";
  return [at, `k${at}`, split, at % 2 ? "ill" : "well ", `p${at}`, (at * 37) % 101, ((at % 2) + at / 100).toFixed(2)];
});
const csv = `,key,split,label,Group,size,heat\n${rows.map((row) => `${row.join(",")}\n`).join("")}`;

test("a table whose header leaves something open is asked about, and the trainer finds the same rows", async ({
  page,
  strayErrors,
}) => {
  const { slug, token } = await newWorkplace(page, "Tables");
  await page.goto(`/projects/${slug}/manifests/new`);
  await page.getByLabel("Dataset's name").fill("wards");
  await page.getByLabel("Version").fill("1");
  const file = path.join(folder, "wards.csv");
  writeFileSync(file, csv);
  await page.getByLabel("File of samples").setInputFiles(file);
  const send = () => page.getByRole("button", { name: "Upload samples" }).click();
  await send();
  await expect(page.getByRole("alert").first()).toContainText('the column "Group" looks like group');
  await page.getByLabel('The column "Group" looks like group').selectOption("take it as group");
  await send();
  await expect(page.getByRole("alert").first()).toContainText('row 1, label: "well " has blanks round it');
  await page.getByLabel(/Cut the blanks/).check();
  await send();
  await expect(page.getByRole("status").first()).toContainText('left out, as it names or numbers rows: the column ""');
  await expect(page.getByLabel("Dataset", { exact: true }).locator("option:checked")).toHaveText("wards 1");
  await page.getByLabel("Name", { exact: true }).fill("wards, as given");
  await page.getByLabel("Method").selectOption("given");
  await page.getByRole("button", { name: "Make manifest" }).click();
  await expect(page).toHaveURL(/manifests\/[0-9a-f]{64}$/);
  const manifest = page.url().split("/").at(-1)!;
  // each refusal of the upload is an answer of 400, which the browser notes
  expect(strayErrors.splice(0).filter((error) => !error.includes("400"))).toEqual([]);

  const flags = ["--columns", "Group:group", "--blanks", "trim", "--manifest", manifest];
  const args = ["train", "--data", file, "--token", token, ...flags, "--epochs", "1", "--backend", "wasm", "--no-code"];
  const { said, ended } = startTrainer(args, { cwd: folder, url, spoolDir: path.join(folder, "spool") });
  expect(await ended, said()).toBe(0);
});
