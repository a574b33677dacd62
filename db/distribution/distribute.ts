/** Lays a database's tables out over the nodes of a distributed PostgreSQL (Citus), once; what is there already stays. */
import type { Sql, TransactionSql } from "postgres";
import { connect } from "../connection.ts";
import { locks } from "../locks.ts";
import { Refusal } from "../refusal.ts";
import { SPREAD_BY, spreadTables } from "./layout.ts";

/** What this layout was tried with. */
const CITUS_MAJOR_MIN = 13;

export type Laid = {
  /** Tables that were spread now. */
  spread: number;
  /** Those that were before. */
  were: number;
};

/**
 * Lays out the migrated database that `ownerUrl` names, with what it holds, in one transaction; no server is at work meanwhile. Done
 * twice it changes nothing. Throws a Refusal where it can't be.
 */
export async function distributeDatabase(ownerUrl: string, say: (line: string) => void = () => {}): Promise<Laid> {
  const client = connect(ownerUrl, { max: 1, max_lifetime: null });
  try {
    await requireCitus(client);
    await client`select pg_advisory_lock(${locks.distribution})`;
    return (await client.begin((tx) => layOut(tx, say))) as Laid;
  } finally {
    await client.end({ timeout: 5 });
  }
}

/** Whether the points of the database that `url` names are spread over nodes. */
export async function arePointsSpread(url: string): Promise<boolean> {
  const client = connect(url, { max: 1 });
  try {
    return (await listSpread(client)).size > 0;
  } finally {
    await client.end({ timeout: 5 });
  }
}

/** Nobody changes a spread row until the transaction ends; what comes for them waits. */
export async function holdPoints(tx: TransactionSql): Promise<void> {
  await tx.unsafe(`lock table ${spreadTables.join(", ")} in share mode`);
}

async function listSpread(client: Sql | TransactionSql): Promise<Set<string>> {
  const [found] = await client<{ there: boolean }[]>`
    select to_regclass('pg_catalog.pg_dist_partition') is not null as there`;
  if (!found?.there) return new Set();
  const rows = await client<{ name: string }[]>`
    select relname as name from pg_dist_partition join pg_class on oid = logicalrelid
    where relnamespace = 'public'::regnamespace and partmethod = 'h'`;
  return new Set(rows.map(({ name }) => name));
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
  const [stranger] = await client<{ name: string }[]>`
    select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
      and relname in ${client(spreadTables)} and not pg_has_role(relowner, 'usage')`;
  if (stranger)
    throw new Refusal(
      `${server.role} doesn't own the table ${stranger.name}: DATABASE_URL has to name the role that does.`,
    );
}

async function layOut(tx: TransactionSql, say: (line: string) => void): Promise<Laid> {
  const there = await listSpread(tx);
  const open = spreadTables.filter((name) => !there.has(name));
  // what is copied goes to the shards on the connection that made them
  await tx`set local citus.multi_shard_modify_mode to 'sequential'`;
  const kept = open.length > 0 ? await dropReferences(tx) : [];
  for (const [at, name] of open.entries()) {
    const first = spreadTables[0]!;
    await tx`select create_distributed_table(${name}, ${SPREAD_BY}, colocate_with => ${name === first ? "none" : first})`;
    say(`${at + 1} of ${open.length}: ${name}`);
  }
  for (const statement of kept) await tx.unsafe(statement);
  await letPointsGo(tx);
  return { spread: open.length, were: there.size };
}

/**
 * A foreign key from a table that is spread to one that isn't can't be; one between two of them comes back once both are: the
 * statements that make these are returned.
 */
async function dropReferences(tx: TransactionSql): Promise<string[]> {
  const found = await tx<{ name: string; table: string; target: string; definition: string }[]>`
    select conname as name, c.relname as "table", t.relname as target, pg_get_constraintdef(k.oid) as definition
    from pg_constraint k join pg_class c on c.oid = conrelid join pg_class t on t.oid = confrelid
    where contype = 'f' and c.relnamespace = 'public'::regnamespace
      and (c.relname in ${tx(spreadTables)} or t.relname in ${tx(spreadTables)})`;
  const stray = found.find(({ table }) => !spreadTables.includes(table));
  if (stray)
    throw new Refusal(`The foreign key ${stray.name} of ${stray.table} is none of Holdout's; nothing was changed.`);
  for (const { table, name } of found) await tx`alter table ${tx(table)} drop constraint ${tx(name)}`;
  return found
    .filter(({ target }) => spreadTables.includes(target))
    .map(({ table, name, definition }) => `alter table "${table}" add constraint "${name}" ${definition}`);
}

/** What the foreign keys to `runs` did: a run's points go with it. */
async function letPointsGo(tx: TransactionSql): Promise<void> {
  const deletes = [...spreadTables].reverse().map((name) => `delete from "${name}" where ${SPREAD_BY} = old.id;`);
  await tx.unsafe(`
    create or replace function forget_points() returns trigger language plpgsql
    set search_path = pg_catalog, public, pg_temp as $$ begin ${deletes.join(" ")} return old; end $$`);
  await tx.unsafe(`
    create or replace trigger points_go_first before delete on runs for each row execute function forget_points()`);
}
