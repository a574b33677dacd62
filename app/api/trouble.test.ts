/** What a trainer and a person hear where the disk is full or the database is away. */
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import {
  batchOf,
  bytesOf,
  connectTo,
  newMember,
  newProject,
  newRun,
  newToken,
  prepareWorkspace,
  sqlAs,
  TEST_ORIGIN,
} from "@/lib/test-workspace.ts";
import type { Problem } from "@/lib/wire/base/problem.ts";
import { BATCH_CONTENT_TYPE } from "@/lib/wire/points/batch.ts";
import { GET as listen } from "./events/route.ts";
import { GET } from "./health/route.ts";
import { POST } from "./v1/runs/[run]/metrics/route.ts";
import { GET as listRuns } from "./v1/runs/route.ts";

const workspace = prepareWorkspace();
const fixture = { run: "", writer: "", secret: "", appUrl: "", cookie: "", project: "" };

beforeAll(async () => {
  const project = await newProject();
  const { run, writer } = await newRun(project);
  const { secret } = await newToken(project, "ingest");
  const { cookie } = await newMember("admin");
  Object.assign(fixture, {
    cookie,
    project: project.id,
    run: run.id,
    writer,
    secret,
    appUrl: workspace.database().appUrl,
  });
});
afterEach(() => connectTo(fixture.appUrl));

function send(sequence: number): Promise<Response> {
  const body = bytesOf(batchOf(fixture.writer, sequence, "train", [sequence], { loss: [1] }));
  const headers = { authorization: `Bearer ${fixture.secret}`, "content-type": BATCH_CONTENT_TYPE };
  const request = new Request(`${TEST_ORIGIN}/api/v1/runs/${fixture.run}/metrics`, {
    method: "POST",
    body: body as BodyInit,
    headers,
  });
  return POST(request, { params: Promise.resolve({ run: fixture.run }) });
}
const health = () => GET(new Request(`${TEST_ORIGIN}/api/health`));
const asMember = (path: string) => new Request(TEST_ORIGIN + path, { headers: { cookie: fixture.cookie } });
const problemOf = async (answer: Response) => (await answer.json()) as Problem;

test("a disk that refuses a batch is named to the trainer and by the health answer, and the batch comes later", async () => {
  expect((await health()).status).toBe(200);
  const owner = new URL(workspace.database().ownerUrl);
  // what Citus asks for; any other PostgreSQL lets it pass
  owner.searchParams.set("citus.enable_unsafe_triggers", "on");
  await sqlAs(
    owner.toString(),
    `create function refuse_room() returns trigger language plpgsql as
      $$ begin raise exception 'could not extend file: No space left on device' using errcode = 'disk_full'; end $$`,
  );
  await sqlAs(
    owner.toString(),
    "create trigger no_room before insert on batches for each row execute function refuse_room()",
  );
  const refused = await send(1);
  expect(refused.status).toBe(507);
  expect((await problemOf(refused)).detail).toContain("the disk of the server is full");
  const ill = await health();
  expect(ill.status).toBe(507);
  expect((await problemOf(ill)).detail).toContain("the disk of the server is full");
  await sqlAs(owner.toString(), "drop trigger no_room on batches");
  expect((await send(1)).status).toBe(200);
});

test.skipIf(process.platform !== "linux")(
  "a disk without room is named by the health answer before it refuses",
  async () => {
    // a file system that has no room at all
    vi.stubEnv("HOLDOUT_DATA_DIR", "/proc");
    const ill = await health();
    vi.unstubAllEnvs();
    expect([ill.status, (await problemOf(ill)).detail]).toEqual([507, expect.stringContaining("0 bytes are left")]);
  },
);

test("a database that can't be reached is away, to the trainer and in the health answer", async () => {
  const gone = new URL(fixture.appUrl);
  gone.searchParams.set("host", "/tmp/holdout-no-such-folder");
  await connectTo(gone.toString());
  for (const answer of [await send(2), await health()]) {
    expect(answer.status).toBe(503);
    expect((await problemOf(answer)).detail).toContain("the database is away");
  }
});

test("a database that can't be reached is away to a browser that is signed in, whose session is good again after it", async () => {
  const ask = () => listRuns(asMember(`/api/v1/runs?project=${fixture.project}`), { params: Promise.resolve({}) });
  expect((await ask()).status).toBe(200);
  const gone = new URL(fixture.appUrl);
  gone.searchParams.set("host", "/tmp/holdout-no-such-folder");
  await connectTo(gone.toString());
  for (const answer of [await ask(), await listen(asMember("/api/events"), { params: Promise.resolve({}) })]) {
    expect(answer.status).toBe(503);
    expect((await problemOf(answer)).detail).toContain("the database is away");
  }
  await connectTo(fixture.appUrl);
  expect((await ask()).status).toBe(200);
});

test("a database that ends connections is away for the requests under way, and back for the next", async () => {
  expect((await send(2)).status).toBe(200);
  const ending = sqlAs(
    fixture.appUrl,
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and usename = current_user`,
  );
  const during = await Promise.all(Array.from({ length: 20 }, (_, at) => send(3 + at)));
  await ending;
  for (const { status } of during) expect([200, 503]).toContain(status);
  await expect.poll(async () => (await send(50)).status).toBe(200);
});
