/** A newer server changes the database while this one is at work. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterEach, beforeEach, expect, test } from "vitest";
import { closeConnections, connect } from "../../db/connection.ts";
import { createTestDatabase, type TestDatabase } from "../../db/test-database.ts";
import { newestMigration, TOO_OLD } from "../../db/versions.ts";
import { freePort } from "../../lib/test-port.ts";
import { readSettings } from "./settings.ts";
import { watchStanding } from "./standing.ts";
import { openWeb, type Web } from "./web.ts";

let database: TestDatabase;
let folder: string;
let web: Web;
let url: string;

beforeEach(async () => {
  database = await createTestDatabase();
  folder = mkdtempSync(`${tmpdir()}/holdout-standing-`);
  const port = await freePort();
  Object.assign(process.env, {
    DATABASE_APP_URL: database.appUrl,
    HOLDOUT_DATA_DIR: folder,
    HOLDOUT_ENV_FILE: "",
    PORT: String(port),
  });
  const { DATABASE_APP_URL } = process.env;
  delete process.env.DATABASE_APP_URL;
  web = await openWeb(readSettings());
  process.env.DATABASE_APP_URL = DATABASE_APP_URL;
  url = `http://127.0.0.1:${port}`;
});
afterEach(async () => {
  await web.stop();
  await closeConnections();
  await database.drop();
  rmSync(folder, { recursive: true });
});

const ask = async (path: string, init?: RequestInit) => {
  const answer = await fetch(url + path, init);
  return { status: answer.status, body: (await answer.json()) as { detail?: string; status?: unknown } };
};

test("a worker says whether it is well, and sends whoever asks more to a web server", async () => {
  web.serveHealth();
  expect(await ask("/api/health")).toMatchObject({ status: 200, body: { status: "ok" } });
  const refused = await ask("/api/v1/runs");
  expect(refused.status).toBe(404);
  expect(refused.body.detail).toMatch(/this server is a worker \(HOLDOUT_ROLE\).*ask a web server/);
});

test("a server goes on beside a newer one, and within seconds of a change that it can't live with takes nothing more", async () => {
  web.serveHealth();
  const owner = connect(database.ownerUrl, { max: 1 });
  let isTold = 0;
  const stop = watchStanding(() => {
    isTold++;
    web.refuseAll(TOO_OLD);
  });
  const mine = newestMigration();
  await owner`update workspace set servers_since = ${mine}`;
  expect((await ask("/api/health")).status).toBe(200);
  await owner`update workspace set servers_since = ${mine + 1}`;
  await expect.poll(() => isTold, { timeout: 5_000 }).toBe(1);
  for (const [path, init] of [
    ["/api/v1/runs", { method: "POST", body: "{}" }],
    ["/api/health", {}],
    ["/", {}],
  ] as const)
    expect(await ask(path, init)).toMatchObject({
      status: 503,
      body: {
        type: "urn:holdout:problem:unavailable",
        detail: expect.stringMatching(/older than the database.*Update it/),
      },
    });
  stop();
  await owner.end();
});
