/** A stranger's table, whose header leaves something open: uploaded, and trained on under the same manifest. */
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

test("a table whose header leaves something open is read as it is meant, and the trainer finds the same rows", async ({
  page,
}) => {
  const { slug, token } = await newWorkplace(page, "Tables");
  await page.goto(`/projects/${slug}/manifests/new`);
  const file = path.join(folder, "wards.csv");
  writeFileSync(file, csv);
  await page.getByLabel("File of samples").setInputFiles(file);
  await expect(page.getByLabel("What Group is")).toHaveValue("group");
  await expect(page.getByLabel("What the column without a name is")).toHaveValue("nothing");
  await expect(page.getByLabel(/Cut the blanks/)).toBeChecked();
  await expect(page.getByLabel("Method")).toHaveValue("given");
  await page.getByRole("button", { name: "Make manifest" }).click();
  await expect(page).toHaveURL(/manifests\/[0-9a-f]{64}$/);
  const manifest = page.url().split("/").at(-1)!;
  const flags = ["--columns", "Group:group", "--blanks", "trim", "--manifest", manifest];
  const args = ["train", "--data", file, "--token", token, ...flags, "--epochs", "1", "--backend", "wasm", "--no-code"];
  const { said, ended } = startTrainer(args, { cwd: folder, url, spoolDir: path.join(folder, "spool") });
  expect(await ended, said()).toBe(0);
});
