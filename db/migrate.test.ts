/** What a database of an earlier version becomes. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { v7 as uuidv7 } from "uuid";
import { afterEach, beforeEach, expect, test } from "vitest";
import { connect } from "./connection.ts";
import { prepareDatabase } from "./migrate.ts";
import { createTestDatabase, type TestDatabase } from "./test-database.ts";

let database: TestDatabase;
let sql: ReturnType<typeof connect>;
let folder: string;

beforeEach(async () => {
  database = await createTestDatabase();
  sql = connect(database.ownerUrl, { max: 1 });
  folder = mkdtempSync(path.join(tmpdir(), "holdout-migrations-"));
});
afterEach(async () => {
  await sql.end();
  await database.drop();
  rmSync(folder, { recursive: true });
});

/** A version before this one knew no Citus. */
const spread = Boolean(process.env.HOLDOUT_TEST_CITUS);

/** The database as the version left it whose last migration was `tag`. */
async function goBackTo(tag: string): Promise<void> {
  await sql`drop schema public cascade`;
  await sql`drop schema drizzle cascade`;
  await sql`create schema public`;
  cpSync("drizzle", path.join(folder, "drizzle"), { recursive: true });
  const file = path.join(folder, "drizzle", "meta", "_journal.json");
  const journal = JSON.parse(readFileSync(file, "utf8")) as { entries: { tag: string }[] };
  const last = journal.entries.findIndex((entry) => entry.tag === tag);
  writeFileSync(file, JSON.stringify({ ...journal, entries: journal.entries.slice(0, last + 1) }));
  await prepareDatabase(database.ownerUrl, null, folder);
}

const [alpha, beta, used, unused] = [uuidv7(), uuidv7(), uuidv7(), uuidv7()];

async function fillEarlierVersion(): Promise<{ tokens: string[]; link: string }> {
  const [byMember, byCommand, link] = [uuidv7(), uuidv7(), uuidv7()];
  for (const [id, slug] of [[alpha, "alpha"] as const, [beta, "beta"] as const])
    await sql`insert into projects (id, slug, name) values (${id}, ${slug}, ${slug})`;
  await sql`insert into datasets (id, name, version) values (${used}, 'cats', '1'), (${unused}, 'dogs', '1')`;
  await sql`insert into manifests (id, dataset_id, train_digest, validation_digest, test_digest, train_count, validation_count, test_count)
    values ('m', ${used}, 'a', 'b', 'c', 1, 1, 1)`;
  for (const project of [alpha, beta])
    await sql`insert into manifest_registrations (project_id, manifest_id, name, method, notes, header_digest, created_by)
      values (${project}, 'm', 'm', 'given', '', 'h', 'somebody')`;
  for (const [id, by] of [[byMember, "Ann"] as const, [byCommand, null] as const])
    await sql`insert into tokens (id, project_id, name, scope, secret_hash, hint, created_by)
      values (${id}, ${alpha}, 'a machine', 'read', ${Buffer.from(id)}, 'hold_', ${by})`;
  await sql`insert into links (id, secret_hash, purpose, role, created_by, expires_at)
    values (${link}, 'l', 'invitation', 'admin', 'Ann', now())`;
  for (const [action, subject] of [
    ["token.create", `token:${byMember}`] as const,
    ["link.create", `link:${link}`] as const,
  ])
    await sql`insert into audit (id, actor, actor_name, action, subject, detail)
      values (${uuidv7()}, 'member:ann', 'Ann', ${action}, ${subject}, '{}')`;
  return { tokens: [byMember, byCommand], link };
}

test.skipIf(spread)(
  "datasets go to the projects that registered manifests of them, and one that none did to no project",
  async () => {
    await goBackTo("0010_order_runs_alive_by_duration");
    await fillEarlierVersion();
    await prepareDatabase(database.ownerUrl, null);
    const given = await sql`select project_id, dataset_id, name, version from project_datasets order by project_id`;
    expect(given).toEqual(
      [alpha, beta].map((id) => ({ project_id: id, dataset_id: used, name: "cats", version: "1" })),
    );
    const registered = await sql`select distinct dataset_id from manifest_registrations`;
    expect(registered).toEqual([{ dataset_id: used }]);
    await expect(sql`update manifest_registrations set notes = 'other'`).rejects.toMatchObject({ code: "42501" });
  },
);

test.skipIf(spread)("tokens and invitations that a member made are known by the member's id", async () => {
  await goBackTo("0010_order_runs_alive_by_duration");
  const { tokens, link } = await fillEarlierVersion();
  await prepareDatabase(database.ownerUrl, null);
  const owners = await sql`select owner_id from tokens order by array_position(${tokens}::uuid[], id)`;
  expect(owners).toEqual([{ owner_id: "ann" }, { owner_id: null }]);
  expect(await sql`select created_by_id from links where id = ${link}`).toEqual([{ created_by_id: "ann" }]);
});

/** A checkout that brings one migration more, of these statements. */
function newerCheckout(sql: string): { when: number } {
  cpSync("drizzle", path.join(folder, "drizzle"), { recursive: true });
  const file = path.join(folder, "drizzle", "meta", "_journal.json");
  const journal = JSON.parse(readFileSync(file, "utf8")) as { entries: { when: number; tag: string; idx: number }[] };
  const when = journal.entries.at(-1)!.when + 1000;
  journal.entries.push({ ...journal.entries.at(-1)!, idx: 9999, when, tag: "9999_newer" });
  writeFileSync(file, JSON.stringify(journal));
  writeFileSync(path.join(folder, "drizzle", "9999_newer.sql"), sql);
  return { when };
}

test("a server of before starts on a schema that a newer one only added to, and changes nothing there", async () => {
  newerCheckout("create table later (id int); grant select on later to public;");
  await prepareDatabase(database.ownerUrl, null, folder);
  const app = decodeURIComponent(new URL(database.appUrl).username);
  await prepareDatabase(database.ownerUrl, app);
  const [may] = await sql`select has_table_privilege(${app}, 'later', 'insert') as insert`;
  expect(may).toEqual({ insert: false });
});

test("a server of before is refused where a newer one says that it can't work there any more", async () => {
  const { when } = newerCheckout("create table later (id int);");
  await prepareDatabase(database.ownerUrl, null, folder);
  await sql`update workspace set servers_since = ${when}`;
  await expect(prepareDatabase(database.ownerUrl, null)).rejects.toThrow(
    /schema is newer than this version of Holdout. Start the version that last used it/,
  );
  await prepareDatabase(database.ownerUrl, null, folder);
});

test("a migration waits a second at most for a lock, lets requests pass meanwhile, and comes when it is free", async () => {
  newerCheckout("alter table projects add column later int;");
  const reader = connect(database.ownerUrl, { max: 1 });
  const visitor = connect(database.ownerUrl, { max: 1 });
  let migrated = false;
  let longest = 0;
  const migration = await reader.begin(async (tx) => {
    await tx`select count(*) from projects`;
    const begun = prepareDatabase(database.ownerUrl, null, folder).then(() => {
      migrated = true;
    });
    // who asks for the table stands behind the migration in its queue
    const until = performance.now() + 4000;
    while (performance.now() < until) {
      const askedAt = performance.now();
      await visitor`select count(*) from projects`;
      longest = Math.max(longest, performance.now() - askedAt);
    }
    expect(migrated).toBe(false);
    return { begun };
  });
  await migration.begun;
  await Promise.all([reader.end(), visitor.end()]);
  expect(longest).toBeGreaterThan(500);
  expect(longest).toBeLessThan(2000);
  expect(await sql`select later from projects`).toEqual([]);
});

test("an index that is made beside writes is there after it was cut off once", async () => {
  newerCheckout("create index concurrently later on projects (name);");
  await sql`insert into projects (id, slug, name) values (${alpha}, 'alpha', 'same'), (${beta}, 'beta', 'same')`;
  await expect(sql`create unique index concurrently later on projects (name)`).rejects.toThrow(
    /could not create unique index/,
  );
  await prepareDatabase(database.ownerUrl, null, folder);
  expect(await sql`select indisvalid, indisunique from pg_index where indexrelid = 'later'::regclass`).toEqual([
    { indisvalid: true, indisunique: false },
  ]);
});
