/** Runs that come many in one request are the runs that the calls of a run make, each whole or refused by itself. */
import { createHash } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { v4 as uuidv4, v7 as uuidv7 } from "uuid";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { connections } from "../db/connection.ts";
import { systemActor } from "../lib/access/actor.ts";
import { newManifest } from "../lib/manifests/test-manifest.ts";
import { compactWhole } from "../lib/metrics/compact.ts";
import { keepUp } from "../lib/metrics/upkeep.ts";
import { updateProject } from "../lib/settings/project-settings.ts";
import { batchOf, bytesOf, newProject, newToken, prepareWorkspace } from "../lib/test-workspace.ts";
import type { TokenScope } from "../lib/wire/base/words.ts";
import {
  encodeImport,
  IMPORT_BYTES_MAX,
  IMPORT_CONTENT_TYPE,
  type Imported,
  importedSchema,
  type OutgoingRun,
} from "../lib/wire/imports.ts";
import { BATCH_CONTENT_TYPE } from "../lib/wire/points/batch.ts";
import type { Project } from "../lib/wire/projects.ts";
import { ApiServer } from "./test/api-server.ts";

prepareWorkspace();
const server = new ApiServer();
let project: Project;
let secret: string;

beforeAll(async () => {
  await server.up();
  process.env.HOLDOUT_URL = server.url; // the server's own address, by which it knows its Host
  project = await newProject("Imported", "accuracy");
  secret = await tokenOf(project, "admin");
});
afterAll(() => server.down());
const tokenOf = async (of: Project, scope: TokenScope): Promise<string> => (await newToken(of, scope)).secret;

type Method = "POST" | "PUT" | "PATCH";
async function ask([method, path]: [Method, string], body: unknown, token: string, headers: object = {}) {
  const response = await fetch(`${server.url}/api/v1/${path}`, {
    method,
    body: (body instanceof Uint8Array ? body : JSON.stringify(body)) as BodyInit,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json", ...headers },
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const send = (body: Uint8Array, { to = project, token = secret } = {}) =>
  ask(["POST", `projects/${to.slug}/runs`], body, token, { "content-type": IMPORT_CONTENT_TYPE });
async function bring(runs: OutgoingRun[], place = {}): Promise<Imported["runs"]> {
  const { status, body } = await send(encodeImport(runs), place);
  expect(status, JSON.stringify(body)).toBe(200);
  return importedSchema.parse(body).runs;
}
const outcomes = (answers: Imported["runs"]) => answers.map(({ outcome }) => outcome);

/** A run with all that one can have. `change`: what is another. */
function sentRun(change: Partial<OutgoingRun> = {}, writer: string = uuidv4()): OutgoingRun {
  return {
    run: { id: uuidv7(), name: "a run", notes: "of old", config: { lr: 0.1 }, seed: 7 },
    writer: { writer, environment: { "mlflow run": "abc" } },
    end: { status: "finished", writer },
    batches: [bytesOf(batchOf(writer, 1, "validation", [1, 2, 3], { accuracy: [0.5, 0.75, 0.25], loss: [3, 2, 1] }))],
    files: [{ path: "import/mlflow.json", contentType: "application/json", content: Buffer.from("{}") }],
    ...change,
  };
}

const ran = { startedAt: "2026-01-05T09:00:00.000Z", endedAt: "2026-01-05T09:01:00.000Z" };

/** Runs of every kind: with a test series, a manifest that lacks a split, points that are written again, none; ended in each way. */
function sentKinds(manifest: string): OutgoingRun[] {
  const [one, two, three, four] = [uuidv4(), uuidv4(), uuidv4(), uuidv4()];
  const failure = { reason: "diverged", message: "NaN", stack: "", signal: null } as const;
  const config = { a: { b: 1, "c.d": "x".repeat(400) }, "a.e": 2, list: [1, { e: "é" }], no: null, on: true, seed: 3 };
  return [
    sentRun(
      {
        run: { id: uuidv7(), name: "whole", notes: "n", config, seed: 7, code: { commit: "abc", dirty: true } },
        tags: ["old", "vision"],
        color: 3,
        end: { status: "finished", writer: one, pointsLost: 5, ran },
        batches: [
          batchOf(one, 1, "validation", [1, 3, 5], { accuracy: [0.5, 0.75, Number.NaN], "loss, odd": [3, 2, 1] }),
          batchOf(one, 2, null, [1, 2, 4], { epoch: [1, 2, 3] }),
          batchOf(one, 3, "validation", [2, 3, 9], { accuracy: [0.25, 0.7, Number.POSITIVE_INFINITY] }),
          batchOf(one, 4, "test", [9], { accuracy: [0.99] }),
          batchOf(one, 5, null, [7], { test_loss: [0.1], late: [1] }),
        ].map(bytesOf),
      },
      one,
    ),
    sentRun({ run: { id: uuidv7(), name: "cites", manifest }, end: { status: "failed", failure }, tags: ["new"] }, two),
    sentRun({ run: { id: uuidv7(), name: "unended" }, end: null, files: [] }, three),
    sentRun(
      { run: { id: uuidv7(), name: "empty", config: {} }, batches: [], end: { status: "killed", writer: four } },
      four,
    ),
  ];
}

/** By the calls of a run, as an import made it before. */
async function makeAlone({ run, writer, tags, color, end, batches, files }: OutgoingRun, to: Project, token: string) {
  const call = async (method: Method, what: string, body: unknown, headers = {}) => {
    const answer = await ask([method, `runs/${run.id}${what}`], body, token, headers);
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  };
  expect((await ask(["POST", "runs"], { ...run, project: to.id }, token)).status).toBe(200);
  await call("POST", "/writers", { ...writer, mode: "start" });
  if (tags?.length) await call("POST", "/tags", { add: tags });
  if (color != null) await call("PATCH", "", { color });
  for (const batch of batches) await call("POST", "/metrics", batch, { "content-type": BATCH_CONTENT_TYPE });
  for (const { path, contentType, content } of files)
    await call("PUT", `/artifacts/${path}`, content, { "content-type": contentType });
  if (end) await call("POST", "/finish", end);
}

/** All that stands of a project's runs, by the runs' names: ids and times of the server's own clock aside. */
async function standing(of: Project) {
  const { sql } = connections();
  const rows = (table: string, order: string, without: string[]) => sql`
    select r.name as run, to_jsonb(t) - ${["run_id", "project_id", ...without]}::text[] as row
    from ${sql(table)} t join runs r on r.id = t.run_id where r.project_id = ${of.id} order by 1, ${sql.unsafe(order)}`;
  const own = ["id", "project_id", "created_at", "heartbeat_at", "created_by"];
  const runs = await sql<{ row: Record<string, unknown> }[]>`
    select to_jsonb(r) - ${own}::text[] || jsonb_build_object(
      'lived', r.ended_at - r.started_at < interval '1 minute', 'name', r.name) as row
    from runs r where r.project_id = ${of.id} order by r.name`;
  const audit = await sql`
    select action, case when subject like 'run:%' then 'run' else 'project' end as subject, detail - 'ids' as detail
    from audit where project_id = ${of.id} and action like 'run%' order by action, detail::text`;
  return {
    runs: runs.map(({ row }) => withoutClock(row)),
    values: await rows("run_values", "t.key", []),
    tags: await rows("run_tags", "t.tag", []),
    attempts: await rows("attempts", "t.number", ["started_at"]),
    writers: await rows("writers", "t.number", ["created_at"]),
    batches: await rows("batches", "t.sequence", ["received_at"]),
    series: await rows("series", "t.split, t.metric", ["number"]),
    numbers: await rows("series", "t.number", []).then((found) => found.map(({ row }) => row.number)),
    files: await rows("artifacts", "t.path", ["created_at"]),
    looks: await rows("looks", "t.reason", ["id", "at", "actor"]),
    audit,
  };
}

/** A time by the server's clock is another each time; one by the source's is the same. */
function withoutClock(row: Record<string, unknown>): Record<string, unknown> {
  const isSource = (name: string) => String(row[name]).startsWith("2026-01-05");
  return Object.fromEntries(
    Object.entries(row).map(([key, value]) => [
      key,
      ["started_at", "ended_at"].includes(key) && value !== null && !isSource(key) ? "now" : value,
    ]),
  );
}

test("runs that come together are those that the calls of a run make: rows, sums, quarantine, looks and the record", async () => {
  const alone = await newProject("Alone", "accuracy");
  const together = await newProject("Together", "accuracy");
  for (const one of [alone, together]) await updateProject(systemActor, one.id, { replicateIgnores: ["list"] });
  const manifest = await newManifest(alone, { a: "train", b: "test" });
  await newManifest(together, { a: "train", b: "test" });
  const token = await tokenOf(alone, "admin");
  const kinds = sentKinds(manifest.id);
  for (const one of kinds) await makeAlone(one, alone, token);
  // a run that hasn't ended is summed up by the upkeep
  await keepUp(new Map());
  const before = await standing(alone);
  const others = kinds.map((one) => ({ ...one, run: { ...one.run, id: uuidv7() } }));
  const answers = await bring(others, { to: together, token: await tokenOf(together, "admin") });
  expect(outcomes(answers)).toEqual(["stored", "stored", "stored", "stored"]);
  expect(answers[0]!.quarantined.sort()).toEqual(["-/test_loss", "test/accuracy"]);
  expect(answers[1]!.quarantined).toEqual(["validation/accuracy", "validation/loss"]);
  expect(await standing(together)).toEqual(before);
  for (const one of [...kinds, ...others]) await compactWhole(one.run.id);
  const [left, right] = [await standing(alone), await standing(together)];
  expect(left.batches).toEqual([]);
  expect(right).toEqual(left);
});

test("what is wrong with a run is said of it by name, and the others are stored", async () => {
  const ingest = await tokenOf(project, "ingest");
  const [writer, twice] = [uuidv4(), sentRun()];
  const batch = (number: number, of = writer) => bytesOf(batchOf(of, number, "train", [1], { loss: [1] }));
  const torn = Buffer.from(batch(1));
  torn[torn.length - 3]! ^= 1;
  const good = sentRun();
  const bad: [OutgoingRun, string][] = [
    [sentRun({ run: { id: uuidv7(), name: "x".repeat(201) } }), "run.name"],
    [sentRun({ run: { id: uuidv7(), config: { a: { b: 1 }, "a.b": 2 } } }), "run.config"],
    [sentRun({ run: { id: uuidv4() } }), "run.id"],
    [sentRun({ run: { id: uuidv7(), manifest: "0".repeat(64) } }), "is not registered in this project"],
    [sentRun({ batches: [torn] }, writer), "batches.0.body: its checksum is another"],
    [sentRun({ batches: [batch(1, uuidv4())] }, writer), "batches.0.writer"],
    [sentRun({ batches: [batch(1), batch(3)] }, writer), "batches.1.sequence: expected 2"],
    [sentRun({ end: { status: "failed", writer } }, writer), "end.failure"],
    [sentRun({ end: { status: "finished", writer: uuidv4() } }), "end.writer"],
    [sentRun({ files: [{ path: "../up", contentType: "text/plain", content: torn }] }), "files.0.path"],
    [sentRun({ tags: ["old"] }), "runs.update needs a token of scope admin"],
    [sentRun({ color: 1 }), "runs.update needs a token of scope admin"],
    [{ ...sentRun(), run: twice.run }, "stands twice in this request"],
  ];
  const answers = await bring([twice, ...bad.map(([run]) => run), good], { token: ingest });
  expect(outcomes(answers)).toEqual(["stored", ...bad.map(() => "refused"), "stored"]);
  for (const [at, [, why]] of bad.entries()) expect(answers[at + 1]!.why).toContain(why);
  const { sql } = connections();
  const stored = [twice, good].map(({ run }) => run.id);
  const refused = bad.map(([{ run }]) => run.id).filter((id) => !stored.includes(id));
  expect(await sql`select id from runs where id = any(${stored}::uuid[])`).toHaveLength(2);
  expect(await sql`select id from runs where id = any(${refused}::uuid[])`).toHaveLength(0);
  expect(await sql`select id from audit where subject = any(${refused.map((id) => `run:${id}`)}::text[])`).toEqual([]);
});

test("sent again nothing is added; what is there otherwise stays as it is; by two at once it comes in once", async () => {
  const elsewhere = await newProject("Elsewhere");
  const token = await tokenOf(elsewhere, "ingest");
  const runs = Array.from({ length: 20 }, () => sentRun());
  const both = await Promise.all([bring(runs), bring([...runs].reverse())]);
  const stored = both.flat().filter(({ outcome }) => outcome === "stored");
  expect(stored.map(({ id }) => id).sort()).toEqual(runs.map(({ run }) => run.id).sort());
  const { sql } = connections();
  const counts = () => sql`
    select (select count(*) from audit) as acts, (select count(*) from batches) as batches,
      (select count(*) from runs) as runs, (select count(*) from artifacts) as files, (select count(*) from blobs) as blobs`;
  const before = await counts();
  expect(new Set(outcomes(await bring(runs)))).toEqual(new Set(["there"]));
  const first = runs[0]!;
  const others: OutgoingRun[] = [
    { ...first, run: { ...first.run, name: "another" } },
    {
      ...runs[1]!,
      files: [...runs[1]!.files, { path: "more.txt", contentType: "text/plain", content: Buffer.from("more") }],
    },
    sentRun({ run: runs[2]!.run }),
  ];
  expect(outcomes(await bring(others))).toEqual(["other", "other", "other"]);
  expect(outcomes(await bring([first], { to: elsewhere, token }))).toEqual(["other"]);
  expect(await counts()).toEqual(before);
  await compactWhole(first.run.id);
  expect(outcomes(await bring([first]))).toEqual(["there"]);
});

test("where the server fails in the middle nothing of any run is there, and the same again stores them all", async () => {
  const content = Buffer.from("a file that can't be put in place");
  const hash = createHash("sha256").update(content).digest("hex");
  const runs = [sentRun(), sentRun({ files: [{ path: "a.txt", contentType: "text/plain", content }] })];
  const { sql } = connections();
  const counts = () => sql`
    select (select count(*) from runs) as runs, (select count(*) from series) as series, (select count(*) from audit) as acts`;
  const before = await counts();
  // its place in the store is taken, which is found when all rows are written
  const place = path.join(process.env.HOLDOUT_DATA_DIR!, "blobs", hash.slice(0, 2));
  mkdirSync(path.dirname(place), { recursive: true });
  writeFileSync(place, "");
  vi.spyOn(console, "error").mockImplementation(() => {});
  expect((await send(encodeImport(runs))).status).toBe(500);
  vi.restoreAllMocks();
  expect(await counts()).toEqual(before);
  rmSync(place);
  expect(outcomes(await bring(runs))).toEqual(["stored", "stored"]);
});

test("a primary metric that became another while runs were on their way is found anew", async () => {
  const one = sentRun();
  const changing = await newProject("Changing", "accuracy");
  const token = await tokenOf(changing, "ingest");
  const { sql } = connections();
  const brought = await sql.begin(async (tx) => {
    await tx`update projects set primary_metric = 'loss', primary_direction = 'min' where id = ${changing.id}`;
    const bringing = bring([one], { to: changing, token });
    // it has been summed up, and waits for the project's row
    await vi.waitFor(async () =>
      expect(
        await sql`select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like '%for share%'`,
      ).toHaveLength(1),
    );
    return { bringing };
  });
  expect(outcomes(await brought.bringing)).toEqual(["stored"]);
  const best = () => sql`select best_step::int as step, best_stale as stale from runs where id = ${one.run.id}`;
  expect(await best()).toEqual([{ step: 2, stale: true }]);
  await keepUp(new Map());
  expect(await best()).toEqual([{ step: 3, stale: false }]);
});

const whole = () => Buffer.from(encodeImport([sentRun()]));
const withHeader = (change: (header: string) => string): Buffer => {
  const body = whole();
  const length = body.readUInt32LE(4);
  const header = Buffer.from(change(body.toString("utf8", 8, 8 + length)));
  const prefix = Buffer.from(body.subarray(0, 8));
  prefix.writeUInt32LE(header.length, 4);
  return Buffer.concat([prefix, header, body.subarray(8 + length)]);
};

test.each<[string, () => Uint8Array, string]>([
  ["nothing", () => Buffer.alloc(0), "body"],
  ["another form", () => Buffer.from("HLD2 and more"), "body"],
  ["a header beyond the body", () => whole().fill(0x7f, 4, 7), "header"],
  ["a cut body", () => whole().subarray(0, -1), "body"],
  ["more than is described", () => Buffer.concat([whole(), Buffer.alloc(8)]), "body"],
  ["no JSON", () => withHeader(() => "{"), "body"],
  ["no runs", () => withHeader(() => '{"runs":[]}'), "runs"],
  [
    "a length below 0",
    () => withHeader((text) => text.replace(/"batches":\[\d+/, '"batches":[-1')),
    "runs.0.batches.0",
  ],
  [
    "a length of a text",
    () => withHeader((text) => text.replace(/"bytes":\d+/, '"bytes":"2"')),
    "runs.0.files.0.bytes",
  ],
  ["a length that ends elsewhere", () => withHeader((text) => text.replace(/"bytes":\d+/, '"bytes":1')), "body"],
  [
    "a key that is lost",
    () => withHeader((text) => text.replace('"lr"', '"__proto__"')),
    "runs.0.run.config.__proto__",
  ],
  [
    "a number that is rounded",
    () => withHeader((text) => text.replace("0.1", "9007199254740993")),
    "runs.0.run.config.lr",
  ],
  ["too many runs", () => encodeImport(Array.from({ length: 65 }, () => sentRun({ batches: [], files: [] }))), "runs"],
])("a body with %s is refused by name, and nothing is written", async (_, body, field) => {
  const { sql } = connections();
  const [before] = await sql`select count(*)::int as count from runs`;
  const { status, body: problem } = await send(body());
  expect([status, (problem.errors as { field: string }[] | undefined)?.[0]?.field ?? "body"]).toEqual([400, field]);
  expect(await sql`select count(*)::int as count from runs`).toEqual([before]);
});

test("a body of another type is told which is right, and one that is too large isn't read", async () => {
  const wrong = await ask(["POST", `projects/${project.slug}/runs`], whole(), secret);
  expect(wrong).toMatchObject({ status: 415, body: { detail: expect.stringContaining(IMPORT_CONTENT_TYPE) } });
  expect((await send(Buffer.alloc(IMPORT_BYTES_MAX + 1))).status).toBe(413);
});
