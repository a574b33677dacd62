import { afterEach, beforeEach, expect, test } from "vitest";
import { connect } from "../../../db/connection.ts";
import { locks } from "../../../db/locks.ts";
import { createTestDatabase, type TestDatabase } from "../../../db/test-database.ts";
import { holdSecret } from "./secret.ts";

let database: TestDatabase;
const ends: (() => Promise<void>)[] = [];
const [ours, theirs] = ["a secret of thirty-two characters", "another one, as long as the first"];

beforeEach(async () => {
  database = await createTestDatabase();
  process.env.DATABASE_APP_URL = database.appUrl;
});
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
  delete process.env.DATABASE_APP_URL;
  await database.drop();
});

async function start(secret: string): Promise<void> {
  ends.push(await holdSecret(secret));
}

test("servers with one secret work side by side, and one with another is refused with what to do", async () => {
  await start(ours);
  await start(ours);
  await expect(start(theirs)).rejects.toThrow(/HOLDOUT_SECRET here is not the one of the servers.*Set it to theirs/);
  await start(ours);
});

test("the secret may be changed once all servers have ended", async () => {
  await start(ours);
  await start(ours);
  await ends.pop()!();
  await expect(start(theirs)).rejects.toThrow("HOLDOUT_SECRET");
  await ends.pop()!();
  await start(theirs);
});

test("of servers that start at once with a secret each, one does", async () => {
  for (let round = 0; round < 10; round++) {
    const outcomes = await Promise.allSettled([ours, theirs, `${ours}!`, `${theirs}!`].map(start));
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    await ends.pop()!();
  }
});

test("servers on other databases of one PostgreSQL have secrets of their own", async () => {
  await start(ours);
  const other = await createTestDatabase();
  process.env.DATABASE_APP_URL = other.appUrl;
  await start(theirs);
  await ends.pop()!();
  await other.drop();
});

test("a server whose connection broke has its secret held again seconds later", async () => {
  await start(ours);
  const other = connect(database.appUrl, { max: 1 });
  const holders = () => other<{ pid: number }[]>`select pid from pg_locks where locktype = 'advisory' and objsubid = 2
    and database = (select oid from pg_database where datname = current_database())`;
  const [before] = await holders();
  await other`select pg_terminate_backend(${before!.pid})`;
  await expect.poll(async () => (await holders()).filter(({ pid }) => pid !== before!.pid)).toHaveLength(1);
  await expect(start(theirs)).rejects.toThrow("HOLDOUT_SECRET");
  await other.end();
});

test("a server starts, and holds its secret, while a file is put in place, and while unused ones are removed", async () => {
  const other = connect(database.appUrl, { max: 1 });
  for (const lock of [other`pg_advisory_xact_lock_shared`, other`pg_advisory_xact_lock`])
    await other.begin(async (tx) => {
      await tx`select ${lock}(${locks.files}::bigint)`;
      await start(ours);
    });
  await other.end();
});
