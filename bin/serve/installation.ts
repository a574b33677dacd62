/** The database of an installation for a command that is done soon: the running server's, or one started briefly. */
import { readEmbeddedUrls } from "../../db/embedded/embedded.ts";
import { Refusal } from "../../db/refusal.ts";
import { type DatabaseUrls, openDatabase, urlsOf } from "./database.ts";
import { findHolder, type Lock, takeLock } from "./lock.ts";
import { makeDataDir, type Settings } from "./settings.ts";

export type Installation = DatabaseUrls & {
  /** Where the page is, or will be. */
  url: string;
  /** Whether a server runs on this data folder. */
  running: boolean;
  close: () => Promise<void>;
};

/** Reaches the database, beside a running server or without one. `close` leaves things as they were. */
export async function openInstallation(settings: Settings): Promise<Installation> {
  makeDataDir(settings.dataDir);
  const lock = await takeLock(settings.dataDir, settings.url);
  if ("release" in lock) return openAlone(settings, lock);
  const holder = findHolder(settings.dataDir);
  if (!holder?.instance) throw new Refusal("Holdout is being started or stopped; try again when it has.");
  const urls = settings.databaseUrl
    ? urlsOf(settings, settings.databaseUrl)
    : { ...readEmbeddedUrls(settings.dataDir), directUrl: null };
  return { ...urls, url: holder.url, running: true, close: async () => {} };
}

/** The same where no server may run meanwhile. Throws a `Refusal` where one does on this data folder. */
export async function openStopped(settings: Settings): Promise<Installation> {
  makeDataDir(settings.dataDir);
  const lock = await takeLock(settings.dataDir, settings.url);
  if ("pid" in lock)
    throw new Refusal(`Holdout runs (process ${lock.pid}): stop it first, and every other server of this database.`);
  return openAlone(settings, lock);
}

/** Holds the data folder's lock meanwhile, so that no server starts in between. */
export async function openAlone(settings: Settings, lock: Lock): Promise<Installation> {
  const say = (line: string) => console.error(line);
  const onLost = (error: Error) => {
    console.error(error.message);
    process.exit(1);
  };
  try {
    const database = await openDatabase(settings, say, onLost);
    const close = async () => {
      await database.stop();
      lock.release();
    };
    const { ownerUrl, appUrl, directUrl } = database;
    return { ownerUrl, appUrl, directUrl, url: settings.url, running: false, close };
  } catch (error) {
    lock.release();
    throw error;
  }
}
