/** npm test: everything that says whether this version works. `--slow` runs the randomised tests at their full count. */
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { Refusal } from "../db/refusal.ts";
import { root } from "../db/root.ts";
import { startTestPostgres } from "../db/test-server.ts";
import { build, isBuilt } from "./serve/build.ts";
import { runCommand } from "./serve/command.ts";
import { findPrograms } from "./serve/programs.ts";
import { findBrowser } from "./test/browser.ts";
import { playwrightOutcome, vitestOutcome } from "./test/reports.ts";

type Step = { name: string; run: () => Promise<boolean> };

await runCommand(async () => {
  const { values } = parseArgs({ options: { slow: { type: "boolean", default: false } } });
  findPrograms((line) => console.log(line));
  const browser = await findBrowser((line) => console.log(line));
  console.log(`Browser: ${browser}`);
  const reports = await mkdtemp(path.join(tmpdir(), "holdout-reports-"));
  const given = process.env.HOLDOUT_TEST_POSTGRES ?? process.env.DATABASE_URL;
  const postgres = given ? { adminUrl: given, stop: async () => {} } : await startTestPostgres();
  Object.assign(process.env, {
    HOLDOUT_CHROMIUM: browser,
    HOLDOUT_TEST_POSTGRES: postgres.adminUrl,
    HOLDOUT_E2E_REPORT: path.join(reports, "playwright.json"),
    NEXT_TELEMETRY_DISABLED: "1",
    // Next's own sign that .env was read: tests read none
    __NEXT_PROCESSED_ENV: "1",
    ...(values.slow ? { HOLDOUT_TEST_SLOW: "1" } : {}),
  });
  try {
    await runSteps(reports);
  } finally {
    await postgres.stop();
    await rm(reports, { recursive: true, force: true });
  }
});

async function runSteps(reports: string): Promise<void> {
  const unit = path.join(reports, "vitest.json");
  // what stands in one row runs at once: each has a core to itself
  const rows: Step[][] = [
    [{ name: "types of the routes", run: () => tool("next", ["typegen"]) }],
    [
      { name: "types", run: () => tool("tsc", ["--noEmit"]) },
      {
        name: "types of the trainer and of the end-to-end tests",
        run: async () => (await tool("tsc", ["--noEmit", "-p", "trainer"])) && tool("tsc", ["--noEmit", "-p", "e2e"]),
      },
    ],
    [
      { name: "lint", run: () => tool("biome", ["check", "."]) },
      { name: "reference cases", run: () => tool("tsx", ["bin/reference.ts"]) },
    ],
    [
      {
        name: "unit and integration tests",
        run: () => tool("vitest", ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${unit}`]),
      },
    ],
    [{ name: "build", run: buildIfStale }],
    [{ name: "end-to-end tests", run: () => tool("playwright", ["test"]) }],
  ];
  const failures: string[] = [];
  // the step that runs gets the terminal's Ctrl-C itself; what was started here is cleared away after it
  let interrupted = false;
  const onSignal = () => {
    interrupted = true;
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, onSignal);
  for (const row of rows) {
    if (interrupted) throw new Refusal("Interrupted.");
    const passed = await Promise.all(row.map(runStep));
    failures.push(...row.filter((_, at) => !passed[at]).map(({ name }) => name));
  }
  const outcomes = [await vitestOutcome(unit), await playwrightOutcome(process.env.HOLDOUT_E2E_REPORT ?? "")];
  const failed = outcomes.flatMap((outcome) => outcome.failed);
  // at the very end, for whoever has the last lines of a long log alone
  if (failures.length > 0) console.log(`\nFailed: ${failures.join(", ")}`);
  for (const test of failed) console.log(`  ${test}`);
  console.log(`\n${outcomes.reduce((sum, { passed }) => sum + passed, 0)} passed, ${failed.length} failed`);
  process.exitCode = failures.length > 0 ? 1 : 0;
}

async function runStep({ name, run }: Step): Promise<boolean> {
  const startedAt = Date.now();
  console.log(`\n── ${name}`);
  const passed = await run().catch((error: unknown) => {
    console.error(error);
    return false;
  });
  console.log(`── ${name}: ${passed ? "passed" : "FAILED"} in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
  return passed;
}

async function buildIfStale(): Promise<boolean> {
  if (!isBuilt()) await build();
  return true;
}

/** Runs a program of node_modules/.bin in the foreground; true: it ended with 0. */
function tool(name: string, args: string[]): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn(path.join(root, "node_modules", ".bin", name), args, { cwd: root, stdio: "inherit" });
    child.on("error", reject);
    child.on("close", (code) => resolve(code === 0));
  });
}
