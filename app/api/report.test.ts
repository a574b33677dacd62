import { expect, test } from "vitest";
import { check, clean } from "@/lib/datasets/test-samples.ts";
import { newToken, prepareWorkspace, TEST_ORIGIN } from "@/lib/test-workspace.ts";
import { manifestReportSchema } from "@/lib/wire/data/checks.ts";
import { GET } from "./v1/manifests/[manifest]/report/route.ts";

prepareWorkspace();

test("a report over the API has kinds and figures for programs, and a sentence of each for people", async () => {
  const rows = clean(100).map((row, at) => ({ ...row, group: `patient ${at === 18 ? 3 : at}` }));
  const { project, manifest } = await check(rows);
  const { secret } = await newToken(project, "read");
  const request = new Request(`${TEST_ORIGIN}/api/v1/manifests/${manifest.id}/report`, {
    headers: { authorization: `Bearer ${secret}` },
  });
  const response = await GET(request, { params: Promise.resolve({ manifest: manifest.id }) });
  const { checks } = manifestReportSchema.parse(await response.json());
  expect(checks.find(({ name }) => name === "groups")).toMatchObject({
    statements: [{ kind: "groups-in-two-splits", figures: { groups: 99, spanning: 1, testSamples: 1 } }],
    detail: "1 group of 99 stands in more than one split, with 1 test sample: what is tested was partly trained on.",
    findings: [{ kind: "same-group", figures: { group: "patient 3", samples: 2 }, note: "group patient 3, 2 samples" }],
  });
});
