import { parse as parseCsv } from "csv-parse/sync";
import { expect, test } from "vitest";
import { systemActor } from "@/lib/access/actor.ts";
import { overrideManifest } from "@/lib/checks/report.ts";
import { check, clean } from "@/lib/datasets/test-samples.ts";
import { registerManifest } from "@/lib/manifests/register.ts";
import { newRun, newToken, prepareWorkspace, TEST_ORIGIN } from "@/lib/test-workspace.ts";
import { GET } from "./v1/projects/[project]/manifests.csv/route.ts";

prepareWorkspace();

test("the list of manifests as CSV has every one with what its checks say, its runs, and no formula", async () => {
  const leaking = clean(100).map((row, at) => (at === 1 || at === 17 ? { ...row, content: "copy", label: "1" } : row));
  const { project, manifest } = await check(leaking, { name: "=leaking", notes: "a,b" });
  await overrideManifest(systemActor, project.id, manifest.id, { reason: "one known copy, harmless" });
  await newRun(project, { manifest: manifest.id });
  const given = { project: project.id, dataset: manifest.dataset, method: "random", seed: 7 } as const;
  const waiting = await registerManifest(systemActor, { ...given, name: "not yet" });
  const { secret } = await newToken(project, "read");
  const request = new Request(`${TEST_ORIGIN}/api/v1/projects/${project.slug}/manifests.csv`, {
    headers: { authorization: `Bearer ${secret}` },
  });
  const response = await GET(request, { params: Promise.resolve({ project: project.slug }) });
  expect(response.status).toBe(200);
  expect(response.headers.get("content-disposition")).toContain(`${project.slug}-manifests.csv`);
  const rows = parseCsv(await response.text(), { columns: true, bom: true }) as Record<string, string>[];
  expect(rows).toMatchObject([
    {
      name: "not yet",
      checks: "not checked yet",
      method: "random",
      seed: "7",
      runs: "0",
      id: waiting.id,
      override: "",
    },
    {
      name: "'=leaking",
      checks: "block, overridden",
      runs: "1",
      train: "70",
      id: manifest.id,
      notes: "a,b",
      override: expect.stringContaining("one known copy, harmless"),
    },
  ]);
});
