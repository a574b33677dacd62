import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import type { Check, ManifestReport } from "@/lib/wire/data/checks.ts";
import { CheckList } from "./check-list.tsx";

const show = (check: Check): string => {
  const report: ManifestReport = {
    manifest: "a".repeat(64),
    verdict: "warn",
    checks: [check],
    progress: { status: "done", share: 1, stage: "", failure: null },
  };
  const place = { projectId: "p", slug: "p", manifest: report.manifest };
  return renderToStaticMarkup(createElement(CheckList, { place, report, thumbnailed: new Set<string>() }));
};
const samples: Pick<Check["findings"][number], "keys" | "splits"> = { keys: ["a", "b"], splits: ["train", "test"] };

test("a check shows its kinds and figures as sentences, each finding with its note", () => {
  const markup = show({
    name: "near-duplicates",
    verdict: "warn",
    statements: [{ kind: "pairs-alike", figures: { pairs: 1200, testSamples: 3, tests: 44 } }],
    figures: { pairs: 1200, recallOneColumn: 0.5, testShare: null },
    findings: [{ ...samples, kind: "alike", figures: { similarity: 0.98765, mirrored: true } }],
    findingCount: 1200,
  });
  for (const words of [
    "Near duplicates",
    "1,200 pairs of samples of two splits look the same; 3 of 44 test samples are among them.",
    "Figures and samples (1,200)",
    "recall one column",
    "alike to 0.988, mirrored",
  ])
    expect(markup).toContain(words);
});

test("a check of an earlier report shows the text that was stored", () => {
  const markup = show({
    name: "groups",
    verdict: "warn",
    statements: [{ kind: "earlier-text", figures: { text: "As it was said then." } }],
    figures: {},
    findings: [{ ...samples, kind: "earlier-note", figures: { text: "as it was noted then" } }],
    findingCount: 1,
  });
  expect(markup).toContain("As it was said then.");
  expect(markup).toContain("as it was noted then");
});
