/** Brings a database to this version's schema, and gives the app's role what it may do. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { drizzle } from "drizzle-orm/postgres-js";
import { migrate } from "drizzle-orm/postgres-js/migrator";
import { v7 as uuidv7 } from "uuid";
import { connect } from "./connection.ts";
import { Refusal } from "./refusal.ts";

const POSTGRES_MAJOR_MIN = 15;
/** Tables whose rows are final: the app's role may add and read. */
const finalTables = [
  ...["dataset_samples", "manifests", "manifest_samples", "manifest_registrations", "manifest_reports"],
  ...["manifest_overrides", "near_pairs", "pair_judgements", "looks", "tombstones", "audit"],
  ...["evaluations", "evaluation_predictions", "evaluation_reports", "label_marks", "evaluation_releases"],
  ...["look_confirmations", "champion_rules", "claims", "sign_offs", "claim_words", "alias_moves", "signing_keys"],
  ...["review_decisions", "comment_edits", "loops", "loop_runs", "rulings", "loop_candidates", "loop_answers"],
  ...["referee_splits", "referee_scores", "imported_records"],
];
/** Any number, the same in every process: migrations of one database take turns. */
const MIGRATION_LOCK = 4_861_700;

type Journal = { entries: { when: number; tag: string }[] };

/**
 * Migrates the database that `ownerUrl` names, and where `appRole` is given lets that role (which exists) use it
 * without DDL, TRUNCATE, or changes to final rows. May be repeated, and run by several processes at once. Throws where
 * the server is older than PostgreSQL 15 or the schema newer than this version.
 */
export async function prepareDatabase(ownerUrl: string, appRole: string | null, root = process.cwd()): Promise<void> {
  const client = connect(ownerUrl, { max: 1 });
  try {
    const [server] = await client<
      { major: number }[]
    >`select current_setting('server_version_num')::int / 10000 as major`;
    if (!server || server.major < POSTGRES_MAJOR_MIN)
      throw new Refusal(`PostgreSQL ${server?.major} is too old: ${POSTGRES_MAJOR_MIN} or later is needed`);
    const folder = path.join(root, "drizzle");
    await client`select pg_advisory_lock(${MIGRATION_LOCK})`;
    await refuseNewerSchema(client, folder);
    await migrate(drizzle(client), { migrationsFolder: folder });
    if (appRole) await grantToApp(client, appRole);
    await client`insert into workspace (id, instance) values (1, ${uuidv7()}) on conflict do nothing`;
  } finally {
    await client.end({ timeout: 5 });
  }
}

async function refuseNewerSchema(client: ReturnType<typeof connect>, folder: string): Promise<void> {
  const [exists] = await client`select to_regclass('drizzle.__drizzle_migrations') is not null as yes`;
  if (!exists?.yes) return;
  const [applied] = await client<{ newest: string | null }[]>`
    select max(created_at) as newest from drizzle.__drizzle_migrations`;
  const journal = JSON.parse(readFileSync(path.join(folder, "meta", "_journal.json"), "utf8")) as Journal;
  const newest = Math.max(...journal.entries.map((entry) => entry.when));
  if (Number(applied?.newest ?? 0) > newest)
    throw new Refusal(
      "The database's schema is newer than this version of Holdout. Start the version that last used it, " +
        "or restore a backup made by this one (npm run restore).",
    );
}

async function grantToApp(client: ReturnType<typeof connect>, appRole: string): Promise<void> {
  await client.begin(async (tx) => {
    const role = tx(appRole);
    await tx`revoke create on schema public from public`;
    await tx`grant usage on schema public to ${role}`;
    await tx`revoke all on all tables in schema public from ${role}`;
    await tx`grant select, insert, update, delete on all tables in schema public to ${role}`;
    for (const table of finalTables) await tx`revoke update, delete on ${tx(table)} from ${role}`;
    await tx`revoke delete on datasets from ${role}`;
    // a temporary table of the same name stands before one of ours, wherever a name is looked up without its schema
    const [database] = await tx<{ name: string }[]>`select current_database() as name`;
    await tx`revoke temporary on database ${tx(database!.name)} from public, ${role}`;
    await tx`grant execute on function purge_project(uuid) to ${role}`;
  });
}
