import { expect, test } from "vitest";
import { parseSettings } from "../config/settings.ts";
import type { CommandContext } from "./context.ts";
import { demoTrainings, trainArguments } from "./demo.ts";

const context: CommandContext = {
  target: { url: "http://127.0.0.1:1", token: "hold_secret" },
  spoolDir: "/spool",
  code: true,
  offline: false,
  signal: new AbortController().signal,
};

test("the demo's trainings spread over family, optimizer, learning rate and batch size", () => {
  const trainings = demoTrainings.map((training) => parseSettings(training).training);
  const kinds = (of: (training: (typeof trainings)[number]) => unknown) => new Set(trainings.map(of)).size;
  expect(trainings.length).toBeGreaterThanOrEqual(6);
  expect(kinds(({ family }) => family)).toBe(2);
  expect(kinds(({ optimizer }) => optimizer.name)).toBe(4);
  expect(kinds(({ optimizer }) => optimizer.learningRate)).toBeGreaterThanOrEqual(5);
  expect(kinds(({ batchSize }) => batchSize)).toBeGreaterThanOrEqual(4);
});

test("what the demo was told reaches its trainings; its token isn't on their command line", () => {
  const settings = { ...demoTrainings[0], seed: 1, manifest: "0".repeat(64) };
  expect(trainArguments(context, settings).join(" ")).not.toMatch(/secret|--no-code/);
  expect(trainArguments({ ...context, code: false }, settings)).toContain("--no-code");
});
