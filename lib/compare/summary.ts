/** What of a series is compared, as an address names it. Pure. */
import { invalid } from "../problem.ts";
import { type ComparedSummary, comparedSummaries } from "../wire/comparison.ts";

/** Null for none. Throws `invalid` for what is no summary. */
export function parseSummary(name: string | null): ComparedSummary | null {
  const found = comparedSummaries.find((one) => one === name);
  if (name === null || name === "" || found) return found ?? null;
  throw invalid("summary", `there is no summary ${JSON.stringify(name)}: expected ${comparedSummaries.join(", ")}`);
}
