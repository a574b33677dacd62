/** Parts of a query that several routes read alike. */
import { ProblemError } from "@/lib/problem.ts";

/** Whether a switch of the query is on: 1 is, 0 and an absent one are not. Throws `invalid` for anything else. */
export function isAsked(query: URLSearchParams, name: string): boolean {
  const value = query.get(name);
  if (value === null || value === "0") return false;
  if (value === "1") return true;
  const detail = `${JSON.stringify(value.slice(0, 80))} is neither 0 nor 1`;
  throw new ProblemError("invalid", `${name}: ${detail}`, [{ field: name, detail }]);
}
