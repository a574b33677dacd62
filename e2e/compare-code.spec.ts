/** The code of compared runs, as git itself writes patches of a real folder. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { captureCode } from "../trainer/src/client/capture.ts";
import { textOf } from "./table-runs.ts";
import { expect, newWorkplace, test, url, type Workplace } from "./workspace.ts";

const script = (warmUp: string) => `import math


def schedule(step, total, lr):
    ${warmUp}
    return lr * math.cos(step / total)


def train(model, data):
${Array.from({ length: 20 }, (_, at) => `    layer_${at} = model[${at}]`).join("\n")}
    return model
`;

/** A folder under git, whose files change from run to run. */
function newFolder() {
  const folder = mkdtempSync(path.join(tmpdir(), "holdout-e2e-code-"));
  const git = (...args: string[]) =>
    execFileSync("git", ["-C", folder, "-c", "user.name=Ada", "-c", "user.email=ada@example.org", ...args]);
  const write = (name: string, content: string | Uint8Array) => {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), content);
  };
  const commit = (words: string) => {
    git("add", "-A");
    git("commit", "-q", "-m", words);
  };
  git("init", "-q", "-b", "main");
  git("remote", "add", "origin", "git@github.com:ada/digits.git");
  return { folder, git, write, commit, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

async function logRun({ token }: Workplace, name: string, code: object, seed: number): Promise<string> {
  const response = await fetch(`${url}/api/v1/runs`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ name, seed, config: { lr: 0.1 }, code }),
  });
  expect(response.status, await response.clone().text()).toBe(200);
  return ((await response.json()) as { id: string }).id;
}

test("what differs between two runs' code is told to the line, word by word", async ({ page }) => {
  const place = await newWorkplace(page, "Compared code");
  const { folder, write, commit, git, remove } = newFolder();
  const captured = async (name: string, seed: number) => logRun(place, name, await captureCode(folder), seed);
  write("train.py", script("# no warm-up"));
  write("weights.bin", Uint8Array.of(0, 1, 2));
  write("学习/配置.yaml", "lr: 0.1\n");
  commit("begin");
  const clean = await captured("clean", 1);
  write("train.py", script("warm = min(1, step / 500)"));
  const first = await captured("warm 500", 2);
  write("train.py", script("warm = min(1, step / 1000)").replace("model[19]", "model[-1]"));
  write("weights.bin", Uint8Array.of(0, 1, 3));
  write("学习/配置.yaml", "lr: 0.3\n");
  write("notes <b>.md", "# untracked");
  const second = await captured("warm 1000", 3);
  git("stash", "-q");
  write("train.py", script("# other"));
  commit("go on");
  const other = await captured("other commit", 4);
  const damaged = await logRun(
    place,
    "damaged",
    { ...(await captureCode(folder)), dirty: true, diff: "no\npatch\n" },
    5,
  );
  remove();

  const address = new URLSearchParams([clean, first, second, other, damaged].map((run) => ["run", run]));
  await page.goto(`/projects/${place.slug}/compare?${address}&tab=code&codeFrom=${first}&codeTo=${second}`);
  const versions = page.getByRole("region", { name: "Versions", exact: true });
  await expect(versions.locator("tbody tr")).toHaveCount(5);
  await expect(versions.getByRole("link", { name: /^[0-9a-f]{12}$/ }).first()).toHaveAttribute(
    "href",
    /^https:\/\/github\.com\/ada\/digits\/commit\/[0-9a-f]{40}$/,
  );
  await expect(versions.getByText("1 replicate of the baseline, with other code")).toHaveCount(4);

  // both patches are against one commit: their difference is exact
  const train = page.getByRole("region", { name: "train.py" });
  await expect(train.locator("mark")).toHaveText(["500", "1000", "19", "-", "1"]);
  await expect(train.locator(".code-to").first()).toHaveText("5+    warm = min(1, step / 1000)");
  await expect(train.locator(".ck").filter({ hasText: "def" }).first()).toHaveText("def");
  await expect(page.getByRole("region", { name: "weights.bin" })).toContainText("Its content is no text");
  await expect(page.getByRole("region", { name: "学习/配置.yaml" }).locator("mark")).toHaveText(["0.1", "0.3"]);
  await expect(page.getByText("notes <b>.md")).toBeVisible();

  // what is alike in between is not there, or folded; keys go from difference to difference
  await expect(train).not.toContainText("layer_5 ");
  const focused = page.locator("[data-difference]:focus");
  await expect(async () => {
    await page.keyboard.press("n");
    await expect(focused).toContainText("min(1, step / 500)", { timeout: 500 });
  }).toPass();
  await page.keyboard.press("n");
  await expect(focused).toContainText("model[19]");
  await page.keyboard.press("Shift+N");
  await expect(focused).toContainText("min(1, step / 500)");

  await page.getByRole("link", { name: "Side by side" }).click();
  await expect(page).toHaveURL(/codeView=beside/);
  await expect(train.locator("tr").filter({ hasText: "500" })).toHaveText(
    "5−    warm = min(1, step / 500)5+    warm = min(1, step / 1000)",
  );

  const waiting = page.waitForEvent("download");
  await page.getByRole("button", { name: "Patch of C" }).click();
  const download = await waiting;
  expect(download.suggestedFilename()).toBe("warm 1000.patch");
  expect(await textOf(download)).toContain("+    warm = min(1, step / 1000)");

  // of two commits each patch is told by itself, and the repository is named
  await versions.getByRole("link", { name: "Compare to D" }).click();
  await expect(page.getByText("They began from different commits")).toBeVisible();
  await expect(page.getByRole("link", { name: /what lies between those/ })).toHaveAttribute(
    "href",
    /\/compare\/.+\.\.\..+/,
  );
  await versions.getByRole("link", { name: "Compare to E" }).click();
  await expect(page.getByRole("figure", { name: "What else the patch of E says" })).toContainText("no\npatch");
});

test("a patch of two megabytes is shown in part, and nobody waits for it", async ({ page }) => {
  const place = await newWorkplace(page, "Large patches");
  const patch = (factor: number) =>
    ["one.py", "two.py"]
      .map(
        (name) =>
          `diff --git a/${name} b/${name}\nnew file mode 100644\n--- /dev/null\n+++ b/${name}\n@@ -0,0 +1,20000 @@\n${Array.from(
            { length: 20000 },
            (_, at) => `+value_${at} = f(${at * factor}, "${factor}")\n`,
          ).join("")}`,
      )
      .join("");
  const code = (factor: number) => ({ commit: "0".repeat(40), dirty: true, diff: patch(factor) });
  const runs = [await logRun(place, "a", code(1), 1), await logRun(place, "b", code(3), 2)];
  await page.goto(`/projects/${place.slug}/compare?run=${runs[0]}&run=${runs[1]}&tab=code`);
  await expect(page.getByRole("region", { name: "one.py" })).toContainText(/The first [\d,]+ of 40,000 lines/);
  const second = page.getByRole("region", { name: "two.py" });
  await expect(second.locator("table")).toHaveCount(0);
  await second.getByRole("link", { name: "show this file" }).click();
  await expect(second.locator("mark").first()).toBeVisible();
  await expect(page.getByRole("region", { name: "one.py" }).locator("table")).toHaveCount(0);
});
