/** Final rows stay, whatever a session of the app's role says: it may hold any SQL that a fault in the app let in. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { connect } from "../db/connection.ts";
import { newManifest } from "./manifests/test-manifest.ts";
import { fillInstallation } from "./test-installation.ts";
import { newProject, prepareWorkspace } from "./test-workspace.ts";

const workspace = prepareWorkspace();
let owner: ReturnType<typeof connect>;
let before: Record<string, Set<string>>;
/** What an attack names: a project, a live manifest and its number, its dataset. */
const target = { project: "", manifest: "", number: 0, dataset: "", datasetNumber: 0, role: "", owner: "" };

/** Rows may be added to these by the app, as acts. */
const grows = ["audit", "looks", "tombstones", "manifests", "manifest_registrations"];
const finalTables = [
  ...["datasets", "dataset_samples", "manifests", "manifest_samples", "manifest_registrations", "manifest_reports"],
  ...["manifest_overrides", "near_pairs", "pair_judgements", "looks", "tombstones", "audit"],
  ...["review_decisions", "comment_edits", "loops", "loop_runs", "rulings", "loop_candidates", "loop_answers"],
  ...["referee_splits", "referee_scores", "imported_records"],
];

beforeAll(async () => {
  const { ownerUrl, appUrl } = workspace.database();
  const { project, manifest } = await fillInstallation(ownerUrl);
  await newManifest(await newProject());
  owner = connect(ownerUrl, { max: 1 });
  const [found] = await owner<{ number: number; dataset: string; datasetNumber: number }[]>`
    select m.number, d.id as dataset, d.number as "datasetNumber"
    from manifests m join datasets d on d.id = m.dataset_id where m.id = ${manifest.id}`;
  const roles = { role: new URL(appUrl).username, owner: new URL(ownerUrl).username };
  Object.assign(target, { project: project.id, manifest: manifest.id, ...roles, ...found });
  before = await finalRows();
});
afterAll(() => owner.end());

async function finalRows(): Promise<Record<string, Set<string>>> {
  const rows: Record<string, Set<string>> = {};
  for (const table of finalTables) {
    const found = await owner<{ row: string }[]>`select t::text as row from ${owner(table)} t`;
    rows[table] = new Set(found.map(({ row }) => row));
  }
  return rows;
}

const temporaryTables = (definer = "public") => `
  create temp table projects as select '${target.project}'::uuid as id, now() as deleted_at;
  create temp table runs (project_id uuid); create temp table manifest_overrides (project_id uuid);
  create temp table audit as select '${target.project}'::uuid as project_id, 'project.purge'::text as action;
  create temp table project_datasets (project_id uuid, dataset_id uuid);
  create temp table manifest_registrations as select '${target.project}'::uuid as project_id, '${target.manifest}'::text as manifest_id;
  grant all on projects, runs, audit, manifest_overrides, project_datasets, manifest_registrations to ${definer}`;
const late = () => `insert into public.manifest_samples (manifest_number, key, split, content_hash)
  values (${target.number}, 'late', 'train', '\\x00')`;

/** Statements of one session each; one that fails doesn't keep the next from being tried. */
const attacks: Record<string, () => string[]> = {
  "temporary tables under the names that a purge reads": () => [
    temporaryTables(),
    `select purge_project('${target.project}')`,
    "insert into manifest_reports (manifest_id, verdict, checks) " +
      `values ('${target.manifest}', 'pass', '[]') on conflict (manifest_id) do update set verdict = 'pass'`,
  ],
  "a temporary table of manifests, so that a sample comes late": () => [
    `create temp table manifests as select ${target.number}::int as number`,
    late(),
    "set search_path = pg_temp, public",
    late(),
  ],
  "a temporary table of datasets, so that a complete one takes a sample": () => [
    `create temp table datasets as select ${target.datasetNumber}::int as number, null::timestamptz as completed_at`,
    `insert into public.dataset_samples (dataset_number, key, content_hash) values (${target.datasetNumber}, 'late', '\\x00')`,
  ],
  "a schema, or functions, operators and casts of its own before those of the system": () => [
    "create schema mine",
    "create function public.now() returns timestamptz language sql as 'select pg_catalog.now()'",
    "create function pg_temp.equal(a uuid, b uuid) returns boolean language sql as 'select true'",
    "create operator pg_temp.= (leftarg = uuid, rightarg = uuid, function = pg_temp.equal)",
    "set search_path = pg_temp, pg_catalog, public",
    `select purge_project('${target.project}')`,
    "create cast (uuid as text) with inout as implicit",
    "create type pg_temp.text as enum ('a')",
  ],
  "views and rules over final tables": () => [
    "create temp view doors as select * from public.audit",
    "delete from doors",
    "create view public.doors as select * from public.audit",
    "create rule gone as on insert to public.audit do instead delete from public.looks",
    "create temp table mine (a int); create rule gone as on insert to mine do instead delete from public.audit",
    "insert into mine values (1)",
  ],
  "a purge without its row in the audit": () => [
    `begin; update projects set deleted_at = now(); select purge_project(id) from projects; commit`,
    "rollback",
    "update projects set deleted_at = now()",
    `select purge_project('${target.project}')`,
    `insert into audit (id, actor, actor_name, action, subject, project_id, detail)
       values (gen_random_uuid(), 'system', 'system', 'project.purge', 'project:x', '${target.project}', '{}')`,
    `select purge_project('${target.project}')`,
    "update projects set deleted_at = null",
  ],
  "the setting by which a purge is known": () => [
    "set holdout.purge = 'on'",
    ...finalTables.flatMap((table) => [`delete from ${table}`, `truncate ${table} cascade`]),
    "delete from projects",
    "delete from project_datasets",
    "update projects set id = gen_random_uuid()",
    "reset holdout.purge",
  ],
  "other roles": () => [
    `set role ${target.owner}; delete from audit`,
    `set session authorization ${target.owner}`,
    `grant ${target.owner} to ${target.role}`,
    "set role pg_write_all_data",
    "set role postgres",
    "reset role",
    `alter role ${target.role} superuser`,
    "create role mine login",
    `alter table audit owner to ${target.role}`,
    `reassign owned by ${target.owner} to ${target.role}`,
    `drop owned by ${target.owner}`,
  ],
  "replication's role, settings and triggers": () => [
    "set session_replication_role = replica",
    "set local session_replication_role = replica",
    "alter system set session_replication_role = replica",
    "alter database current set session_replication_role = replica",
    "select set_config('session_replication_role', 'replica', false)",
    "alter table audit disable trigger all",
    "drop trigger rows_are_final on audit",
    "create trigger mine before insert on audit for each row execute function refuse_change()",
    "alter function refuse_change() owner to current_user",
    "create or replace function public.refuse_change() returns trigger language plpgsql as 'begin return old; end'",
    "drop function purge_project(uuid) cascade",
    "delete from audit",
  ],
  "common table expressions, merge and conflicts": () => [
    "with gone as (delete from audit returning *) select count(*) from gone",
    "with all_rows as (select * from manifests), gone as (delete from manifests m using all_rows a where a.id = m.id returning 1) select 1",
    "merge into manifest_reports r using manifests m on m.id = r.manifest_id when matched then delete",
    "merge into audit a using (select 1) x on true when matched then update set action = 'nothing'",
    "insert into tombstones select * from tombstones on conflict (id) do update set name = 'other'",
    "insert into manifest_reports select * from manifest_reports on conflict (manifest_id) do update set verdict = 'pass'",
    "select * from audit for update",
    "lock table audit in access exclusive mode",
  ],
  "blocks of code": () => [
    "do $$ begin execute 'delete from audit'; exception when others then null; end $$",
    "do $$ declare t text; begin foreach t in array array['looks','tombstones'] loop execute 'truncate '||t; end loop; end $$",
    "do $$ begin perform set_config('holdout.purge','on',false); delete from manifests; end $$",
    "do language plpython3u $$ plpy.execute('delete from audit') $$",
  ],
  "numbers by which samples are known": () => [
    "update datasets set number = default",
    "delete from datasets",
    "update datasets set completed_at = null",
    "alter sequence manifests_number_seq restart with 1",
    "select setval('datasets_number_seq', 1, false)",
    `insert into manifests overriding system value select * from manifests on conflict do nothing`,
    late(),
  ],
  "transactions that are prepared, and copies": () => [
    `begin; delete from audit; prepare transaction 'mine'`,
    "rollback",
    "commit prepared 'mine'",
    "copy audit from program 'true'",
    "copy (select 1) to '/tmp/holdout-attack'",
    "select lo_import('/etc/passwd')",
    "select pg_read_file('postgresql.conf')",
    "create extension dblink",
    "create publication mine for all tables",
    "create event trigger mine on ddl_command_start execute function refuse_change()",
  ],
  "the shape of the tables": () => [
    ...finalTables.flatMap((table) => [`drop table ${table} cascade`, `alter table ${table} rename to other`]),
    "alter table manifest_samples attach partition runs default",
    "create table public.mine (like audit)",
    "create temp table heir () inherits (public.audit)",
    "alter table audit alter column action type text using 'nothing'",
    "cluster audit using audit_pkey",
    "drop schema public cascade",
    "comment on table audit is 'mine'",
  ],
};

test.each(Object.entries(attacks))("final rows stay under %s", async (_name, statements) => {
  const session = connect(workspace.database().appUrl, { max: 1 });
  try {
    for (const statement of statements()) await session.unsafe(statement).catch(() => {});
  } finally {
    await session.end();
  }
  await expectNothingLost();
});

async function expectNothingLost(): Promise<void> {
  const after = await finalRows();
  for (const table of finalTables) {
    const lost = [...before[table]!].filter((row) => !after[table]!.has(row));
    expect(lost, table).toEqual([]);
    if (!grows.includes(table)) expect(after[table]!.size, table).toBe(before[table]!.size);
  }
}

test("the app's role makes no temporary table", async () => {
  const session = connect(workspace.database().appUrl, { max: 1 });
  await expect(session`create temp table mine (a int)`).rejects.toMatchObject({ code: "42501" });
  await session.end();
});

test("the guards hold where a role may make temporary tables", async () => {
  const [database] = await owner<{ name: string }[]>`select current_database() as name`;
  await owner`grant temporary on database ${owner(database!.name)} to ${owner(target.role)}`;
  for (const statements of Object.values(attacks)) {
    const session = connect(workspace.database().appUrl, { max: 1 });
    for (const statement of statements()) await session.unsafe(statement).catch(() => {});
    await session.end();
  }
  await owner`revoke temporary on database ${owner(database!.name)} from ${owner(target.role)}`;
  await expectNothingLost();
});

test("every function that runs as its owner, and every trigger's, names where it looks", async () => {
  const functions = await owner<{ name: string; config: string[] | null }[]>`
    select p.proname as name, p.proconfig as config from pg_proc p
    where p.pronamespace = 'public'::regnamespace and (p.prosecdef or p.prorettype = 'trigger'::regtype)`;
  expect(functions.length).toBeGreaterThan(4);
  for (const { name, config } of functions) expect(config, name).toEqual(["search_path=pg_catalog, public, pg_temp"]);
});

test("no reference removes a final row along with another: it would be done as the owner", async () => {
  const cascades = await owner`
    select conname from pg_constraint
    where contype = 'f' and conrelid::regclass::text in ${owner(finalTables)} and confdeltype not in ('a', 'r')`;
  expect([...cascades]).toEqual([]);
});
