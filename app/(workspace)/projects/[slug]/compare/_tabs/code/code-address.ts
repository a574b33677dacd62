/** What the address holds of the compared code. Pure. */
import { one, type SearchParams } from "../compare-address.ts";

export type CodeState = {
  /** A run of each version; empty: the baseline's, and the first other one. */
  from: string;
  to: string;
  /** Both versions beside each other. */
  isBeside: boolean;
  /** The file that is shown by itself; empty: all. */
  file: string;
};

export const readCodeState = (params: SearchParams): CodeState => ({
  from: one(params.codeFrom),
  to: one(params.codeTo),
  isBeside: one(params.codeView) === "beside",
  file: one(params.codeFile),
});

/** The same page with another part of it. */
export function codeHref(params: SearchParams, change: Partial<CodeState>): string {
  const next = new URLSearchParams(
    Object.entries(params).flatMap(([name, value]) => [value ?? []].flat().map((text) => [name, text])),
  );
  const { from, to, isBeside, file } = { ...readCodeState(params), ...change };
  const written = { codeFrom: from, codeTo: to, codeView: isBeside ? "beside" : "", codeFile: file };
  for (const [name, value] of Object.entries(written))
    if (value === "") next.delete(name);
    else next.set(name, value);
  return `?${next}`;
}
