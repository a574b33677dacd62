/** A model trains in the browser by WebGPU, here on a GPU that is drawn by software. */
import type { SeriesPoints } from "../lib/wire/points/points.ts";
import type { Run, RunList } from "../lib/wire/runs.ts";
import { ask, expect, newWorkplace, test } from "./workspace.ts";

const args = ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"];
test.use({
  launchOptions: [async ({ launchOptions }, use) => use({ ...launchOptions, args }), { scope: "worker" }],
});

/** Software takes four seconds an epoch: by default it trains for as long as shows that both backends come to the same. */
const isSlow = process.env.HOLDOUT_TEST_SLOW === "1";
/** What guessing reaches is .5. */
const ACCURACY_MIN = isSlow ? 0.8 : 0.4;

type Gpu = { requestAdapter(): Promise<unknown> };

test("a model trains by WebGPU where the address asks for it, and not by a software GPU otherwise", async ({
  page,
}) => {
  const place = await newWorkplace(page, "Trained by WebGPU");
  await page.goto(`/projects/${place.slug}/train`);
  const hasAdapter = await page.evaluate(async () => !!(await (navigator as { gpu?: Gpu }).gpu?.requestAdapter()));
  test.skip(!hasAdapter, "this browser has no adapter of WebGPU");
  const training = page.getByRole("region", { name: "Training", exact: true });
  const train = async (query: string): Promise<Run> => {
    await page.goto(`/projects/${place.slug}/train${query}`);
    await page.getByLabel("Epochs").fill(isSlow ? "12" : "2");
    await page.getByRole("button", { name: "Train", exact: true }).click();
    await expect(training.getByRole("status")).toHaveText("Finished.", { timeout: 90_000 });
    return (await ask<RunList>(place.token, "runs?limit=1")).runs[0]!;
  };

  const forced = await train("?backend=webgpu");
  expect(forced.environment).toMatchObject({ backend: "webgpu" });
  await expect(training).toContainText("Computes with WebGPU, on google swiftshader.");
  const usual = await train("");
  expect(usual.environment.backend).not.toBe("webgpu");
  expect(usual.environment["backends tried"]).toContain("webgpu not taken: drawn by software");

  const accuracyOf = async ({ id }: Run): Promise<number> => {
    const { series } = await ask<SeriesPoints>(place.token, `runs/${id}/metrics?series=validation/accuracy`);
    return Number(series[0]!.values.at(-1));
  };
  expect(await accuracyOf(forced)).toBeGreaterThan(ACCURACY_MIN);
  expect(await accuracyOf(forced)).toBeCloseTo(await accuracyOf(usual), 1);

  await page.goto(`/projects/${place.slug}/train?backend=abacus`);
  await page.getByRole("button", { name: "Train", exact: true }).click();
  await expect(page.getByText('there is no backend "abacus"')).toBeVisible();
});
