import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import type { Verdict } from "@/lib/wire/data/checks.ts";
import { ManifestStanding, VerdictMark } from "./verdict.tsx";

const override = { reason: "one known copy", by: "Ada", at: "2026-01-05T09:00:00.000Z" };

test.each([
  [null, "uncited"],
  [{ verdict: null, override: null }, "not checked yet"],
  [{ verdict: "block" as const, override: null }, "manifest blocked"],
  [{ verdict: "block" as const, override }, "blocked, overridden"],
  [{ verdict: "warn" as const, override: null }, null],
])("a run on the manifest %j wears: %s", (manifest, words) => {
  const markup = renderToStaticMarkup(createElement(ManifestStanding, { manifest }));
  if (words === null) expect(markup).toBe("");
  else expect(markup).toContain(`>${words}<`);
});

test.each([
  [null, false, "checking"],
  [null, true, "checks failed"],
  ["pass" as const, false, "pass"],
  ["not-applicable" as const, false, "not applicable"],
])("the verdict %s, its checks failed: %s, is shown as %s", (verdict: Verdict | null, checksFailed, words) => {
  expect(renderToStaticMarkup(createElement(VerdictMark, { verdict, checksFailed }))).toContain(words);
});
