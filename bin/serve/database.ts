/** The database of a start: the embedded server's or the one that DATABASE_URL names, migrated. */
import { connect } from "../../db/connection.ts";
import { startEmbedded } from "../../db/embedded/embedded.ts";
import { prepareDatabase } from "../../db/migrate.ts";
import { Refusal } from "../../db/refusal.ts";
import { root } from "../../db/root.ts";
import type { Settings } from "./settings.ts";

export type OpenDatabase = {
  ownerUrl: string;
  /** The role that the app logs in as; the owner's where there is one role only. */
  appUrl: string;
  /** The installation's id. */
  instance: string;
  stop: () => Promise<void>;
};

/** Starts or reaches the database and migrates it. Only the holder of the folder's lock may call this. */
export async function openDatabase(
  settings: Settings,
  say: (line: string) => void,
  onLost: (error: Error) => void,
): Promise<OpenDatabase> {
  const server = settings.databaseUrl
    ? await reachServer(settings.databaseUrl, settings.databaseAppUrl)
    : await startEmbedded({ folder: settings.dataDir, say, onLost });
  try {
    const role = server.appUrl === server.ownerUrl ? null : decodeURIComponent(new URL(server.appUrl).username);
    await prepareDatabase(server.ownerUrl, role, root);
    return { ...server, instance: await readInstance(server.ownerUrl) };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** Leaves the app's process the role that it logs in as, and no other. */
export function setDatabaseVariables({ ownerUrl, appUrl }: Pick<OpenDatabase, "ownerUrl" | "appUrl">): void {
  delete process.env.DATABASE_URL;
  delete process.env.DATABASE_APP_URL;
  if (ownerUrl === appUrl) process.env.DATABASE_URL = ownerUrl;
  else process.env.DATABASE_APP_URL = appUrl;
}

async function reachServer(databaseUrl: string, appUrl: string | null) {
  const owner = await whoIsThere("DATABASE_URL", databaseUrl);
  const app = appUrl ? await whoIsThere("DATABASE_APP_URL", appUrl) : owner;
  if (app.database !== owner.database)
    throw new Refusal("DATABASE_APP_URL and DATABASE_URL name two databases; they are two roles of one");
  return {
    ownerUrl: databaseUrl,
    appUrl: app.role === owner.role ? databaseUrl : (appUrl ?? databaseUrl),
    stop: async () => {},
  };
}

async function whoIsThere(name: string, url: string): Promise<{ database: string; role: string }> {
  const client = connect(url, { max: 1, connect_timeout: 10 });
  try {
    const [row] = await client<{ database: string; role: string }[]>`
      select current_database() as database, current_user as role`;
    if (!row) throw new Error("no answer");
    return row;
  } catch (cause) {
    const { host, pathname } = new URL(url);
    throw new Refusal(`${name}: the database ${pathname.slice(1)} on ${host} can't be opened: ${reason(cause)}`, {
      cause,
    });
  } finally {
    await client.end({ timeout: 5 });
  }
}

function reason(cause: unknown): string {
  const { message, code } = cause as Error & { code?: string };
  return message || code || String(cause);
}

async function readInstance(ownerUrl: string): Promise<string> {
  const client = connect(ownerUrl, { max: 1 });
  try {
    const [row] = await client<{ instance: string }[]>`select instance from workspace`;
    if (!row) throw new Error("The workspace has no row");
    return row.instance;
  } finally {
    await client.end({ timeout: 5 });
  }
}
