/** Every route of the contract, asked by everybody there is: the permission table decides, and nothing else. */
import { readdirSync } from "node:fs";
import path from "node:path";
import { Readable } from "node:stream";
import { v4 as uuidv4, v7 as uuidv7 } from "uuid";
import { beforeAll, describe, expect, test } from "vitest";
import type { Actor } from "@/lib/access/actor.ts";
import { systemActor } from "@/lib/access/actor.ts";
import { can, type Permission } from "@/lib/access/permissions.ts";
import { putArtifact } from "@/lib/artifacts/artifacts.ts";
import { runNextJob } from "@/lib/jobs/jobs.ts";
import { jobPrograms } from "@/lib/jobs/programs.ts";
import { addSamples, createDataset } from "@/lib/manifests/datasets.ts";
import { listSamples } from "@/lib/manifests/samples.ts";
import { newManifest, samplesOf } from "@/lib/manifests/test-manifest.ts";
import { newMember, newProject, newRun, newToken, prepareWorkspace, TEST_ORIGIN } from "@/lib/test-workspace.ts";
import {
  type Project,
  type Role,
  type Route,
  type RouteName,
  roles,
  routes,
  type TokenScope,
  tokenScopes,
} from "@/lib/wire.ts";

prepareWorkspace();

/** The label of a sealed sample, which no answer may hold. */
const SEALED = "sealed-label-of-s";

type Handler = (request: Request, context: { params: Promise<object> }) => Promise<Response>;
type Caller = { actor: Actor; headers: Record<string, string> };
const fixture = {} as {
  project: Project;
  run: string;
  writer: string;
  manifest: string;
  dataset: string;
  callers: Map<string, Caller>;
  strange: Caller;
};

beforeAll(async () => {
  const project = await newProject();
  const dataset = await createDataset(systemActor, { name: "cats", version: "1" });
  const thumbnail = [Buffer.alloc(32 * 32, 7).toString("base64"), null, null];
  await addSamples(systemActor, dataset.id, { ...samplesOf({ a: "train", b: "validation", c: "test" }), thumbnail });
  await addSamples(systemActor, dataset.id, { ...samplesOf({ s: "test" }), label: [SEALED], sealed: [true] });
  const manifest = await newManifest(project, { a: "train", b: "validation", c: "test", s: "test" });
  while (await runNextJob(jobPrograms));
  const { run, writer } = await newRun(project);
  const content = Readable.from([Buffer.from("weights")]);
  await putArtifact(systemActor, run.id, { path: "a/weights.bin", contentType: null, expectedSha256: null, content });
  const callers = new Map<string, Caller>();
  for (const role of roles) {
    const { actor, cookie } = await newMember(role);
    callers.set(role, { actor, headers: { cookie, origin: TEST_ORIGIN } });
  }
  for (const scope of tokenScopes) {
    const { actor, secret } = await newToken(project, scope);
    callers.set(`${scope} token`, { actor, headers: { authorization: `Bearer ${secret}` } });
  }
  const { actor, secret } = await newToken(await newProject("Elsewhere"), "admin");
  const strange = { actor, headers: { authorization: `Bearer ${secret}` } };
  Object.assign(fixture, {
    project,
    run: run.id,
    writer,
    manifest: manifest.id,
    dataset: dataset.id,
    callers,
    strange,
  });
});

/** A request that the route answers with success, if the caller may. */
async function ask(name: RouteName, headers: Record<string, string>, search?: string): Promise<Response> {
  const route: Route = routes[name];
  const folder = route.path.replace("{path}", "[...path]").replace(/\{(\w+)\}/g, "[$1]");
  const module = (await import(
    /* @vite-ignore */ path.resolve(import.meta.dirname, "../..", `app${folder}/route.ts`)
  )) as Record<string, Handler>;
  const params = {
    project: fixture.project.slug,
    run: fixture.run,
    manifest: fixture.manifest,
    dataset: fixture.dataset,
    path: ["a", "weights.bin"],
  };
  const query = {
    listRuns: `?project=${fixture.project.id}`,
    getEvaluable: `?manifest=${fixture.manifest}`,
    getPoints: "?series=train/loss",
    getProjectPoints: `?series=train/loss&run=${fixture.run}`,
    uploadDatasetSamples: "?format=jsonl",
    listManifests: `?project=${fixture.project.id}`,
    getManifestReport: `?project=${fixture.project.id}`,
    diffManifests: `?project=${fixture.project.id}&with=${fixture.manifest}`,
    getThumbnail: `?project=${fixture.project.id}&key=a`,
    exportManifest: `?project=${fixture.project.id}&format=csv`,
    getManifest: `?project=${fixture.project.id}`,
    getManifestSamples: `?project=${fixture.project.id}`,
  };
  const body = bodies()[name];
  const url = `${TEST_ORIGIN}${route.path}${search ?? (query as Record<string, string>)[name] ?? ""}`;
  const init = body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) };
  const request = new Request(url, { method: route.method, headers, ...init });
  return module[route.method]!(request, { params: Promise.resolve(params) });
}

function bodies(): Partial<Record<RouteName, unknown>> {
  const { project, writer } = fixture;
  return {
    createProject: { name: "New" },
    updateProject: { description: "changed" },
    declareMetrics: { metrics: [] },
    createRun: { id: uuidv7(), project: project.id },
    updateRun: { notes: "changed" },
    createWriter: { writer: uuidv4(), mode: "join" },
    appendMetrics: {
      writer,
      sequence: Math.ceil(Math.random() * 1e9),
      groups: [{ steps: [0], times: [0], metrics: { loss: [1] } }],
    },
    heartbeat: { writer },
    finishRun: { status: "finished" },
    linkArtifact: { path: `${uuidv4()}.bin`, sha256: "0".repeat(64) },
    putArtifact: "weights",
    createCheckpoint: { path: "a/weights.bin", step: 1, epoch: 1 },
    addDatasetSamples: samplesOf({ d: "train" }),
    uploadDatasetSamples: '{"key":"e","text":"a text"}\n',
    createDataset: { name: "cats", version: "1" },
    createManifest: {
      project: project.id,
      name: "cats",
      dataset: { name: "cats", version: "1" },
      method: "given",
      samples: samplesOf({ a: "train" }),
    },
  };
}

const protectedRoutes = (Object.keys(routes) as RouteName[]).filter((name) => routes[name].permission !== null);
// finishing comes last, so that the routes before it find a living run
const ordered = [...protectedRoutes.filter((name) => name !== "finishRun"), "finishRun" as const];

describe.each(ordered)("%s", (name) => {
  const permission = routes[name].permission as Permission;

  test.each([...roles, ...tokenScopes.map((scope) => `${scope} token` as const)])("asked by a %s", async (who) => {
    const { actor, headers } = fixture.callers.get(who)!;
    const response = await ask(name, headers);
    if (response.headers.get("content-type")?.startsWith("text/event-stream")) await response.body?.cancel();
    else expect(await response.text()).not.toContain(SEALED);
    if (!can(actor, permission)) expect(response.status).toBe(403);
    // the file to link is one that the project doesn't hold
    else expect(response.status).toBe(name === "linkArtifact" ? 404 : 200);
  });

  test("asked by a stranger", async () => {
    for (const headers of [
      {},
      { authorization: "Bearer hold_guess" },
      { authorization: "Basic YTpi" },
      { cookie: "holdout.session_token=guess.guess", origin: TEST_ORIGIN },
    ] as Record<string, string>[]) {
      const response = await ask(name, headers);
      expect(response.status).toBe(401);
      expect(response.headers.get("content-type")).toBe("application/problem+json");
    }
  });

  test("asked with another project's admin token", async () => {
    const response = await ask(name, fixture.strange.headers);
    await response.body?.cancel();
    const ofNoProject: RouteName[] = [
      ...(["openapi", "listProjects", "createDataset", "listDatasets"] as const),
      ...(["addDatasetSamples", "uploadDatasetSamples", "completeDataset"] as const),
    ];
    if (ofNoProject.includes(name)) expect(response.status).toBe(200);
    else expect([403, 404]).toContain(response.status);
  });
});

test("a sealed label can't be told by asking for it: not by a filter, an export, or by sending it again", async () => {
  const { headers } = fixture.callers.get("admin")!;
  for (const format of ["csv", "jsonl", "parquet"]) {
    const response = await ask("exportManifest", headers, `?project=${fixture.project.id}&format=${format}`);
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(bytes.length).toBeGreaterThan(100);
    expect(bytes.includes(SEALED)).toBe(false);
  }
  for (const label of [SEALED, "another"]) {
    const found = await listSamples(systemActor, fixture.project.id, fixture.manifest, { label });
    expect(found).toEqual({ samples: [], more: false });
    const again = { ...samplesOf({ s: "test" }), label: [label], sealed: [true] };
    expect(await addSamples(systemActor, fixture.dataset, again)).toEqual({ added: 0, there: 1 });
  }
});

test("no route is served that the contract doesn't name", () => {
  const files = readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" });
  const served = files.filter((file) => path.basename(file) === "route.ts");
  expect(served.length).toBe(new Set(Object.values(routes).map((route) => route.path)).size + 1);
});

const expected: Record<"role" | "scope", [Permission, Role | TokenScope][]> = {
  role: [
    ["members.manage", "admin"],
    ["projects.purge", "admin"],
    ["audit.read", "admin"],
    ["runs.log", "member"],
  ],
  scope: [["runs.log", "read"]],
};

test.each(expected.role)("%s needs the role %s", (permission, least) => {
  for (const role of roles)
    expect(can(fixture.callers.get(role)!.actor, permission)).toBe(roles.indexOf(role) >= roles.indexOf(least as Role));
});

test("a read token can't log, and no token manages people or other tokens", () => {
  expect(can(fixture.callers.get("read token")!.actor, "runs.log")).toBe(false);
  for (const permission of ["members.manage", "tokens.manage", "projects.create", "audit.read"] as const)
    for (const scope of tokenScopes) expect(can(fixture.callers.get(`${scope} token`)!.actor, permission)).toBe(false);
});
