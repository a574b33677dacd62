/** Facts of the installation. */
import { connections } from "../db/connection.ts";
import type { Actor } from "./access/actor.ts";
import { authorise } from "./access/permissions.ts";
import { blobStore } from "./blobs/blobs.ts";

/** The identity of this installation: the same through restarts and restores. */
export async function readInstance(): Promise<string> {
  const row = await connections().db.query.workspace.findFirst();
  if (!row) throw new Error("the workspace's row is missing: the database has not been prepared (npm start does it)");
  return row.instance;
}

export type WorkspaceFacts = {
  instance: string;
  createdAt: string;
  postgresVersion: string;
  databaseBytes: number;
  /** `bucket`: such as `s3://bucket/prefix`; null: they are in a folder of the server. */
  files: { bucket: string | null; count: number; bytes: number; linksDownloads: boolean };
  /** Whether the app's role can change rows that are meant to be final: it is the owner, or was granted it. */
  appCanChangeFinalRows: boolean;
  appRole: string;
};

/** What the settings page says of the installation. */
export async function readWorkspaceFacts(actor: Actor): Promise<WorkspaceFacts> {
  authorise(actor, "workspace.read");
  const { db, sql } = connections();
  const { place } = blobStore();
  const row = await db.query.workspace.findFirst();
  const [server] = await sql<{ version: string; bytes: string; role: string; weak: boolean }[]>`
    select current_setting('server_version') as version, pg_database_size(current_database()) as bytes,
      current_user as role, has_table_privilege('audit', 'update') or has_table_privilege('audit', 'truncate') as weak`;
  const [stored] = await sql<{ count: string; bytes: string }[]>`
    select count(*) as count, coalesce(sum(size_bytes), 0) as bytes from blobs`;
  if (!row || !server || !stored) throw new Error("the database has not been prepared (npm start does it)");
  return {
    instance: row.instance,
    createdAt: row.createdAt.toISOString(),
    postgresVersion: server.version,
    databaseBytes: Number(server.bytes),
    files: {
      bucket: place.startsWith("s3://") ? place : null,
      count: Number(stored.count),
      bytes: Number(stored.bytes),
      linksDownloads: row.linksDownloads,
    },
    appCanChangeFinalRows: server.weak,
    appRole: server.role,
  };
}
