import { afterAll, beforeAll, expect, test } from "vitest";
import { connect } from "./connection.ts";
import { createTestDatabase, type TestDatabase } from "./test-database.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

async function as(url: string, statement: string): Promise<readonly Record<string, unknown>[]> {
  const client = connect(url, { max: 1 });
  try {
    return await client.unsafe(statement);
  } finally {
    await client.end();
  }
}

test("the owner of a test database is no superuser, and its name says what it is", async () => {
  const [row] = await as(
    database.ownerUrl,
    "select rolsuper, current_database() as name from pg_roles where rolname = current_user",
  );
  expect(row?.rolsuper).toBe(false);
  expect(row?.name).toMatch(/^holdout_test_[0-9a-f]+_[0-9a-f]+$/);
});

test.each([
  ["create table", "create table strangers (id int)"],
  ["truncate", "truncate projects"],
  ["change an audit row", "update audit set id = id"],
  ["remove a look", "delete from looks"],
  ["change a manifest", "update manifests set train_count = 0"],
])("the app's role may not %s", async (_what, statement) => {
  await expect(as(database.appUrl, statement)).rejects.toMatchObject({ code: "42501" });
});

test("two test databases share no rows", async () => {
  const other = await createTestDatabase();
  try {
    await as(database.appUrl, "insert into rate_limits (id, key, count, last_request) values ('a', 'a', 1, 1)");
    expect(await as(other.appUrl, "select * from rate_limits")).toHaveLength(0);
  } finally {
    await other.drop();
  }
});
