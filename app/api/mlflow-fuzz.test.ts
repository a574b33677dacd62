/** Requests that somebody sends to break something, to every call of MLflow's protocol: each has an answer below 500. */
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { systemActor } from "@/lib/access/actor.ts";
import { createWorkspaceToken } from "@/lib/access/tokens.ts";
import { addVersion } from "@/lib/interop/model-versions.ts";
import { createModel } from "@/lib/interop/models.ts";
import { register } from "@/lib/interop/registered-models.ts";
import { type Call, calls } from "@/lib/mlflow/calls.ts";
import { hexOf, modelIdOf } from "@/lib/mlflow/words/ids.ts";
import { listProjects } from "@/lib/projects/projects.ts";
import { listRuns } from "@/lib/runs/runs.ts";
import { newProject, newRun, newToken, prepareWorkspace, TEST_ORIGIN } from "@/lib/test-workspace.ts";
import * as callRoute from "./2.0/mlflow/[...call]/route.ts";
import * as fileRoute from "./2.0/mlflow-artifacts/artifacts/[...path]/route.ts";
import * as folderRoute from "./2.0/mlflow-artifacts/artifacts/route.ts";

prepareWorkspace();
afterEach(() => void vi.restoreAllMocks());

type Handler = (request: Request, context: { params: Promise<Record<string, string[]>> }) => Promise<Response>;
const fixture = {} as { project: string; run: string; model: string; token: string; strange: string };

beforeAll(async () => {
  const project = await newProject("Fuzzed");
  const { run } = await newRun(project, { name: "there" });
  const given = { projectId: project.id, runId: run.id, name: "m", modelType: null, params: {}, tags: { key: "v" } };
  const model = await createModel(systemActor, given);
  const registered = { projectId: project.id, name: "kept", description: "", tags: {} };
  await register(systemActor, registered);
  const words = { runWord: null, modelWord: null, runLink: null, description: "", tags: {} };
  const place = { runId: run.id, modelProjectId: null, source: "runs:/x/y", filesAt: "runs:/x/y" };
  await addVersion(systemActor, "kept", { ...words, ...place });
  const { secret: token } = await createWorkspaceToken(systemActor, { name: "fuzz" });
  const { secret: strange } = await newToken(await newProject("Elsewhere"), "evaluate");
  Object.assign(fixture, { project: project.id, run: run.id, model: modelIdOf(model.id), token, strange });
});

async function send(
  url: string,
  init: { method: string; body?: string },
  token: string,
  handlers: object,
): Promise<Response> {
  const { pathname } = new URL(url);
  const parts = pathname.split("/").slice(4);
  const handler = (handlers as Record<string, Handler>)[init.method]!;
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  return handler(new Request(url, { ...init, headers }), { params: Promise.resolve({ call: parts }) });
}

/** What a call takes, of things that are there. */
const whole = (): Record<string, unknown> => ({
  experiment_id: hexOf(fixture.project),
  experiment_ids: [hexOf(fixture.project)],
  experiment_name: "Fuzzed",
  run_id: hexOf(fixture.run),
  model_id: fixture.model,
  key: "k",
  value: 1,
  metric_key: "k",
  timestamp: 1,
  max_results: 5,
  models: [],
  status: "LOGGED_MODEL_READY",
  name: "kept",
  new_name: "kept",
  version: "1",
  alias: "best",
  stage: "Staging",
  source: "runs:/x/y",
  model_json: '{"artifact_path":"m","flavors":{},"utc_time_created":"","run_id":""}',
});

function askCall(
  { method, path }: Call,
  given: Record<string, unknown> | string,
  token = fixture.token,
): Promise<Response> {
  const fields = typeof given === "string" ? {} : given;
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(fields[name] ?? "x").toWellFormed()),
  );
  const url = new URL(`${TEST_ORIGIN}/api/2.0/mlflow/${filled}`);
  if (method !== "GET")
    return send(
      url.href,
      { method, body: typeof given === "string" ? given : JSON.stringify(given) },
      token,
      callRoute,
    );
  if (typeof given === "string") url.search = given;
  else for (const [name, value] of Object.entries(given)) url.searchParams.set(name, String(value));
  return send(url.href, { method }, token, callRoute);
}

const strange = [
  "",
  "null",
  "[]",
  "{",
  '"{',
  '"\\"{}\\""',
  "NaN",
  '{"a":1,"a":2}',
  "[".repeat(200_000),
  '{"__proto__":{"x":1}}',
  "\u0000",
  "%",
];
const values: unknown[] = [
  null,
  -1,
  "9223372036854775807",
  "99999999999999999999999999",
  {},
  [null],
  "a\u0000b",
  "\ud800",
  "__proto__",
  "../../etc/passwd",
  "x".repeat(100_000),
  "' OR 1=1 --",
];

test.each(calls.map((call) => [`${call.method} ${call.path}`, call] as const))(
  "%s answers whatever comes below 500, in the protocol's shape",
  async (_name, call) => {
    const said = vi.spyOn(console, "error").mockImplementation(() => {});
    const fields = Object.keys((call.request as { shape?: object }).shape ?? {});
    // each field with some of the values, others with the next
    const some = (at: number) => values.filter((_, index) => (index + at) % 3 === 0);
    const bad = fields.flatMap((field, at) => some(at).map((value) => ({ ...whole(), [field]: value })));
    for (const given of [...strange, ...bad]) {
      // what would end the things that the other requests ask for
      if (typeof given !== "string" && /delete|restore/.test(call.path + call.method)) {
        const fields = given as Record<string, unknown>;
        for (const name of ["run_id", "version"]) delete fields[name];
        if (fields.name === "kept") delete fields.name;
      }
      const response = await askCall(call, given);
      const body = (await response.json()) as { error_code?: string; message?: string };
      const asked = JSON.stringify(given).slice(0, 200);
      expect({ asked, status: response.status, body }).toSatisfy(({ status }) => status < 500);
      if (response.status !== 200)
        expect({ asked, body }).toMatchObject({
          body: { error_code: expect.any(String), message: expect.any(String) },
        });
    }
    expect(said).not.toHaveBeenCalled();
  },
);

test("a stranger's token changes nothing and learns nothing by any call", async () => {
  const projects = JSON.stringify(await listProjects(systemActor));
  const before = JSON.stringify(await listRuns(systemActor, { project: fixture.project }));
  for (const call of calls) {
    const given = whole();
    // a run that a version names is kept and repeated, whether there is one or not
    if (call.path.startsWith("model-versions/")) given.run_id = "";
    const text = await (await askCall(call, given, fixture.strange)).text();
    for (const known of [hexOf(fixture.run), "Fuzzed", '"there"']) {
      // an error repeats what was asked for
      const isRepeated = text.includes("error_code");
      if (!isRepeated) expect(text).not.toContain(known);
    }
  }
  const after = await listRuns(systemActor, { project: fixture.project });
  expect(JSON.stringify(after)).toBe(before);
  expect(JSON.stringify(await listProjects(systemActor))).toBe(projects);
});

test.each([
  "../secret",
  "..%2f..%2fsecret",
  "a/%2e%2e/%2e%2e/x",
  "%2Fetc%2Fpasswd",
  "a%00b",
  "a\\b",
  "",
  "x".repeat(600),
])("a file of the path %s is refused", async (path) => {
  const url = `${TEST_ORIGIN}/api/2.0/mlflow-artifacts/artifacts/${hexOf(fixture.project)}/${hexOf(fixture.run)}/artifacts/${path}`;
  const response = await send(url, { method: "PUT", body: "x" }, fixture.token, fileRoute).catch(() => null);
  // what is no escape at all is refused before it comes here
  if (response) expect(response.status).toBeOneOf([400, 404]);
  const list = `${TEST_ORIGIN}/api/2.0/mlflow-artifacts/artifacts?path=${path}`;
  expect((await send(list, { method: "GET" }, fixture.token, folderRoute)).status).toBeOneOf([400, 404]);
});
