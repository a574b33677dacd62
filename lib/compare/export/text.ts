/** A comparison as text to be taken along: Markdown for people, CSV with a line a value. Pure. */
import { invalid } from "../../problem.ts";
import type { Comparison } from "../../wire/comparison.ts";
import { csvOf } from "./csv.ts";
import { markdownOf } from "./markdown.ts";
import { type EvaluatedText, inSight, type Shown } from "./shown.ts";

export const comparisonFormats = ["json", "markdown", "csv"] as const;
export type ComparisonFormat = (typeof comparisonFormats)[number];

/** JSON where none is named. Throws `invalid` for another. */
export function comparisonFormat(name: string | null): ComparisonFormat {
  const found = comparisonFormats.find((one) => one === (name ?? "json"));
  if (found) return found;
  throw invalid("format", `there is no format ${JSON.stringify(name)}: expected ${comparisonFormats.join(", ")}`);
}

/** Of the runs that are shown, with the baseline in any case. `evaluations`: those that the reader may see. */
export function comparisonText(
  comparison: Comparison,
  evaluations: readonly EvaluatedText[],
  format: "markdown" | "csv",
  shown: Shown,
): string {
  const sight = inSight(comparison, evaluations, shown);
  return format === "csv" ? csvOf(sight) : markdownOf(sight);
}
