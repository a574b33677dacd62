/** The database of a start: the embedded server's or the one that DATABASE_URL names, migrated. */
import { asRoleOf, connect, limitStatements } from "../../db/connection.ts";
import { arePointsSpread } from "../../db/distribution/distribute.ts";
import { startEmbedded } from "../../db/embedded/embedded.ts";
import { prepareDatabase } from "../../db/migrate.ts";
import { Refusal } from "../../db/refusal.ts";
import { root } from "../../db/root.ts";
import type { Settings } from "./settings.ts";

export type DatabaseUrls = {
  /** Past any pooler. */
  ownerUrl: string;
  /** The role that the app logs in as; the owner's where there is one role only. */
  appUrl: string;
  /** The same role past the pooler that `appUrl` goes through; null: it goes through none. */
  directUrl: string | null;
};

export type OpenDatabase = DatabaseUrls & {
  /** The installation's id. */
  instance: string;
  /** Whether its points are spread over nodes. */
  distributed: boolean;
  stop: () => Promise<void>;
};

/** Starts or reaches the database and migrates it. Only the holder of the folder's lock may call this. */
export async function openDatabase(
  settings: Settings,
  say: (line: string) => void,
  onLost: (error: Error) => void,
): Promise<OpenDatabase> {
  const server = settings.databaseUrl
    ? await reachServer(settings, settings.databaseUrl)
    : { ...(await startEmbedded({ folder: settings.dataDir, say, onLost })), directUrl: null };
  try {
    await prepareDatabase(server.ownerUrl, decodeURIComponent(new URL(server.appUrl).username), root);
    if (server.directUrl) await limitStatements(server.directUrl);
    return {
      ...server,
      instance: await readInstance(server.ownerUrl),
      distributed: await arePointsSpread(server.ownerUrl),
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** Leaves the app's process the role that it logs in as, and no other. */
export function setDatabaseVariables({ ownerUrl, appUrl, directUrl }: DatabaseUrls): void {
  for (const name of ["DATABASE_URL", "DATABASE_APP_URL", "DATABASE_DIRECT_URL"]) delete process.env[name];
  if (directUrl) process.env.DATABASE_DIRECT_URL = directUrl;
  if (ownerUrl === appUrl) process.env.DATABASE_URL = ownerUrl;
  else process.env.DATABASE_APP_URL = appUrl;
}

/** How the two roles reach the server that the settings name. */
export function urlsOf({ databaseAppUrl, databaseDirectUrl }: Settings, databaseUrl: string): DatabaseUrls {
  const appUrl = databaseAppUrl ?? databaseUrl;
  const directUrl = databaseDirectUrl && asRoleOf(databaseDirectUrl, appUrl);
  return { ownerUrl: databaseDirectUrl ? asRoleOf(databaseDirectUrl, databaseUrl) : databaseUrl, appUrl, directUrl };
}

async function reachServer(settings: Settings, databaseUrl: string) {
  const urls = urlsOf(settings, databaseUrl);
  const owner = await whoIsThere(urls.directUrl ? "DATABASE_DIRECT_URL" : "DATABASE_URL", urls.ownerUrl);
  const app = urls.appUrl === urls.ownerUrl ? owner : await whoIsThere("DATABASE_APP_URL", urls.appUrl);
  const direct = urls.directUrl ? await whoIsThere("DATABASE_DIRECT_URL", urls.directUrl) : app;
  if (app.database !== owner.database || direct.database !== owner.database)
    throw new Refusal("DATABASE_APP_URL and DATABASE_URL name two databases; they are two roles of one");
  return { ...urls, stop: async () => {} };
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
