import { afterAll, beforeAll, expect, test } from "vitest";
import { connect } from "../connection.ts";
import { createTestDatabase, type TestDatabase } from "../test-database.ts";
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
test("x", async () => {
  const c = connect(database.ownerUrl, { max: 1 });
  const r = await c`select table_name::text, citus_table_type, distribution_column, shard_count from citus_tables order by 2,1`;
  console.log(r.map((x) => Object.values(x).join(" ")).join("\n"));
  console.log(await c`select count(*) from pg_constraint where contype='f'`);
  console.log(await c`select tgrelid::regclass::text, tgname from pg_trigger where not tgisinternal and tgrelid::regclass::text like '%samples%' or tgname like 'rows_come%'`);
  expect(r.length).toBe(1);
  await c.end();
});
