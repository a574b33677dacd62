/** Manifests as a program registers them. */
import { expect, test } from "vitest";
import { check, clean } from "@/lib/datasets/test-samples.ts";
import { newProject, newToken, prepareWorkspace, TEST_ORIGIN } from "@/lib/test-workspace.ts";
import type { Manifest, ManifestCreate } from "@/lib/wire/data/manifests.ts";
import { manifestRegisteredSchema } from "@/lib/wire/data/manifests.ts";
import type { Project } from "@/lib/wire/projects.ts";
import { GET, POST } from "./v1/manifests/route.ts";

prepareWorkspace();

async function register(project: Project, given: ManifestCreate) {
  const headers = { authorization: `Bearer ${(await newToken(project, "ingest")).secret}` };
  const request = new Request(`${TEST_ORIGIN}/api/v1/manifests`, {
    method: "POST",
    headers,
    body: JSON.stringify(given),
  });
  const answer = await (await POST(request, { params: Promise.resolve({}) })).json();
  const listing = await GET(new Request(`${TEST_ORIGIN}/api/v1/manifests`, { headers }), {
    params: Promise.resolve({}),
  });
  return { answer, manifests: ((await listing.json()) as { manifests: Manifest[] }).manifests };
}

test("a k-fold's answer names its folds in order; another method's names none", async () => {
  const project = await newProject();
  const { manifest } = await check(clean(100), {}, false, project);
  const given = { name: "folds", dataset: manifest.dataset, seed: 1, options: { folds: 3 } };
  const { answer, manifests } = await register(project, { ...given, method: "stratified-k-fold" });
  const { id, folds } = manifestRegisteredSchema.parse(answer);
  const named = folds.map((fold) => manifests.find((one) => one.id === fold));
  expect(named.map((fold) => fold?.name)).toEqual([1, 2, 3].map((fold) => `folds, fold ${fold} of 3`));
  expect(named.map((fold) => fold?.parent)).toEqual([id, id, id]);
  expect((await register(project, { ...given, method: "stratified" })).answer).toMatchObject({ folds: [] });
});

test.each(["stratified", "stratified-group", "stratified-k-fold"] as const)(
  "%s by threshold is refused",
  async (method) => {
    const project = await newProject();
    const given = { name: "both", dataset: { name: "planted", version: "1" }, seed: 1, method };
    const { answer, manifests } = await register(project, { ...given, options: { assignment: "threshold" } });
    expect(answer).toMatchObject({ status: 400, errors: [{ field: "options.assignment" }] });
    expect(manifests).toEqual([]);
  },
);
