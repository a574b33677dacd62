/** Lays a database's tables out over the nodes of a distributed PostgreSQL (Citus), once; what is there already stays. */
import { getTableName, is } from "drizzle-orm";
import { getTableConfig, PgTable } from "drizzle-orm/pg-core";
import type { Sql } from "postgres";
import { connect } from "../connection.ts";
import { locks } from "../locks.ts";
import { Refusal } from "../refusal.ts";
import { tables } from "../schema/tables.ts";
import { localTables, type Spread, spreadTables } from "./layout.ts";

/** What this layout was tried with. */
const CITUS_MAJOR_MIN = 13;

export type Laid = { spread: number; copied: number; were: number };

/**
 * Lays out every table of the migrated database that `ownerUrl` names, with what it holds; no server is at work meanwhile. Each table by
 * itself: what was cut off is done by the next call, and done twice it changes nothing. Throws a Refusal where it can't be.
 */
export async function distributeDatabase(ownerUrl: string, say: (line: string) => void = () => {}): Promise<Laid> {
  const client = connect(ownerUrl, { max: 1, max_lifetime: null });
  try {
    await requireCitus(client);
    await client`select pg_advisory_lock(${locks.distribution})`;
    return await layOut(client, say);
  } finally {
    await client.end({ timeout: 5 });
  }
}

/** Whether the tables of the database are laid out over nodes. */
export async function isDistributed(client: Sql): Promise<boolean> {
  const [found] = await client<{ there: boolean }[]>`select to_regclass('pg_catalog.pg_dist_partition') is not null as there`;
  if (!found?.there) return false;
  const [runs] = await client`select 1 from pg_dist_partition where logicalrelid = to_regclass('public.runs') and partmethod = 'h'`;
  return runs !== undefined;
}

async function requireCitus(client: Sql): Promise<void> {
  const [server] = await client<{ offered: string | null; made: string | null; role: string }[]>`
    select (select default_version from pg_available_extensions where name = 'citus') as offered,
      (select extversion from pg_extension where extname = 'citus') as made, current_user as role`;
  if (!server?.made)
    throw new Refusal(
      server?.offered
        ? "The database has no Citus. As a superuser, in this database:  create extension citus"
        : "The server has no Citus (https://docs.citusdata.com): its tables stay on one machine.",
    );
  if (Number.parseInt(server.made, 10) < CITUS_MAJOR_MIN)
    throw new Refusal(`Citus ${server.made} is too old: ${CITUS_MAJOR_MIN} or later is needed.`);
  const [nodes] = await client<{ holding: number; coordinators: number }[]>`
    select count(*) filter (where shouldhaveshards)::int as holding, count(*) filter (where groupid = 0)::int as coordinators
    from pg_dist_node where isactive and noderole = 'primary'`;
  if (!nodes?.coordinators)
    throw new Refusal(
      "Citus doesn't know its coordinator. As a superuser:  select citus_set_coordinator_host('HOST', PORT)",
    );
  if (!nodes.holding)
    throw new Refusal(
      "No node of Citus takes rows. As a superuser:  select citus_add_node('HOST', PORT), " +
        "or let the coordinator take them:  select citus_set_node_property('HOST', PORT, 'shouldhaveshards', true)",
    );
  const strangers = await client<{ name: string }[]>`
    select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
      and relname in ${client(allTables().map(getTableName))} and not pg_has_role(relowner, 'usage')`;
  if (strangers.length > 0)
    throw new Refusal(
      `${server.role} doesn't own the tables (${strangers[0]!.name}): DATABASE_URL has to name the role that does.`,
    );
}

const allTables = (): PgTable[] => Object.values(tables as Record<string, unknown>).filter((one) => is(one, PgTable));

async function layOut(client: Sql, say: (line: string) => void): Promise<Laid> {
  // triggers that guard final rows go along to the nodes; a role may say so of its own session
  await client`select set_config('citus.enable_unsafe_triggers', 'on', false)`;
  const there = new Set(
    (
      await client<{ name: string }[]>`
        select relname as name from pg_dist_partition join pg_class on oid = logicalrelid
        where relnamespace = 'public'::regnamespace and (partmethod = 'h' or repmodel = 't')`
    ).map(({ name }) => name),
  );
  const copied = allTables()
    .map(getTableName)
    .filter((name) => !spreadTables.has(name) && !localTables.has(name));
  const open = [...copied, ...spreadTables.keys()].filter((name) => !there.has(name));
  if (open.length > 0) await dropReferences(client, new Set(open));
  await dropPurgesOfProjects(client);
  for (const [at, name] of open.entries()) {
    const place = spreadTables.get(name);
    await layTable(client, name, place);
    say(`${at + 1} of ${open.length}: ${name} ${place ? `by ${place.kind}` : "on every node"}`);
  }
  await addReferences(client);
  const were = copied.length + spreadTables.size - open.length;
  return { spread: open.filter((name) => spreadTables.has(name)).length, copied: open.filter((name) => !spreadTables.has(name)).length, were };
}

/** The first table of each kind, which the others of it lie with. */
const firstOf = (kind: string): string => [...spreadTables].find(([, place]) => place.kind === kind)![0];

async function layTable(client: Sql, name: string, place: Spread | undefined): Promise<void> {
  if (!place) {
    await client`select create_reference_table(${name})`;
    return;
  }
  const first = firstOf(place.kind);
  await client`
    select create_distributed_table(${name}, ${place.column}, colocate_with => ${first === name ? "none" : first})`;
}

type Reference = { name: string; table: string; statement: string };

/** The foreign keys that the schema says. */
function references(): Reference[] {
  const quoted = (names: string[]) => names.map((name) => `"${name}"`).join(", ");
  return allTables().flatMap((table) =>
    getTableConfig(table).foreignKeys.map((key) => {
      const { columns, foreignTable, foreignColumns } = key.reference();
      const names = [columns, foreignColumns].map((list) => quoted(list.map((column) => column.name)));
      const onDelete = key.onDelete ? ` on delete ${key.onDelete}` : "";
      return {
        name: key.getName(),
        table: getTableName(table),
        statement: `alter table "${getTableName(table)}" add constraint "${key.getName()}" foreign key (${names[0]})
          references "${getTableName(foreignTable)}" (${names[1]})${onDelete}`,
      };
    }),
  );
}

async function listReferences(client: Sql): Promise<{ name: string; table: string; target: string }[]> {
  return client`
    select conname as name, c.relname as "table", t.relname as target
    from pg_constraint join pg_class c on c.oid = conrelid join pg_class t on t.oid = confrelid
    where contype = 'f' and c.relnamespace = 'public'::regnamespace`;
}

/** A foreign key between a table that lies otherwise and one that is still to be laid out is refused by Citus: it comes back afterwards. */
async function dropReferences(client: Sql, open: Set<string>): Promise<void> {
  const known = new Set(references().map(({ table, name }) => `${table} ${name}`));
  const found = (await listReferences(client)).filter(({ table, target }) => open.has(table) || open.has(target));
  const unknown = found.find(({ table, name }) => !known.has(`${table} ${name}`));
  if (unknown)
    throw new Refusal(`The foreign key ${unknown.name} of ${unknown.table} is none of Holdout's; nothing was changed.`);
  await client.begin(async (tx) => {
    for (const { table, name } of found) await tx`alter table ${tx(table)} drop constraint ${tx(name)}`;
  });
}

async function addReferences(client: Sql): Promise<void> {
  const there = new Set((await listReferences(client)).map(({ table, name }) => `${table} ${name}`));
  for (const { table, name, statement } of references())
    if (!there.has(`${table} ${name}`)) await client.unsafe(statement);
}

/** `purge_project` does what these do: on a node that holds a copy of the projects they could reach no other node. */
async function dropPurgesOfProjects(client: Sql): Promise<void> {
  for (const kind of ["reviews", "loops", "referee_splits", "imported_records"])
    await client.unsafe(`drop trigger if exists ${kind}_go_first on projects`);
}
