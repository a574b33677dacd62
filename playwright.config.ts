import { defineConfig } from "@playwright/test";
import { browsersHere } from "./bin/test/browser.ts";

export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results",
  globalSetup: "./e2e/setup.ts",
  // a worker has a server and a first admin of its own; on two cores three are slower than two
  workers: 2,
  forbidOnly: true,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: process.env.HOLDOUT_E2E_REPORT
    ? [["list"], ["json", { outputFile: process.env.HOLDOUT_E2E_REPORT }]]
    : [["list"]],
  use: {
    browserName: "chromium",
    launchOptions: { executablePath: process.env.HOLDOUT_CHROMIUM || browsersHere()[0] },
    locale: "en-GB",
    timezoneId: "UTC",
    // a trace takes an eighth of the time: `--trace retain-on-failure` where one is needed
    screenshot: "only-on-failure",
  },
});
