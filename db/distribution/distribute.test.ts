import { randomBytes } from "node:crypto";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Sql } from "postgres";
import { v7 as uuidv7 } from "uuid";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect } from "../connection.ts";
import { prepareDatabase } from "../migrate.ts";
import { createTestDatabase, type TestDatabase } from "../test-database.ts";
import { arePointsSpread, distributeDatabase } from "./distribute.ts";
import { spreadTables } from "./layout.ts";

const citus = process.env.HOLDOUT_TEST_CITUS;
if (!citus)
  console.log("skipped: tables are laid out over nodes only where HOLDOUT_TEST_CITUS names a server with Citus");

describe.skipIf(citus)("a server without Citus", () => {
  test("lays nothing out, and says why", async () => {
    const database = await createTestDatabase();
    try {
      await expect(distributeDatabase(database.ownerUrl)).rejects.toThrow(/has no Citus/);
      expect(await arePointsSpread(database.ownerUrl)).toBe(false);
    } finally {
      await database.drop();
    }
  });
});

describe.runIf(citus)("a server with Citus", () => {
  /** A migrated database with rows, laid out in the course of the tests; its owner is no superuser. */
  const name = `holdout_test_${randomBytes(5).toString("hex")}`;
  const password = randomBytes(12).toString("hex");
  let spreadOnes: TestDatabase;
  let server: Sql;
  let admin: Sql;
  let owner: Sql;
  let app: Sql;
  const at = (role?: string) => {
    const url = new URL(citus!);
    url.pathname = `/${name}`;
    if (role) Object.assign(url, { username: role, password });
    return url.toString();
  };
  const node = () => [new URL(citus!).hostname, Number(new URL(citus!).port || 5432)] as const;
  const [ownerUrl, appUrl] = citus ? [at(`${name}_owner`), at(`${name}_app`)] : ["", ""];

  beforeAll(async () => {
    spreadOnes = await createTestDatabase();
    server = connect(citus!, { max: 1 });
    for (const role of ["owner", "app"])
      await server.unsafe(`create role ${name}_${role} login password '${password}'`);
    await server.unsafe(`create database ${name} owner ${name}_owner`);
    await prepareDatabase(ownerUrl, `${name}_app`);
    [admin, owner, app] = [connect(at(), { max: 1 }), connect(ownerUrl, { max: 1 }), connect(appUrl, { max: 2 })];
    for (let number = 0; number < 20; number++) await fill(owner);
  });
  afterAll(async () => {
    for (const client of [admin, owner, app]) await client.end();
    await server.unsafe(`drop database ${name} with (force)`);
    for (const role of ["owner", "app"]) await server.unsafe(`drop role ${name}_${role}`);
    await server.end();
    await spreadOnes.drop();
  });

  async function fill(sql: Sql): Promise<{ run: string; project: string }> {
    const [run, project, axis] = [uuidv7(), uuidv7(), uuidv7()];
    await sql`insert into projects (id, slug, name) values (${project}, ${project}, 'Signs')`;
    await sql`insert into runs (id, project_id, name, status, config, creation_hash, created_by)
      values (${run}, ${project}, 'a', 'running', '{}', ${Buffer.from([1])}, 'x')`;
    await sql`insert into attempts (run_id, number, environment) values (${run}, 1, '{}')`;
    await sql`insert into writers (run_id, id, number, attempt) values (${run}, ${uuidv7()}, 1, 1)`;
    for (let sequence = 1; sequence <= 3; sequence++)
      await sql`insert into batches (run_id, writer, sequence, points, hash, data)
        values (${run}, 1, ${sequence}, 1, ${Buffer.from([2])}, ${Buffer.alloc(500, sequence)})`;
    await sql`insert into batch_hashes (run_id, writer, block, hashes) values (${run}, 1, 0, ${Buffer.from([3])})`;
    await sql`insert into axes (run_id, id, data) values (${run}, ${axis}, ${Buffer.from([4])})`;
    await sql`insert into chunks (run_id, series, level, step_first, step_last, entries, axis, data)
      values (${run}, 1, 0, 0, 1, 2, ${axis}, ${Buffer.from([5])})`;
    return { run, project };
  }

  async function contents(): Promise<Record<string, string[]>> {
    const rows = spreadTables.map(async (table) => [
      table,
      (await owner.unsafe(`select t::text as row from "${table}" t`)).map(({ row }) => row as string).sort(),
    ]);
    return Object.fromEntries(await Promise.all(rows));
  }

  const shards = () => admin<{ name: string; table: string }[]>`
    select shard_name as name, table_name::text as "table" from citus_shards order by 1`;

  test("one database is laid out when all that is needed is there, with what it holds, and again without a change", async () => {
    await expect(distributeDatabase(ownerUrl)).rejects.toThrow(/create extension citus/);
    await admin`create extension citus`;
    await expect(distributeDatabase(ownerUrl)).rejects.toThrow(/citus_set_coordinator_host/);
    await admin`select citus_set_coordinator_host(${node()[0]}, ${node()[1]})`;
    await expect(distributeDatabase(ownerUrl)).rejects.toThrow(/shouldhaveshards/);
    await admin`select citus_set_node_property(${node()[0]}, ${node()[1]}, 'shouldhaveshards', true)`;
    await expect(distributeDatabase(appUrl)).rejects.toThrow(/doesn't own the table/);
    expect(await arePointsSpread(ownerUrl)).toBe(false);
    const before = await contents();
    expect(before.batches).toHaveLength(60);
    const said: string[] = [];
    expect(await distributeDatabase(ownerUrl, (line) => said.push(line))).toEqual({
      spread: spreadTables.length,
      were: 0,
    });
    expect(said).toHaveLength(spreadTables.length);
    expect(await contents()).toEqual(before);
    expect(await arePointsSpread(ownerUrl)).toBe(true);
    const places = await shards();
    expect(await distributeDatabase(ownerUrl)).toEqual({ spread: 0, were: spreadTables.length });
    expect(await shards()).toEqual(places);
    expect(new Set(places.map(({ table }) => table))).toEqual(new Set(spreadTables));
  });

  test("a start, and with it the migrations, finds such a database as it is", async () => {
    await prepareDatabase(ownerUrl, `${name}_app`);
    expect(await arePointsSpread(ownerUrl)).toBe(true);
  });

  test("a migration reaches the nodes", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "holdout-migrations-"));
    try {
      cpSync("drizzle", path.join(folder, "drizzle"), { recursive: true });
      const file = path.join(folder, "drizzle", "meta", "_journal.json");
      const journal = JSON.parse(readFileSync(file, "utf8")) as { entries: object[] };
      const added = [
        'alter table "chunks" add column "later" integer default 7 not null',
        'create index concurrently "chunks_later" on "chunks" ("run_id", "later")',
      ];
      for (const [at, text] of added.entries()) {
        const tag = `999${at}_later`;
        journal.entries.push({ idx: journal.entries.length, version: "7", when: 4e12 + at, tag, breakpoints: true });
        writeFileSync(path.join(folder, "drizzle", `${tag}.sql`), text);
      }
      writeFileSync(file, JSON.stringify(journal));
      await prepareDatabase(ownerUrl, `${name}_app`, folder);
    } finally {
      rmSync(folder, { recursive: true });
    }
    for (const { name: shard } of (await shards()).filter(({ table }) => table === "chunks"))
      expect(
        await admin.unsafe(`
          select 1 from pg_index where indrelid = '${shard}'::regclass and pg_get_indexdef(indexrelid) like '%, later)'`),
      ).toHaveLength(1);
    expect(new Set((await app`select later from chunks`).map(({ later }) => later as number))).toEqual(new Set([7]));
  });

  test("rows of a run lie on one node, and more than one part holds rows", async () => {
    const held = await Promise.all(
      (await shards())
        .filter(({ table }) => table === "batches")
        .map(async (shard) => (await admin.unsafe(`select distinct run_id from ${shard.name}`)).length),
    );
    expect(held.reduce((sum, runs) => sum + runs, 0)).toBe(20);
    expect(held.filter((runs) => runs > 0).length).toBeGreaterThan(1);
  });

  test("a batch of a writer that isn't there is refused, and one is stored once", async () => {
    const { run } = await fill(owner);
    const insert = (writer: number) => app`
      insert into batches (run_id, writer, sequence, points, hash, data)
      values (${run}, ${writer}, 1, 1, ${Buffer.from([2])}, ${Buffer.from([2])})`;
    await expect(insert(2)).rejects.toThrow(/batches_of_writer/);
    await expect(insert(1)).rejects.toThrow(/batches_once/);
  });

  test("the points of a run go with it, and no others", async () => {
    const { run } = await fill(owner);
    const others = Object.values(await contents())
      .flat()
      .filter((row) => !row.includes(run));
    await app`delete from runs where id = ${run}`;
    expect(Object.values(await contents()).flat()).toEqual(others);
  });

  test("the app's role may do on a node's own part what it may in the whole, and no more", async () => {
    const [shard] = (await shards()).filter(({ table }) => table === "chunks");
    const onNode = connect(appUrl, { max: 1, connection: { "citus.enable_manual_changes_to_shards": "on" } as object });
    try {
      expect(await onNode.unsafe(`select count(*)::int as rows from ${shard!.name}`)).toHaveLength(1);
      for (const statement of [
        `truncate ${shard!.name}`,
        `drop table ${shard!.name}`,
        `alter table ${shard!.name} add x int`,
      ])
        await expect(onNode.unsafe(statement)).rejects.toThrow(/permission denied|must be owner/);
    } finally {
      await onNode.end();
    }
  });

  test("final rows stay on the coordinator, under its guards", async () => {
    await expect(app`delete from manifests`).rejects.toThrow(/permission denied/);
    await expect(app`delete from audit`).rejects.toThrow(/permission denied/);
    expect(
      await admin`select 1 from pg_dist_partition where logicalrelid in ('manifests'::regclass, 'audit'::regclass)`,
    ).toEqual([]);
  });

  test("each database that tests ask for is laid out where the server has Citus", async () => {
    expect(await arePointsSpread(spreadOnes.ownerUrl)).toBe(true);
  });
});
