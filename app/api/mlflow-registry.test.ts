/** The registry of models through its routes: names, versions, stages and aliases, and who may know of them. */
import { beforeAll, expect, test } from "vitest";
import { systemActor } from "@/lib/access/actor.ts";
import { listAudit } from "@/lib/access/audit.ts";
import { createWorkspaceToken } from "@/lib/access/tokens.ts";
import { readClientWords } from "@/lib/interop/read-runs.ts";
import { hexOf, uuidOf } from "@/lib/mlflow/words/ids.ts";
import { newProject, newRun, newToken, prepareWorkspace, TEST_ORIGIN } from "@/lib/test-workspace.ts";
import type { Project } from "@/lib/wire/projects.ts";
import { DELETE, GET, PATCH, POST } from "./2.0/mlflow/[...call]/route.ts";

prepareWorkspace();

// biome-ignore lint/suspicious/noExplicitAny: answers of a foreign protocol, read by the names that its clients read
type Loose = any;
type Method = "GET" | "POST" | "PATCH" | "DELETE";
type Handler = (request: Request, context: { params: Promise<Record<string, string[]>> }) => Promise<Response>;
type Client = (
  method: Method,
  path: string,
  given: Record<string, unknown>,
) => Promise<{ status: number; body: Loose }>;

const clientOf =
  (secret: string): Client =>
  async (method, path, given) => {
    const url = new URL(`${TEST_ORIGIN}/api/2.0/mlflow/${path}`);
    if (method === "GET") for (const [name, value] of Object.entries(given)) url.searchParams.set(name, String(value));
    const headers = { authorization: `Bearer ${secret}`, "content-type": "application/json" };
    const body = method === "GET" ? null : JSON.stringify(given);
    const params = Promise.resolve({ call: url.pathname.split("/").slice(4) });
    const handler = { DELETE, GET, PATCH, POST }[method] as Handler;
    const response = await handler(new Request(url, { method, headers, body }), { params });
    return { status: response.status, body: await response.json() };
  };

const fixture = {} as { project: Project; other: Project; run: string; own: Client; strange: Client; whole: Client };

beforeAll(async () => {
  const project = await newProject("Digits");
  const other = await newProject("Elsewhere");
  const { run } = await newRun(project, { name: "made it" });
  const { secret } = await createWorkspaceToken(systemActor, { name: "notebooks" });
  Object.assign(fixture, {
    project,
    other,
    run: hexOf(run.id),
    own: clientOf((await newToken(project, "admin")).secret),
    strange: clientOf((await newToken(other, "admin")).secret),
    whole: clientOf(secret),
  });
});

/** A model with versions, by a client. */
async function newModel(as: Client, name: string, versions = 1, given: object = {}): Promise<void> {
  expect(await as("POST", "registered-models/create", { name })).toMatchObject({ status: 200 });
  for (let count = 0; count < versions; count++)
    expect(
      await as("POST", "model-versions/create", { name, source: "runs:/x/model", run_id: fixture.run, ...given }),
    ).toMatchObject({ status: 200 });
}

const versionsOf = (body: Loose): string[] => (body.model_versions ?? []).map((one: Loose) => one.version);

test("a model has versions, stages, tags and aliases; a deleted version's number is given to no other", async () => {
  const { own } = fixture;
  await newModel(own, "tree", 2);
  const moved = { name: "tree", version: "1", stage: "production", archive_existing_versions: true };
  await own("POST", "model-versions/transition-stage", moved);
  const { body } = await own("POST", "model-versions/transition-stage", { ...moved, version: "2" });
  expect(body.model_version).toMatchObject({ current_stage: "Production", run_id: fixture.run, status: "READY" });
  const latest = await own("POST", "registered-models/get-latest-versions", { name: "tree" });
  expect(latest.body.model_versions).toMatchObject([
    { version: "2", current_stage: "Production" },
    { version: "1", current_stage: "Archived" },
  ]);
  for (const key of ["team", "gone"])
    await own("POST", "model-versions/set-tag", { name: "tree", version: "2", key, value: "a" });
  await own("DELETE", "model-versions/delete-tag", { name: "tree", version: "2", key: "gone" });
  await own("POST", "registered-models/alias", { name: "tree", alias: "champion", version: "1" });
  await own("POST", "registered-models/alias", { name: "tree", alias: "champion", version: "2" });
  const by = await own("GET", "registered-models/alias", { name: "tree", alias: "champion" });
  expect(by.body.model_version).toMatchObject({
    version: "2",
    aliases: ["champion"],
    tags: [{ key: "team", value: "a" }],
  });
  expect((await own("GET", "registered-models/get", { name: "tree" })).body.registered_model).toMatchObject({
    aliases: [{ alias: "champion", version: "2" }],
  });
  await own("DELETE", "model-versions/delete", { name: "tree", version: "2" });
  expect(await own("GET", "registered-models/alias", { name: "tree", alias: "champion" })).toMatchObject({
    status: 400,
    body: { error_code: "INVALID_PARAMETER_VALUE", message: "Registered model alias champion not found." },
  });
  const next = await own("POST", "model-versions/create", { name: "tree", source: "runs:/x/model" });
  expect(next.body.model_version.version).toBe("3");
  const { rows } = await listAudit(systemActor, { project: fixture.project.id, what: "model.alias" });
  expect(rows[0]).toMatchObject({ detail: { name: "tree", alias: "champion", version: 2 } });
});

test("a run's page reads its versions and their aliases as its client's words, and no claim is made of a champion", async () => {
  await newModel(fixture.own, "worded");
  await fixture.own("POST", "registered-models/alias", { name: "worded", alias: "champion", version: 1 });
  const { versions } = await readClientWords(systemActor, uuidOf(fixture.run)!);
  expect(versions.find(({ name }) => name === "worded")).toMatchObject({ version: 1, aliases: ["champion"] });
  const { rows } = await listAudit(systemActor, { project: fixture.project.id, what: "champion.claim" });
  expect(rows).toEqual([]);
});

test("a logged model's version leads to its files, and a copy of a version to the same ones", async () => {
  const { own } = fixture;
  const { body } = await own("POST", "logged-models", { experiment_id: "0", name: "net", source_run_id: fixture.run });
  const { model_id, artifact_uri } = body.model.info;
  await newModel(own, "net", 1, { source: `models:/${model_id}`, run_id: undefined, model_id });
  await newModel(own, "copy", 1, { source: "models:/net/1" });
  for (const name of ["net", "copy"]) {
    const uri = await own("GET", "model-versions/get-download-uri", { name, version: "1" });
    expect(uri.body).toEqual({ artifact_uri });
  }
  const { body: got } = await own("GET", "model-versions/get", { name: "net", version: "1" });
  expect(got.model_version).toMatchObject({ run_id: fixture.run, model_id });
  for (const source of ["/etc/passwd", "file:///etc", "C:\\x", "mlflow-artifacts:/a/%2e%2e/b", "relative/path"])
    expect(await own("POST", "model-versions/create", { name: "net", source })).toMatchObject({ status: 400 });
});

test("filters and orders mean what they mean there", async () => {
  const { own } = fixture;
  for (const name of ["s-a", "s-b", "s-C"]) await newModel(own, name, 2);
  await own("POST", "registered-models/set-tag", { name: "s-a", key: "mlflow.prompt.is_prompt", value: "true" });
  const names = async (filter: string, more: object = {}) =>
    ((await own("GET", "registered-models/search", { filter, ...more })).body.registered_models ?? []).map(
      (model: Loose) => model.name,
    );
  expect(await names("name LIKE 's-%'")).toEqual(["s-C", "s-a", "s-b"]);
  expect(await names("name ILIKE 'S-c'")).toEqual(["s-C"]);
  // clients add this to each search: what has no such tag is no prompt
  expect(await names("name LIKE 's-%' AND tag.`mlflow.prompt.is_prompt` != 'true'")).toEqual(["s-C", "s-b"]);
  expect(await names("name LIKE 's-%'", { order_by: "name DESC", max_results: 1 })).toEqual(["s-b"]);
  const found = (filter: string) => own("GET", "model-versions/search", { filter, order_by: "version_number ASC" });
  expect(versionsOf((await found("name = 's-b'")).body)).toEqual(["1", "2"]);
  expect(versionsOf((await found("name = 's-b' and version_number > 1")).body)).toEqual(["2"]);
  expect(versionsOf((await found(`name = 's-b' and run_id IN ('${fixture.run}')`)).body)).toEqual(["1", "2"]);
  expect((await found("color = 'red'")).status).toBe(400);
});

test("what a client asks wrongly is answered in its words", async () => {
  const { own } = fixture;
  await newModel(own, "asked");
  const wrong: [Method, string, object, string, string][] = [
    ["POST", "registered-models/create", { name: "asked" }, "RESOURCE_ALREADY_EXISTS", "already exists"],
    ["POST", "registered-models/create", { name: "a/b" }, "INVALID_PARAMETER_VALUE", "a/b"],
    [
      "GET",
      "registered-models/get",
      { name: "no" },
      "RESOURCE_DOES_NOT_EXIST",
      "Registered Model with name=no not found",
    ],
    ["GET", "model-versions/get", { name: "asked", version: "9" }, "RESOURCE_DOES_NOT_EXIST", "version=9) not found"],
    ["GET", "model-versions/get", { name: "asked", version: "x" }, "INVALID_PARAMETER_VALUE", "must be an integer"],
    [
      "POST",
      "registered-models/alias",
      { name: "asked", alias: "latest", version: "1" },
      "INVALID_PARAMETER_VALUE",
      "reserved",
    ],
    [
      "POST",
      "registered-models/alias",
      { name: "asked", alias: "v1", version: "1" },
      "INVALID_PARAMETER_VALUE",
      "reserved",
    ],
    [
      "POST",
      "registered-models/get-latest-versions",
      { name: "asked", stages: ["Best"] },
      "INVALID_PARAMETER_VALUE",
      "Best",
    ],
  ];
  for (const [method, path, given, error_code, words] of wrong) {
    const { body } = await own(method, path, given as Record<string, unknown>);
    expect({ path, ...body }).toMatchObject({ path, error_code, message: expect.stringContaining(words) });
  }
});

test("a model is there for its project's tokens alone, and a version for its run's", async () => {
  const { own, strange, whole } = fixture;
  await newModel(own, "secret");
  expect((await strange("GET", "registered-models/get", { name: "secret" })).status).toBe(404);
  expect((await strange("GET", "model-versions/search", {})).body).toEqual({});
  // the name is free in another project, and tells nothing of this one
  expect((await strange("POST", "registered-models/create", { name: "secret" })).status).toBe(200);
  const foreign = { name: "secret", source: "runs:/x/model", run_id: fixture.run };
  const { body } = await strange("POST", "model-versions/create", foreign);
  expect(body.model_version.run_id).toBe(fixture.run);
  const { versions } = await readClientWords(systemActor, uuidOf(fixture.run)!);
  expect(versions.filter(({ name }) => name === "secret")).toHaveLength(1);
  // a token of the workspace gives its model to the project of the first version that is of one
  await newModel(whole, "shared", 0);
  expect((await own("GET", "registered-models/get", { name: "shared" })).status).toBe(404);
  await whole("POST", "model-versions/create", { ...foreign, name: "shared" });
  const { run } = await newRun(fixture.other, { name: "theirs" });
  await whole("POST", "model-versions/create", { ...foreign, name: "shared", run_id: hexOf(run.id) });
  expect(versionsOf((await own("GET", "model-versions/search", { filter: "name = 'shared'" })).body)).toEqual(["1"]);
  expect(versionsOf((await whole("GET", "model-versions/search", { filter: "name = 'shared'" })).body).sort()).toEqual([
    "1",
    "2",
  ]);
  expect((await own("GET", "model-versions/get", { name: "shared", version: "2" })).status).toBe(404);
});
