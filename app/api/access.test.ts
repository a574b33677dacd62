/** Every route of the contract, asked by everybody there is: the permission table decides, and nothing else. */
import { readdirSync } from "node:fs";
import path from "node:path";
import { Readable } from "node:stream";
import { encode } from "fast-png";
import { beforeAll, describe, expect, test } from "vitest";
import type { Actor, MemberActor } from "@/lib/access/actor.ts";
import { systemActor } from "@/lib/access/actor.ts";
import { can, type Permission } from "@/lib/access/permissions.ts";
import { setProjectRole } from "@/lib/access/project-roles.ts";
import { memberFromHeaders } from "@/lib/access/sign-in.ts";
import { putArtifact } from "@/lib/artifacts/artifacts.ts";
import { claimChampion } from "@/lib/champions/claim.ts";
import { addSamples, createDataset } from "@/lib/datasets/datasets.ts";
import { completeEvaluation } from "@/lib/evaluations/complete.ts";
import { createEvaluation } from "@/lib/evaluations/evaluations.ts";
import { appendPredictions } from "@/lib/evaluations/receive.ts";
import { createShare } from "@/lib/evaluations/shares/shares.ts";
import { newCheckpointRun, newManifestOf } from "@/lib/evaluations/test-evaluation.ts";
import { jobPrograms } from "@/lib/job-programs.ts";
import { runNextJob } from "@/lib/jobs/jobs.ts";
import { noticeRun } from "@/lib/live/notices.ts";
import { newLoopStudy } from "@/lib/loops/test-loop.ts";
import { registerManifest } from "@/lib/manifests/register.ts";
import { listSamples } from "@/lib/manifests/samples.ts";
import { samplesOf } from "@/lib/manifests/test-manifest.ts";
import { newReviewed } from "@/lib/reviews/test-review.ts";
import { updateProject } from "@/lib/settings/project-settings.ts";
import {
  newMember,
  newProject,
  newRun,
  newRunToken,
  newToken,
  prepareWorkspace,
  TEST_ORIGIN,
} from "@/lib/test-workspace.ts";
import { type Role, roles, type TokenScope, tokenScopes } from "@/lib/wire/base/words.ts";
import { predictionsFromJson, predictionsSchema } from "@/lib/wire/evaluations/predictions.ts";
import type { Project } from "@/lib/wire/projects.ts";
import { type RouteName, routes } from "@/lib/wire/routes.ts";
import { type AskedPlace, askRoute, newAskedLoop, newAskedStudy } from "./test-ask.ts";

prepareWorkspace();

/** What every sealed sample's label and mask begin with, which no answer may hold. */
const SEALED = "sealed-label-of";
/** Sealed samples of two classes, so many that counts of a class would be large. */
const MANY = Array.from({ length: 25 }, (_, at) => `many ${at}`);

/** A dataset with sealed samples, one of which has an unsealed copy under another label; and what a manifest of it is. */
function sealedSamples() {
  const open = samplesOf({ a: "train", b: "validation", c: "test" });
  const sealed = samplesOf(Object.fromEntries(["s", "copy of a", ...MANY].map((key) => [key, "test" as const])));
  sealed.contentHash[1] = open.contentHash[0]!;
  const label = sealed.key.map((key, at) => `${SEALED} ${MANY.includes(key) ? `class ${at % 2}` : key}`);
  return { open, sealed: { ...sealed, label, mask: label.map(maskOf), sealed: sealed.key.map(() => true) } };
}

/** A mask whose file says the text. */
function maskOf(text: string): string {
  const pixels = Uint8Array.from({ length: 4 }, (_, at) => text.length % (at + 2));
  const png = encode({ width: 2, height: 2, channels: 1, depth: 8, data: pixels, text: { Comment: text } });
  return Buffer.from(png).toString("base64");
}

type Caller = { actor: Actor; headers: Record<string, string> };
const fixture = {} as AskedPlace & { callers: Map<string, Caller>; strange: Caller };
/** Members of the workspace who are less in the project. */
const narrowedTo = ["viewer", "none"] as const;
/** Routes that concern no project. */
const ofNoProject: RouteName[] = [
  "openapi",
  "scrape",
  "whoami",
  "listProjects",
  "createProject",
  "previewTable",
  "getSigningKeys",
  "events",
  "getInbox",
  "markSeen",
];

beforeAll(async () => {
  const project = await newProject();
  const dataset = await createDataset(systemActor, { project: project.id, name: "cats", version: "1" });
  const { open, sealed } = sealedSamples();
  const thumbnail = [Buffer.alloc(32 * 32, 7).toString("base64"), null, null];
  await addSamples(systemActor, dataset.id, { ...open, thumbnail });
  await addSamples(systemActor, dataset.id, sealed);
  const key = [...open.key, ...sealed.key];
  const samples = {
    key,
    split: [...open.split, ...sealed.split],
    label: key.map(() => "cat"),
    contentHash: [...open.contentHash, ...sealed.contentHash],
  };
  const given = { project: project.id, name: "cats", method: "given" };
  const register = (version: string) =>
    registerManifest(systemActor, { ...given, dataset: { name: "cats", version }, samples });
  const manifest = await register("1");
  // another version, in which nothing is sealed
  await createDataset(systemActor, { project: project.id, name: "cats", version: "2" });
  const unsealed = await register("2");
  while (await runNextJob(jobPrograms));
  const { run, writer } = await newRun(project);
  const content = Readable.from([Buffer.from("weights")]);
  await putArtifact(systemActor, run.id, { path: "a/weights.bin", contentType: null, expectedSha256: null, content });
  const { run: evaluated, evaluation } = await newEvaluated(project);
  const whole = await newManifestOf(project, [{ key: "w", split: "train", label: "cat" }]);
  await updateProject(systemActor, project.id, { sharesReports: true });
  const { id: share } = await createShare(systemActor, evaluated, evaluation, {});
  const { actor: reviewer } = await newMember("member");
  const reviewed = await newReviewed(project.id, run.id, { actor: reviewer, asker: systemActor });
  const callers = new Map<string, Caller>();
  for (const role of roles) {
    const { actor, cookie } = await newMember(role);
    callers.set(role, { actor, headers: { cookie, origin: TEST_ORIGIN } });
  }
  for (const role of narrowedTo) {
    const { actor, cookie } = await newMember("member");
    await setProjectRole(systemActor, project.id, actor.id, role);
    const headers = { cookie, origin: TEST_ORIGIN };
    callers.set(`member who is ${role} here`, { actor: (await memberFromHeaders(new Headers(headers)))!, headers });
  }
  for (const scope of tokenScopes) {
    const { actor, secret } = await newToken(project, scope);
    callers.set(`${scope} token`, { actor, headers: { authorization: `Bearer ${secret}` } });
  }
  const member = callers.get("member")!.actor as MemberActor;
  for (const [who, of] of [
    ["run token", run.id],
    ["another run's token", evaluated],
  ] as const) {
    const { actor, secret } = await newRunToken(member, project.id, of);
    callers.set(who, { actor, headers: { authorization: `Bearer ${secret}` } });
  }
  const { actor, secret } = await newToken(await newProject("Elsewhere"), "admin");
  const strange = { actor, headers: { authorization: `Bearer ${secret}` } };
  Object.assign(fixture, {
    project,
    run: run.id,
    evaluated,
    evaluation,
    writer,
    manifest: manifest.id,
    unsealed: unsealed.id,
    dataset: dataset.id,
    share,
    ...reviewed,
    validation,
    predictions,
    ...(await newAskedStudy(project, whole.id)),
    ...(await newAskedLoop(project)),
    callers,
    strange,
  });
});

/** What its predictions are sent as, again and again: they are stored once. */
const predictions = { sequence: 1, keys: ["v"], classes: ["cat"] };
const validation = { split: "validation", task: "classification", form: "class", classes: ["cat"] } as const;

async function newEvaluated(project: Project): Promise<{ run: string; evaluation: string }> {
  const manifest = await newManifestOf(project, [{ key: "v", split: "validation", label: "cat" }]);
  const { run } = await newCheckpointRun(project, manifest);
  const { id } = await createEvaluation(systemActor, run, validation);
  await appendPredictions(systemActor, run, id, ({ classes }) =>
    predictionsFromJson(predictionsSchema.parse(predictions), classes),
  );
  await completeEvaluation(systemActor, run, id);
  while (await runNextJob(jobPrograms));
  const rule = { metric: "accuracy", split: "validation", direction: "max" } as const;
  await claimChampion(systemActor, project.id, { run, evidence: [id], rule, reason: "there is no other" });
  return { run, evaluation: id };
}

/** What its maker alone changes, or what is settled once: a caller who may gets some of their own. */
async function placeOf(name: RouteName, actor: Actor): Promise<AskedPlace> {
  // a loop begins once
  if (name === "startLoop") {
    const { study: unbegun, first } = await newLoopStudy(fixture.project);
    return { ...fixture, unbegun, first };
  }
  const isOwn = ["updateReview", "decideReview", "editComment", "removeAlert"].includes(name);
  if (!isOwn || actor.kind !== "member" || !can(actor, "reviews.write", fixture.project.id)) return fixture;
  const asker = name === "decideReview" ? systemActor : actor;
  return { ...fixture, ...(await newReviewed(fixture.project.id, fixture.run, { actor, asker })) };
}

const ask = (name: RouteName, headers: Record<string, string>, search?: string) =>
  askRoute(fixture, name, headers, search);

const protectedRoutes = (Object.keys(routes) as RouteName[]).filter((name) => routes[name].permission !== null);
// endings come last, so that the routes before them find a run, a trial and a study that live
const endings = ["tellTrial", "concludeStudy", "finishRun"] as const satisfies RouteName[];
const ordered = [...protectedRoutes.filter((name) => !endings.includes(name as never)), ...endings];

describe.each(ordered)("%s", (name) => {
  const permission = routes[name].permission as Permission;

  // first, as its run's end is its own
  test.each([
    "run token",
    ...roles,
    "member who is viewer here",
    ...tokenScopes.map((scope) => `${scope} token` as const),
  ])("asked by a %s", async (who) => {
    const { actor, headers } = fixture.callers.get(who)!;
    const response = await askRoute(await placeOf(name, actor), name, headers);
    if (response.headers.get("content-type")?.startsWith("text/event-stream")) await response.body?.cancel();
    else expect(await response.text()).not.toContain(SEALED);
    const place = ofNoProject.includes(name) ? undefined : fixture.project.id;
    if (!can(actor, permission, place)) expect(response.status).toBe(403);
    // the file to link is one that the project doesn't hold, and classes have no masks
    else expect(response.status).toBe(["linkArtifact", "getOverlay"].includes(name) ? 404 : 200);
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
    const isRefused = !can(fixture.strange.actor, permission);
    if (ofNoProject.includes(name) && !isRefused) expect(response.status).toBe(200);
    else expect([403, 404]).toContain(response.status);
  });

  test("asked with another run's token", async () => {
    const { actor, headers } = fixture.callers.get("another run's token")!;
    const response = await ask(name, headers);
    expect(response.status).toBe(can(actor, permission) ? 404 : 403);
  });

  test("asked by a member to whom the project is shut", async () => {
    const response = await ask(name, fixture.callers.get("member who is none here")!.headers);
    const isStream = response.headers.get("content-type")?.startsWith("text/event-stream");
    const said = isStream ? "" : await response.text();
    if (isStream) await response.body?.cancel();
    for (const secret of [fixture.project.name, `"${fixture.project.id}"`]) expect(said).not.toContain(secret);
    const isRefused = !can(fixture.callers.get("member")!.actor, permission);
    if (ofNoProject.includes(name) && !isRefused) expect(response.status).toBe(200);
    else expect(isRefused ? [403, 404] : [404]).toContain(response.status);
  });
});

test("live notices of a project reach nobody whom it is shut to", async () => {
  const [project, other] = [await newProject(), await newProject()];
  const [{ run: hidden }, { run: seen }] = [await newRun(project), await newRun(other)];
  const { actor, cookie } = await newMember("viewer");
  await setProjectRole(systemActor, project.id, actor.id, "none");
  const answer = await ask("events", { cookie, origin: TEST_ORIGIN });
  const body = answer.body!.pipeThrough(new TextDecoderStream());
  let said = "";
  noticeRun(hidden.id);
  noticeRun(seen.id);
  for await (const part of body) {
    said += part;
    if (said.includes(seen.id)) break;
  }
  expect(said).not.toContain(hidden.id);
});

test("a sealed label or mask can't be told by asking for it: not by a filter, an export, or by sending it again", async () => {
  const { headers } = fixture.callers.get("admin")!;
  for (const format of ["csv", "jsonl", "parquet"]) {
    const response = await ask("exportManifest", headers, `?project=${fixture.project.id}&format=${format}`);
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(bytes.length).toBeGreaterThan(100);
    expect(bytes.includes(SEALED)).toBe(false);
  }
  const { sealed } = sealedSamples();
  for (const label of [...new Set(sealed.label), "another"]) {
    const found = await listSamples(systemActor, fixture.project.id, fixture.manifest, { label });
    expect(found).toEqual({ samples: [], more: false });
    const again = { ...sealed, label: sealed.label.map(() => label) };
    expect(await addSamples(systemActor, fixture.dataset, again)).toEqual({ added: 0, there: sealed.key.length });
    const masked = { ...sealed, mask: sealed.mask.map(() => maskOf(label)) };
    expect(await addSamples(systemActor, fixture.dataset, masked)).toEqual({ added: 0, there: sealed.key.length });
  }
});

test("a sealed label stands in no report, and in no difference to a manifest where the sample isn't sealed", async () => {
  const { headers } = fixture.callers.get("admin")!;
  const answers = await Promise.all(
    (["getManifestReport", "getManifestSamples", "diffManifests"] as const).map(async (name) =>
      (await ask(name, headers)).text(),
    ),
  );
  for (const answer of answers) expect(answer).not.toContain(SEALED);
  // each was asked where there is something to hide: the copy of what is in train, and every sample in both manifests
  const [report, canonical, diff] = answers as [string, string, string];
  expect(report).toContain("copy of a");
  expect(canonical.split("\n").filter((line) => line.includes("many"))).toHaveLength(MANY.length);
  expect(JSON.parse(diff)).toMatchObject({ counts: { relabelled: MANY.length + 2 } });
});

test("no route is served that the contract doesn't name, but MCP and what answers for the rest", () => {
  const files = readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" });
  // app/api/mlflow.test.ts asks those of another's protocol
  const served = files.filter((file) => path.basename(file) === "route.ts" && !/^[23]\.0\//.test(file));
  expect(served.length).toBe(new Set(Object.values(routes).map((route) => route.path)).size + 2);
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
