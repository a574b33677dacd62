import { expect, test } from "vitest";
import { faultsOf, isConcurrent } from "./migration-forms.ts";
import { readMigrations } from "./read-migrations.ts";
import { readJournal, SERVERS_SINCE } from "./versions.ts";

const journal = readJournal();
const since = journal.findIndex(({ tag }) => tag === SERVERS_SINCE);
/** Those that run beside servers at work; before them all servers were stopped. */
const beside = readMigrations().filter(
  ({ when }) => when >= journal.find(({ tag }) => tag.endsWith("_servers_of_versions"))!.when,
);

test("the migration that older servers can't live with is one of this version's", () => {
  expect(since).toBeGreaterThanOrEqual(0);
});

test.each(beside)(
  "migration $tag holds no table for long, and stops older servers where they can't go on",
  (migration) => {
    const faults = faultsOf(migration.statements);
    expect(faults.filter((fault) => !fault.breaks)).toEqual([]);
    const isAnnounced = journal.findIndex(({ tag }) => tag === migration.tag) <= since;
    // raise SERVERS_SINCE (db/versions.ts) to this migration, or write it so that older servers go on
    if (!isAnnounced) expect(faults).toEqual([]);
  },
);

const refused = [
  ['create index "a" on "runs" using btree ("x")', /CONCURRENTLY/],
  ["create unique index a on runs (x)", /CONCURRENTLY/],
  ['alter table "runs" add column "x" uuid default gen_random_uuid()', /volatile/],
  ["alter table runs add column x timestamptz default clock_timestamp() not null", /volatile/],
  ["alter table runs add column x bigserial", /computed/],
  ["alter table runs add column x int generated always as (y + 1) stored", /computed/],
  ['alter table "runs" alter column "x" set not null', /NOT VALID/],
  ['alter table "runs" alter column "x" set data type bigint', /another type/],
  ["alter table runs alter column x type bigint", /another type/],
  ["alter table runs add constraint c check (x > 0)", /NOT VALID/],
  ["alter table runs add constraint c foreign key (x) references projects (id)", /NOT VALID/],
  ["alter table runs add constraint c unique (x)", /USING INDEX/],
  ["alter table runs add primary key (x)", /USING INDEX/],
  ["update runs set x = 1", /in pieces/],
  ["/* */ select 1; -- a word\n delete from runs where x", /in pieces/],
  ["vacuum full runs", /anew/],
] as const;
test.each(refused)("%s is refused, with what to write", (statement, why) => {
  const said = faultsOf([statement]).filter((fault) => !fault.breaks);
  expect(said.map((fault) => fault.why).join()).toMatch(why);
});

test.each([
  "create table t (id int primary key, x int); create index i on t (x); alter table t add constraint c check (x > 0)",
  'create table "t" ("id" int);--> statement-breakpoint\nalter table "t" add constraint "f" foreign key ("id") references "public"."runs"("id")',
  "create index concurrently i on runs (x)",
  "alter table runs add column x int",
  "alter table runs add column x int default 0 not null",
  "alter table runs add column x timestamptz default now() not null",
  "alter table runs add constraint c foreign key (x) references projects (id) not valid",
  "alter table runs validate constraint c",
  "alter table runs add constraint c unique using index i",
  "create or replace function f() returns trigger language plpgsql as $$ begin update runs set x = 1; return new; end $$",
])("%s is taken", (text) => {
  expect(faultsOf(text.split("--> statement-breakpoint"))).toEqual([]);
});

test.each([
  "drop table runs",
  "alter table runs drop column x",
  "alter table runs rename column x to y",
  "alter table runs add column x int not null",
  "alter table runs add constraint c check (x > 0) not valid",
  "alter table runs alter column x drop default",
])("%s stops older servers", (statement) => {
  expect(faultsOf([statement]).some((fault) => fault.breaks)).toBe(true);
});

test("a migration with CONCURRENTLY holds such statements alone", () => {
  expect(isConcurrent(["create index concurrently i on runs (x)"])).toBe(true);
  const mixed = ["create index concurrently i on runs (x)", "alter table runs add column x int"];
  expect(isConcurrent(mixed)).toBe(false);
  expect(faultsOf(mixed).map((fault) => fault.why)).toEqual([
    "a migration with CONCURRENTLY holds such statements alone",
  ]);
});
