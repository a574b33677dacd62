/** npm run test:reference: every reference case whose function the product has, answered by the product's own code. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { closeConnections } from "../db/connection.ts";
import { Refusal } from "../db/refusal.ts";
import { root } from "../db/root.ts";
import { createTestDatabase } from "../db/test-database.ts";
import startTestServer from "../db/test-server.ts";
import { dropNotices } from "../lib/live/notices.ts";
import { adapters as domainAdapters } from "../lib/reference/adapters.ts";
import { trainingAdapters } from "../trainer/src/reference.ts";
import { runCommand } from "./serve/command.ts";

type Case = { id: string; fn: string; title: string; input: unknown; params: unknown; expected: unknown; tol: number };

const adapters = { ...domainAdapters, ...trainingAdapters };

const written = new Map<unknown, number>([
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
]);

await runCommand(async () => {
  const file = process.env.REFERENCE_CASES ?? path.join(root, "lib", "reference", "cases.json");
  const cases = await readCases(file);
  const stopServer = await startTestServer();
  const database = await createTestDatabase();
  Object.assign(process.env, { DATABASE_APP_URL: database.appUrl, HOLDOUT_URL: "http://holdout.test" });
  try {
    const failed = await runCases(cases);
    process.exitCode = failed > 0 ? 1 : 0;
  } finally {
    dropNotices();
    await closeConnections();
    await database.drop();
    await stopServer();
  }
});

async function readCases(file: string): Promise<Case[]> {
  const text = await readFile(file, "utf8").catch((error: Error) => {
    throw new Refusal(`REFERENCE_CASES: ${file} can't be read: ${error.message}`);
  });
  const { cases } = JSON.parse(text) as { cases?: Case[] };
  if (!Array.isArray(cases)) throw new Refusal(`REFERENCE_CASES: ${file} has no list "cases"`);
  return cases;
}

/** Prints what differs, and the counts. Returns how many failed. */
async function runCases(cases: Case[]): Promise<number> {
  const uncovered = new Map<string, number>();
  let [passed, failed] = [0, 0];
  for (const one of cases) {
    const adapter = adapters[one.fn];
    if (!adapter) {
      uncovered.set(one.fn, (uncovered.get(one.fn) ?? 0) + 1);
      continue;
    }
    const differences = await differencesOf(one, adapter);
    if (differences.length === 0) passed++;
    else failed++;
    for (const line of differences) console.log(`✗ ${one.id} ${one.fn} (${one.title}): ${line}`);
  }
  for (const [fn, count] of uncovered) console.log(`not covered: ${fn} (${count})`);
  const others = [...uncovered.values()].reduce((sum, count) => sum + count, 0);
  console.log(`${passed} passed, ${failed} failed, ${others} not covered`);
  return failed;
}

async function differencesOf(one: Case, adapter: (typeof adapters)[string]): Promise<string[]> {
  let got: unknown;
  try {
    got = await adapter(one.input, one.params);
  } catch (error) {
    return isRefusal(one.expected) ? [] : [`threw ${(error as Error).stack}`];
  }
  if (isRefusal(one.expected)) return [`got ${JSON.stringify(got)}, and it must be refused`];
  return [...compare(got, one.expected, one.tol, "")];
}

function isRefusal(expected: unknown): boolean {
  return (expected as { error?: unknown } | null)?.error === true;
}

/** What is expected and isn't so. A number may be off by `tol` times the larger of 1 and its size; null is undefined. */
function* compare(got: unknown, expected: unknown, tol: number, place: string): Generator<string> {
  const want = typeof got === "number" ? (written.get(expected) ?? expected) : expected;
  const differs = `${place || "the answer"} is ${JSON.stringify(got) ?? "undefined"}, expected ${JSON.stringify(expected)}`;
  if (want === null) {
    if (got !== null && got !== undefined) yield differs;
  } else if (typeof want === "number" && Number.isFinite(want)) {
    if (typeof got !== "number" || !(Math.abs(got - want) <= tol * Math.max(1, Math.abs(want)))) yield differs;
  } else if (typeof want !== "object") {
    if (!Object.is(got, want)) yield differs;
  } else if (typeof got !== "object" || got === null || Array.isArray(got) !== Array.isArray(want)) yield differs;
  else if (Array.isArray(want) && want.length !== (got as unknown[]).length) yield differs;
  else
    for (const [key, value] of Object.entries(want))
      yield* compare((got as Record<string, unknown>)[key], value, tol, place ? `${place}.${key}` : key);
}
