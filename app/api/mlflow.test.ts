/** MLflow's protocol through its routes: what a client logs it reads back, and what it may not know it never hears. */
import { beforeAll, expect, test } from "vitest";
import { systemActor } from "@/lib/access/actor.ts";
import { listAudit } from "@/lib/access/audit.ts";
import { createWorkspaceToken, revokeToken } from "@/lib/access/tokens.ts";
import { readClientWords } from "@/lib/interop/read-runs.ts";
import { listLooks } from "@/lib/looks/looks.ts";
import { appendBatch } from "@/lib/metrics/append.ts";
import { listSeries } from "@/lib/metrics/list-series.ts";
import { parentOf } from "@/lib/mlflow/parent.ts";
import { hexOf, uuidOf } from "@/lib/mlflow/words/ids.ts";
import { deleteRun } from "@/lib/runs/deleted.ts";
import { updateProject } from "@/lib/settings/project-settings.ts";
import {
  batchOf,
  newMember,
  newProject,
  newRun,
  newToken,
  prepareWorkspace,
  TEST_ORIGIN,
} from "@/lib/test-workspace.ts";
import { tokenScopes } from "@/lib/wire/base/words.ts";
import type { Project } from "@/lib/wire/projects.ts";
import { DELETE, GET, PATCH, POST } from "./2.0/mlflow/[...call]/route.ts";
import { GET as getFile, PUT as putFile } from "./2.0/mlflow-artifacts/artifacts/[...path]/route.ts";
import { GET as listFolder } from "./2.0/mlflow-artifacts/artifacts/route.ts";

prepareWorkspace();

type Handler = (request: Request, context: { params: Promise<Record<string, string[]>> }) => Promise<Response>;
type Answer = { status: number; body: Record<string, never> & { error_code?: string; message?: string } };

const fixture = {} as { project: Project; token: string; secrets: Map<string, string> };

beforeAll(async () => {
  const project = await newProject("Digits");
  const secrets = new Map<string, string>();
  for (const scope of tokenScopes) secrets.set(scope, (await newToken(project, scope)).secret);
  Object.assign(fixture, { project, secrets, token: secrets.get("ingest")! });
});

/** Asks a call: GET by its query, anything else by a body. */
async function ask(
  method: "GET" | "POST" | "PATCH" | "DELETE",
  path: string,
  given: Record<string, unknown> | string = {},
  authorization: string | null = `Bearer ${fixture.token}`,
): Promise<Answer> {
  const url = new URL(`${TEST_ORIGIN}/api/2.0/mlflow/${path}`);
  if (method === "GET") for (const [name, value] of Object.entries(given)) url.searchParams.set(name, String(value));
  const headers = { ...(authorization ? { authorization } : {}), "content-type": "application/json" };
  const body = method === "GET" ? null : typeof given === "string" ? given : JSON.stringify(given);
  const handler = { DELETE, GET, PATCH, POST }[method] as Handler;
  const params = Promise.resolve({ call: url.pathname.split("/").slice(4).map(decodeURIComponent) });
  const response = await handler(new Request(url, { method, headers, body }), { params });
  expect(response.headers.get("content-type")).toMatch("application/json");
  return { status: response.status, body: (await response.json()) as Answer["body"] };
}

// biome-ignore lint/suspicious/noExplicitAny: answers of a foreign protocol, read by the names that its clients read
type Loose = any;
const post = async (path: string, given: object): Promise<Loose> => {
  const { status, body } = await ask("POST", path, given as Record<string, unknown>);
  expect({ status, body }).toMatchObject({ status: 200 });
  return body;
};
const get = async (path: string, given: object): Promise<Loose> =>
  (await ask("GET", path, given as Record<string, unknown>)).body;

const newClientRun = async (given: object = {}): Promise<string> =>
  (await post("runs/create", { experiment_id: "0", ...given })).run.info.run_id;
const dataOf = async (run: string): Promise<Loose> => (await get("runs/get", { run_id: run })).run.data;
const found = async (filter: string, more: object = {}): Promise<string[]> =>
  ((await post("runs/search", { experiment_ids: ["0"], filter, ...more })).runs ?? []).map(
    (run: Loose) => run.info.run_name,
  );
const now = Date.UTC(2026, 0, 5);

test("what is logged is read back: params as they came, the last value of each metric, the name among the tags", async () => {
  const run = await newClientRun({
    run_name: "first",
    start_time: now,
    tags: [
      { key: "mlflow.user", value: "ada" },
      { key: "mlflow.source.git.commit", value: "abc" },
      { key: "mlflow.note.content", value: "a note" },
    ],
  });
  await post("runs/log-batch", {
    run_id: run,
    params: [
      { key: "lr", value: "1e-05" },
      { key: "padded", value: "0.10" },
      { key: "name", value: "adam" },
    ],
    metrics: [
      { key: "val_loss", value: 2, timestamp: now, step: 0 },
      { key: "val_loss", value: 1, timestamp: now + 1, step: 1 },
      { key: "bad", value: "NaN", timestamp: now, step: 3 },
    ],
    tags: [{ key: "team", value: "a" }],
  });
  const { info, data } = (await get("runs/get", { run_id: run })).run;
  expect(info).toMatchObject({ run_name: "first", user_id: "ada", status: "RUNNING", start_time: now });
  expect(info.artifact_uri).toBe(`mlflow-artifacts:/${hexOf(fixture.project.id)}/${run}/artifacts`);
  expect(data.params).toEqual([
    { key: "lr", value: "1e-05" },
    { key: "name", value: "adam" },
    { key: "padded", value: "0.10" },
  ]);
  expect(data.metrics).toMatchObject([
    { key: "bad", value: "NaN", step: 3 },
    { key: "val_loss", value: 1, step: 1 },
  ]);
  expect(data.tags).toContainEqual({ key: "mlflow.runName", value: "first" });
  expect(data.tags).toContainEqual({ key: "mlflow.note.content", value: "a note" });
  const history = await get("metrics/get-history", { run_id: run, metric_key: "val_loss", max_results: 1 });
  expect(history.metrics).toEqual([{ key: "val_loss", value: 2, timestamp: now, step: 0 }]);
  const next = await get("metrics/get-history", {
    run_id: run,
    metric_key: "val_loss",
    max_results: 1,
    page_token: history.next_page_token,
  });
  expect(next).toEqual({ metrics: [{ key: "val_loss", value: 1, timestamp: now + 1, step: 1 }] });
});

test("a run's page reads what its client said: the run it is part of, its data, its models and its tags", async () => {
  const parent = await newClientRun({ run_name: "sweep" });
  const run = await newClientRun({ tags: [{ key: "mlflow.parentRunId", value: parent }] });
  const dataset = { name: "digits", digest: "f00d", source_type: "local", source: "digits.csv" };
  const datasets = [{ dataset, tags: [{ key: "mlflow.data.context", value: "training" }] }];
  await post("runs/log-inputs", { run_id: run, datasets });
  await post("logged-models", { experiment_id: "0", name: "tree", source_run_id: run });
  const words = await readClientWords(systemActor, uuidOf(run)!);
  expect(parentOf(words.properties)).toBe(uuidOf(parent));
  expect(words.inputs).toMatchObject([{ name: "digits", digest: "f00d", source: "digits.csv" }]);
  expect(words.models).toMatchObject([{ name: "tree", status: "pending" }]);
  expect(await readClientWords(systemActor, uuidOf(parent)!)).toMatchObject({ inputs: [], models: [] });
});

test("a param keeps its first value, and a batch that would change one stores nothing", async () => {
  const run = await newClientRun();
  await post("runs/log-parameter", { run_id: run, key: "lr", value: "0.1" });
  await post("runs/log-parameter", { run_id: run, key: "lr", value: "0.1" });
  const params = [
    { key: "new", value: "1" },
    { key: "lr", value: "0.2" },
  ];
  const refused = await ask("POST", "runs/log-batch", { run_id: run, params, tags: [{ key: "t", value: "1" }] });
  expect(refused).toMatchObject({ status: 400, body: { error_code: "INVALID_PARAMETER_VALUE" } });
  expect(refused.body.message).toContain("Changing param values is not allowed");
  const { params: kept, tags } = await dataOf(run);
  expect(kept).toEqual([{ key: "lr", value: "0.1" }]);
  expect(tags.map(({ key }: Loose) => key)).toEqual(["mlflow.runName"]);
});

test("a negative step is refused by name, with all that came beside it; a step written again answers its later value", async () => {
  const run = await newClientRun();
  const metric = { key: "loss", value: 1, timestamp: now };
  const refused = await ask("POST", "runs/log-batch", {
    run_id: run,
    metrics: [
      { ...metric, step: 0 },
      { ...metric, step: -1 },
    ],
  });
  expect(refused.status).toBe(400);
  expect(refused.body.message).toContain("metrics[1].step");
  expect((await dataOf(run)).metrics).toEqual([]);
  for (const value of [3, 2, 2]) await post("runs/log-metric", { run_id: run, ...metric, value, step: 5 });
  expect((await dataOf(run)).metrics).toMatchObject([{ key: "loss", value: 2, step: 5 }]);
});

test("a test number is stored and counted as a look, and is in no answer, filter or order, for no token", async () => {
  const run = await newClientRun({ run_name: "peeker" });
  const names = ["test_acc", "test/acc", "final_test_f1"];
  const metrics = names.map((key) => ({ key, value: 0.987654321, timestamp: now, step: 1 }));
  await post("runs/log-batch", { run_id: run, metrics: [...metrics, { ...metrics[0]!, key: "loss" }] });
  expect(await listLooks(systemActor, fixture.project.id, uuidOf(run)!)).not.toEqual([]);
  for (const secret of fixture.secrets.values()) {
    const as = `Bearer ${secret}`;
    const one = await ask("GET", "runs/get", { run_id: run }, as);
    const all = await ask("POST", "runs/search", { experiment_ids: ["0"] }, as);
    for (const { body } of [one, all]) for (const name of names) expect(JSON.stringify(body)).not.toContain(name);
    for (const metric_key of [...names, "acc"])
      expect(JSON.stringify(await ask("GET", "metrics/get-history", { run_id: run, metric_key }, as))).not.toContain(
        "0.98",
      );
  }
  for (const name of names) expect(await found(`metrics.\`${name}\` > 0`)).toEqual([]);
  const other = await newClientRun({ run_name: "honest", start_time: now });
  await post("runs/log-metric", { run_id: other, key: "test_acc", value: 0.1, timestamp: now });
  const orders = ["ASC", "DESC"].map((way) => found("", { order_by: [`metrics.test_acc ${way}`] }));
  const [up, down] = await Promise.all(orders);
  expect(up).toEqual(down);
});

test("an admin says what names mean from then on; no rule takes a test number out of quarantine", async () => {
  const project = await newProject("Named");
  const as = `Bearer ${(await newToken(project, "ingest")).secret}`;
  const { actor: admin } = await newMember("admin");
  const { actor: member } = await newMember("member");
  const create = () => ask("POST", "runs/create", { experiment_id: "0" }, as);
  const old = ((await create()).body as Loose).run.info.run_id;
  const log = (run: string, keys: string[]) => {
    const metrics = keys.map((key) => ({ key, value: 0.987654321, timestamp: now, step: 1 }));
    return ask("POST", "runs/log-batch", { run_id: run, metrics }, as);
  };
  await log(old, ["val_loss", "train_loss", "my-val-f1"]);
  const keyPrefixes = { train: ["train_"], validation: ["my-val-"] };
  await expect(updateProject(member, project.id, { keyPrefixes })).rejects.toMatchObject({ kind: "forbidden" });
  for (const bad of ["test_", "my_test_", "val", "a b_"])
    await expect(
      updateProject(admin, project.id, { keyPrefixes: { train: [], validation: [bad] } }),
    ).rejects.toMatchObject({ kind: "invalid" });
  await updateProject(admin, project.id, { keyPrefixes });
  const { rows } = await listAudit(admin, { project: project.id, what: "keyPrefixes" });
  expect(rows[0]).toMatchObject({ action: "project.update", detail: { to: { keyPrefixes } } });
  const fresh = ((await create()).body as Loose).run.info.run_id;
  const keys = ["val_loss", "train_loss", "my-val-f1", "acc_test", "my-val-test_acc"];
  for (const run of [old, fresh]) await log(run, keys);
  const named = async (run: string) =>
    (await listSeries(admin, uuidOf(run)!)).series.map(({ split, metric }) => `${split} ${metric}`).sort();
  expect(await named(old)).toEqual(["null my-val-f1", "null train_loss", "validation loss"]);
  expect(await named(fresh)).toEqual(["null val_loss", "train loss", "validation f1"]);
  for (const run of [old, fresh]) {
    const { body } = await ask("GET", "runs/get", { run_id: run }, as);
    const answered = (body as Loose).run.data.metrics.map(({ key }: Loose) => key).sort();
    expect(answered).toEqual(["my-val-f1", "train_loss", "val_loss"]);
  }
  // whatever the rule was when a series was made, its client's name finds it
  for (const key of ["val_loss", "train_loss", "`my-val-f1`"]) {
    const filter = `metrics.${key} > 0`;
    const { body } = await ask("POST", "runs/search", { experiment_ids: ["0"], filter }, as);
    expect((body as Loose).runs, key).toHaveLength(2);
  }
});

test("a model answers the metrics that its client says are its own, and no test number", async () => {
  const run = await newClientRun();
  const { model } = await post("logged-models", { experiment_id: "0", name: "own", source_run_id: run });
  const { model_id } = model.info;
  const metric = { model_id, value: 0.25, timestamp: now, dataset_name: "digits", dataset_digest: "f00d" };
  await post("runs/log-metric", { run_id: run, ...metric, key: "val_f1", step: 2 });
  const metrics = ["val_f1", "test_f1", "f1_test"].map((key) => ({ ...metric, key, value: 0.125, step: 1 }));
  await post("runs/log-batch", {
    run_id: run,
    metrics: [...metrics, { ...metric, key: "auc", value: "NaN", step: 1 }],
  });
  const { data } = (await get(`logged-models/${model_id}`, {})).model;
  expect(data.metrics).toMatchObject([
    { key: "auc", value: "NaN", run_id: run, model_id },
    { key: "val_f1", value: 0.25, step: 2, dataset_name: "digits", dataset_digest: "f00d" },
  ]);
  const search = (filter: string) => post("logged-models/search", { experiment_ids: ["0"], filter });
  expect((await search("name = 'own' and metrics.val_f1 > 0.2")).models).toHaveLength(1);
  expect((await search("metrics.test_f1 > 0")).models).toBeUndefined();
  const other = await newProject("Other models");
  const as = `Bearer ${(await newToken(other, "ingest")).secret}`;
  const { run: strange } = (await ask("POST", "runs/create", {}, as)).body as Loose;
  const given = { ...metric, run_id: strange.info.run_id, key: "stolen", step: 3 };
  expect((await ask("POST", "runs/log-metric", given, as)).status).toBe(200);
  expect(JSON.stringify(await get(`logged-models/${model_id}`, {}))).not.toContain("stolen");
});

test("a run that our own client logged is read by its config and its series", async () => {
  const { run, writer } = await newRun(fixture.project, { name: "ours", config: { optimizer: { lr: 0.1 }, on: true } });
  await appendBatch(systemActor, run.id, batchOf(writer, 1, "validation", [0, 1], { loss: [2, 1] }));
  const data = await dataOf(hexOf(run.id));
  expect(data.params).toEqual([
    { key: "on", value: "true" },
    { key: "optimizer.lr", value: "0.1" },
  ]);
  expect(data.metrics).toMatchObject([{ key: "validation/loss", value: 1, step: 1 }]);
  expect(await found("metrics.`validation/loss` = 1 and params.optimizer.lr = '0.1'")).toEqual(["ours"]);
});

test("filters and orders mean what they mean there", async () => {
  const runs = [
    { name: "a", lr: "0.1", loss: 0.5 },
    { name: "b", lr: "0.01", loss: "NaN" },
    { name: "c", lr: "1e-1", loss: 0.25 },
    { name: "d", lr: null, loss: null },
  ];
  for (const { name, lr, loss } of runs) {
    const run = await newClientRun({ run_name: `s-${name}`, start_time: now });
    await post("runs/log-batch", {
      run_id: run,
      params: lr === null ? [] : [{ key: "f.lr", value: lr }],
      metrics: loss === null ? [] : [{ key: "f_loss", value: loss, timestamp: now, step: 1 }],
      tags: [{ key: "set", value: "it's" }],
    });
  }
  const ours = (filter: string, order_by: string[] = []) =>
    found(`tags.set = "it's"${filter && ` AND ${filter}`}`, { order_by }).then((names) =>
      names.map((name) => name.slice(2)).join(""),
    );
  expect(await ours("", ["run_name"])).toBe("abcd");
  expect(await ours("metrics.f_loss > 0.3")).toBe("a");
  expect(await ours("metric.f_loss != 0.5")).toBe("c");
  expect(await ours("params.`f.lr` = '0.1'")).toBe("a");
  expect(await ours("params.f.lr != '0.1'", ["attributes.run_name DESC"])).toBe("cb");
  expect(await ours("", ["metrics.f_loss DESC", "run_name"])).toBe("acbd");
  expect(await ours("", ["metrics.f_loss", "run_name"])).toBe("cabd");
  expect(await ours("", ["params.f.lr ASC"])).toBe("bacd");
  expect(await ours("run_name LIKE 's-_' and run_name ILIKE '%A'")).toBe("a");
  expect(await ours("params.f.lr IS NULL")).toBe("d");
  for (const bad of [
    "a = 1 OR b = 2",
    "metrics.a > 'x'",
    "params.a > '1'",
    "experiment_id = '1'",
    "x.y = 1",
    "run_name = 'open",
  ])
    expect(await ask("POST", "runs/search", { experiment_ids: ["0"], filter: bad })).toMatchObject({ status: 400 });
  const first = await post("runs/search", { experiment_ids: ["0"], max_results: 1 });
  expect(first.runs).toHaveLength(1);
  const second = await post("runs/search", {
    experiment_ids: ["0"],
    max_results: 1,
    page_token: first.next_page_token,
  });
  expect(second.runs[0].info.run_id).not.toBe(first.runs[0].info.run_id);
});

test("a token sees its own project as the experiment 0, as Default and by name, and nothing of another", async () => {
  const other = await newProject("Elsewhere");
  const { run } = await newRun(other, { name: "theirs" });
  for (const [path, given] of [
    ["get", { experiment_id: "0" }],
    ["get", { experiment_id: hexOf(fixture.project.id) }],
    ["get-by-name", { experiment_name: "Default" }],
    ["get-by-name", { experiment_name: "Digits" }],
  ] as const)
    expect((await get(`experiments/${path}`, given)).experiment).toMatchObject({
      name: "Digits",
      lifecycle_stage: "active",
    });
  const missing = { status: 404, body: { error_code: "RESOURCE_DOES_NOT_EXIST" } };
  expect(await ask("GET", "experiments/get", { experiment_id: hexOf(other.id) })).toMatchObject(missing);
  expect(await ask("GET", "experiments/get-by-name", { experiment_name: "Elsewhere" })).toMatchObject(missing);
  expect(await ask("GET", "runs/get", { run_id: hexOf(run.id) })).toMatchObject(missing);
  expect(await ask("POST", "runs/create", { experiment_id: hexOf(other.id) })).toMatchObject(missing);
  expect((await post("runs/search", { experiment_ids: [hexOf(other.id)] })).runs).toBeUndefined();
  const denied = await ask("POST", "experiments/create", { name: "New" });
  expect(denied).toMatchObject({ status: 403, body: { error_code: "PERMISSION_DENIED" } });
  expect(denied.body.message).toContain('"Digits"');
});

test("a token comes by Bearer or as the password of Basic; without one nothing is answered", async () => {
  const basic = Buffer.from(`whoever:${fixture.token}`).toString("base64");
  expect((await ask("POST", "experiments/search", { max_results: 10 }, `Basic ${basic}`)).status).toBe(200);
  for (const authorization of [null, "Bearer nonsense", "Basic !", `Basic ${fixture.token}`])
    expect(await ask("GET", "experiments/get", { experiment_id: "0" }, authorization)).toMatchObject({
      status: 401,
      body: { error_code: "UNAUTHENTICATED" },
    });
  const read = `Bearer ${fixture.secrets.get("read")}`;
  expect((await ask("POST", "runs/create", { experiment_id: "0" }, read)).status).toBe(403);
  expect(
    (await ask("POST", "runs/search", { experiment_ids: ["0"] }, `Bearer ${fixture.secrets.get("submit")}`)).status,
  ).toBe(403);
});

test("a token of the workspace makes a project for each experiment, once, and only an admin makes such a token", async () => {
  const { actor } = await newMember("member");
  await expect(createWorkspaceToken(actor, { name: "mine" })).rejects.toMatchObject({ kind: "forbidden" });
  const { actor: admin } = await newMember("admin");
  const { id, secret } = await createWorkspaceToken(admin, { name: "notebooks" });
  const as = `Bearer ${secret}`;
  const made = await Promise.all([1, 2].map(() => ask("POST", "experiments/create", { name: "lightning_logs" }, as)));
  expect(made.map(({ status }) => status).sort()).toEqual([200, 400]);
  expect(made.find(({ status }) => status === 400)!.body.error_code).toBe("RESOURCE_ALREADY_EXISTS");
  const { experiment_id } = made.find(({ status }) => status === 200)!.body as Loose;
  expect((await ask("POST", "runs/create", { experiment_id }, as)).status).toBe(200);
  // where a script names none
  const { run } = (await ask("POST", "runs/create", { experiment_id: "0" }, as)).body as Loose;
  const { experiment } = (await ask("GET", "experiments/get", { experiment_id: run.info.experiment_id }, as))
    .body as Loose;
  expect(experiment.name).toBe("Default");
  const { rows } = await listAudit(admin, { what: `token:${id}` });
  expect(rows[0]).toMatchObject({ action: "token.create", actorName: admin.name, detail: { to: "workspace" } });
  await revokeToken(admin, id);
});

test("files are sent, listed by folder, read back and overwritten", async () => {
  const run = await newClientRun();
  const root = `${hexOf(fixture.project.id)}/${run}/artifacts`;
  const file = async (method: "GET" | "PUT", path: string, body: string | null = null) => {
    const url = `${TEST_ORIGIN}/api/2.0/mlflow-artifacts/artifacts/${root}/${path}`;
    const headers = { authorization: `Bearer ${fixture.token}`, "content-type": "text/plain" };
    const params = Promise.resolve({ path: `${root}/${path}`.split("/").map(decodeURIComponent) });
    return ({ GET: getFile, PUT: putFile }[method] as Handler)(new Request(url, { method, headers, body }), { params });
  };
  const list = async (path: string) => {
    const url = `${TEST_ORIGIN}/api/2.0/mlflow-artifacts/artifacts?path=${root}${path}`;
    const headers = { authorization: `Bearer ${fixture.token}` };
    return (await (listFolder as Handler)(new Request(url, { headers }), { params: Promise.resolve({}) })).json();
  };
  expect((await file("PUT", "dir/a%25b.txt", "one")).status).toBe(200);
  expect((await file("PUT", "dir/a%25b.txt", "other")).status).toBe(200);
  expect(await (await file("GET", "dir/a%25b.txt")).text()).toBe("other");
  expect(await list("")).toEqual({ files: [{ path: "dir", is_dir: true }] });
  expect(await list("/dir")).toEqual({ files: [{ path: "a%b.txt", is_dir: false, file_size: 5 }] });
  // by this a client tells a file from a folder
  expect(await list("/dir/a%25b.txt")).toEqual({});
  expect((await file("GET", "none")).status).toBe(404);
  const named = await get("artifacts/list", { run_id: run, path: "dir" });
  expect(named.files).toEqual([{ path: "dir/a%b.txt", is_dir: false, file_size: 5 }]);
});

test("a deleted run is read and not written to", async () => {
  const run = await newClientRun();
  await deleteRun(systemActor, uuidOf(run)!);
  expect((await get("runs/get", { run_id: run })).run.info.lifecycle_stage).toBe("deleted");
  const refused = await ask("POST", "runs/log-metric", { run_id: run, key: "a", value: 1, timestamp: now });
  expect(refused).toMatchObject({ status: 400, body: { error_code: "INVALID_PARAMETER_VALUE" } });
});
