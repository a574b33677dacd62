/** Every tool, by its name: `holdout runs list` at a terminal is `runs_list` to an agent. */
import { logTools } from "./log.ts";
import { loopTools } from "./loops.ts";
import { readReviewsTools } from "./read-reviews.ts";
import { readRunsTools } from "./read-runs.ts";
import { readTestsTools } from "./read-tests.ts";
import type { Tool } from "./tool.ts";

export const tools = {
  ...readRunsTools,
  ...readTestsTools,
  ...readReviewsTools,
  ...loopTools,
  ...logTools,
} as const satisfies Record<string, Tool>;
export type ToolName = keyof typeof tools;
