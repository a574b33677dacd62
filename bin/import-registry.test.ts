/** The registry of an MLflow store comes in with its runs, and is asked for as MLflow's clients ask. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { connections } from "../db/connection.ts";
import { newProject, newToken, prepareWorkspace } from "../lib/test-workspace.ts";
import { runListSchema } from "../lib/wire/runs.ts";
import { importCommand } from "../trainer/src/cli/import.ts";
import type { Report, Survey } from "../trainer/src/import/survey.ts";
import { ApiServer } from "./test/api-server.ts";

prepareWorkspace();
const fixtures = path.join(import.meta.dirname, "../trainer/src/import/fixtures");
const folder = mkdtempSync(path.join(tmpdir(), "holdout-import-registry-"));
const server = new ApiServer();
let token: string;

beforeAll(async () => {
  await server.up();
  process.env.HOLDOUT_URL = server.url;
});
beforeEach(async () => {
  token = (await newToken(await newProject(), "ingest")).secret;
});
afterEach(() => vi.restoreAllMocks());
afterAll(async () => {
  await server.down();
  rmSync(folder, { recursive: true, force: true });
});

async function imported(store: string): Promise<{ code: number; preview: Survey; report: Report }> {
  const said: string[] = [];
  vi.spyOn(console, "log").mockImplementation((line: string) => void said.push(line));
  const code = await importCommand(["mlflow", store, "--yes", "--json", "--url", server.url, "--token", token]);
  return { code, ...(JSON.parse(said.join("\n")) as { preview: Survey; report: Report }) };
}

async function ask(address: string, body?: object, method = "POST"): Promise<Record<string, unknown>> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const init = body ? { method, headers, body: JSON.stringify(body) } : { headers };
  return (await fetch(`${server.url}/api/${address}`, init)).json() as Promise<Record<string, unknown>>;
}
const mlflow = (call: string, body?: object, method?: string) => ask(`2.0/mlflow/${call}`, body, method);
const version = async (number: number) =>
  (await mlflow(`model-versions/get?name=digits-model&version=${number}`)).model_version as Record<string, unknown>;
const hexOfRun = async (name: string) => {
  const { runs } = runListSchema.parse(await ask("v1/runs"));
  return runs.find((run) => run.name === name)!.id.replaceAll("-", "");
};

test.each(["mlflow-2", "mlflow-3", "mlflow-2-sqlite", "mlflow-3-sqlite"])(
  "the models of %s have their versions",
  async (store) => {
    const { code, preview, report } = await imported(path.join(fixtures, store));
    expect(code).toBe(0);
    expect(preview.registry).toEqual({ models: 1, versions: 1 });
    expect(report.registry).toEqual({ stored: { models: 1, versions: 1 }, there: { models: 0, versions: 0 } });
    const { registered_model: model } = await mlflow("registered-models/get?name=digits-model");
    expect(model).toMatchObject({ name: "digits-model" });
    expect(await version(1)).toMatchObject({
      version: "1",
      source: "file:///nowhere/model",
      current_stage: "None",
      run_id: await hexOfRun("first"),
    });
  },
);

/** A store whose model has a deleted version, and a third one with all that a version may have. */
function richStore(name: string): string {
  const store = path.join(folder, name);
  cpSync(path.join(fixtures, "mlflow-2"), store, { recursive: true });
  const model = path.join(store, "models/digits-model");
  const meta = readFileSync(path.join(model, "version-1/meta.yaml"), "utf8");
  const run = /^run_id: (\w+)$/m.exec(meta)![1]!;
  const experiment = readdirSync(store).find((one) => /^\d{5,}$/.test(one))!;
  const write = (number: number, changes: Record<string, string>) => {
    mkdirSync(path.join(model, `version-${number}`), { recursive: true });
    const lines = Object.entries({ version: String(number), ...changes });
    const text = lines.reduce(
      (all, [key, value]) => all.replace(new RegExp(`^${key}: .*$`, "m"), `${key}: ${value}`),
      meta,
    );
    writeFileSync(path.join(model, `version-${number}/meta.yaml`), text);
  };
  write(2, { current_stage: "Deleted_Internal" });
  write(3, {
    current_stage: "Production",
    description: "the third",
    source: `file:///home/ada/mlruns/${experiment}/${run}/artifacts/reports`,
    creation_timestamp: "1767603600000",
  });
  mkdirSync(path.join(model, "version-3/tags"), { recursive: true });
  writeFileSync(path.join(model, "version-3/tags/validated"), "yes");
  mkdirSync(path.join(model, "aliases"), { recursive: true });
  writeFileSync(path.join(model, "aliases/best"), "3");
  return store;
}

test("numbers, stages, times, tags and names stay, and a version's files are its run's", async () => {
  const store = richStore("rich");
  const { report } = await imported(store);
  expect(report.registry.stored).toEqual({ models: 1, versions: 2 });
  expect(report.leftOut).toContainEqual(
    expect.objectContaining({ why: "a version that was deleted there", where: ["models/digits-model/version-2"] }),
  );
  const third = await version(3);
  expect(third).toMatchObject({
    current_stage: "Production",
    description: "the third",
    creation_timestamp: 1_767_603_600_000,
    tags: [{ key: "validated", value: "yes" }],
    aliases: ["best"],
  });
  const { artifact_uri: files } = await mlflow("model-versions/get-download-uri?name=digits-model&version=3");
  expect(files).toMatch(new RegExp(`^mlflow-artifacts:/[0-9a-f]{32}/${await hexOfRun("first")}/artifacts/reports$`));
  const read = await fetch(
    `${server.url}/api/2.0/mlflow-artifacts/artifacts/${String(files).slice("mlflow-artifacts:/".length)}/notes.txt`,
    { headers: { authorization: `Bearer ${token}` } },
  );
  expect(read.status).toBe(200);
  const { model_version: next } = await mlflow("model-versions/create", {
    name: "digits-model",
    source: "runs:/0/model",
  });
  expect(next).toMatchObject({ version: "4" });
});

test("again it adds nothing, and what was changed here stays", async () => {
  const store = richStore("again");
  await imported(store);
  await mlflow("registered-models/alias", { name: "digits-model", alias: "best", version: "1" });
  await mlflow("model-versions/update", { name: "digits-model", version: "3", description: "ours" }, "PATCH");
  const acts = async () => (await connections().sql`select count(*)::int as count from audit`)[0];
  const before = await acts();
  const { report } = await imported(store);
  expect(report.registry).toEqual({ stored: { models: 0, versions: 0 }, there: { models: 1, versions: 2 } });
  expect(await acts()).toEqual(before);
  expect(await version(1)).toMatchObject({ aliases: ["best"] });
  expect(await version(3)).toMatchObject({ description: "ours", aliases: [] });
});

test("a version of the same number that was made here stays, and is named", async () => {
  await mlflow("registered-models/create", { name: "digits-model" });
  await mlflow("model-versions/create", { name: "digits-model", source: "s3://bucket/ours" });
  const { report } = await imported(richStore("other"));
  expect(report.registry).toEqual({ stored: { models: 0, versions: 1 }, there: { models: 1, versions: 0 } });
  expect(report.leftOut).toContainEqual(
    expect.objectContaining({
      where: ["models/digits-model/version-1"],
      why: expect.stringContaining("what is stored stays"),
    }),
  );
  expect(await version(1)).toMatchObject({ source: "s3://bucket/ours" });
});

test("a model that the server refuses is named, and the rest comes in", async () => {
  const store = richStore("refused");
  const model = path.join(store, "models/digits-model/meta.yaml");
  writeFileSync(model, readFileSync(model, "utf8").replace(/^name: .*$/m, `name: ${"x".repeat(300)}`));
  const { code, report } = await imported(store);
  expect(code).toBe(0);
  expect(report.stored.runs).toBe(5);
  expect(report.registry.stored).toEqual({ models: 0, versions: 0 });
  expect(report.leftOut).toContainEqual(
    expect.objectContaining({ why: expect.stringMatching(/^a registered model: .*name.*256/) }),
  );
});
