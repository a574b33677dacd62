/** What Vitest's and Playwright's JSON reports say: how many tests passed, and which ones didn't. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { root } from "../../db/root.ts";

/** `failed`: file and name of each. */
export type Outcome = { passed: number; failed: string[] };

type VitestReport = {
  numPassedTests: number;
  testResults: {
    name: string;
    status: string;
    message: string;
    assertionResults: { status: string; fullName: string }[];
  }[];
};

export async function vitestOutcome(file: string): Promise<Outcome> {
  const report = await readReport<VitestReport>(file);
  const failed = (report?.testResults ?? []).flatMap(({ name, status, message, assertionResults }) => {
    const where = path.relative(root, name);
    const tests = assertionResults.filter((test) => test.status === "failed");
    // a file that could not be read has no tests
    if (tests.length === 0 && status === "failed") return [`${where}: ${message.split("\n")[0]}`];
    return tests.map(({ fullName }) => `${where}: ${fullName}`);
  });
  return { passed: report?.numPassedTests ?? 0, failed };
}

type PlaywrightSuite = {
  specs?: { ok: boolean; file: string; line: number; title: string }[];
  suites?: PlaywrightSuite[];
};
type PlaywrightReport = {
  stats: { expected: number; flaky: number };
  suites: PlaywrightSuite[];
  errors: { message?: string }[];
};

export async function playwrightOutcome(file: string): Promise<Outcome> {
  const report = await readReport<PlaywrightReport>(file);
  if (!report) return { passed: 0, failed: [] };
  const failedOf = ({ specs = [], suites = [] }: PlaywrightSuite): string[] => [
    ...specs.filter(({ ok }) => !ok).map(({ file, line, title }) => `e2e/${file}:${line}: ${title}`),
    ...suites.flatMap(failedOf),
  ];
  // what belongs to no test, such as a setup that failed
  const others = report.errors.map(({ message = "" }) => `e2e: ${message.split("\n")[0]}`);
  return {
    passed: report.stats.expected + report.stats.flaky,
    failed: [...report.suites.flatMap(failedOf), ...others],
  };
}

async function readReport<Report>(file: string): Promise<Report | null> {
  const text = await readFile(file, "utf8").catch(() => null);
  return text === null ? null : (JSON.parse(text) as Report);
}
