/** A start, from the lock on the data folder to a page that answers. */
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setFlagsFromString } from "node:v8";
import { closeConnections } from "../../db/connection.ts";
import { newestMigration, TOO_OLD } from "../../db/versions.ts";
import { isJsonLog, takeConsole } from "../../lib/log.ts";
import { buildIfStale, isBuilt } from "./build.ts";
import { type OpenDatabase, openDatabase, setDatabaseVariables } from "./database.ts";
import { openFiles, requireFiles } from "./files.ts";
import { answersAs, type Holder, takeLock } from "./lock.ts";
import { exposureWarning, makeDataDir, readSettings, type Settings } from "./settings.ts";
import { claimFiles } from "./shared/files-id.ts";
import { holdSecret } from "./shared/secret.ts";
import { handleSignals, type Shutdown } from "./shutdown.ts";
import { watchStanding } from "./standing.ts";
import { startJobs, startUpkeep } from "./threads.ts";
import { startTraces } from "./traces.ts";
import { openWeb } from "./web.ts";

const say = (line: string) => console.log(line);

// collected at twice what it holds, instead of four times: what requests leave behind is PostgreSQL's to cache pages in
setFlagsFromString("--heap-growing-percent=100");

/**
 * Starts everything, prints the address and, while nobody is an admin, a sign-in link, then runs `andThen`. What was
 * started ends in reverse with Ctrl-C, and the process with 0. Where Holdout runs already says so and returns.
 */
export async function launch(
  { dev }: { dev: boolean },
  andThen: (settings: Settings, shutdown: Shutdown) => Promise<void> = async () => {},
): Promise<void> {
  const settings = readSettings();
  takeConsole();
  makeDataDir(settings.dataDir);
  const lock = await takeLock(settings.dataDir, settings.url);
  if ("pid" in lock) return sayWhoRuns(lock, settings);
  const shutdown = handleSignals();
  shutdown.onStop(async () => lock.release());
  try {
    const { step, onStop } = shutdown;
    onStop(await startTraces());
    const web = await step(() => openWeb(settings));
    onStop(web.stop);
    say("Starting the database …");
    await step(async () => {
      const database = await openDatabase(settings, say, shutdown.fail);
      onStop(database.stop);
      onStop(closeConnections);
      // stopped first: the page goes before its connections, and they before the database
      onStop(web.stop);
      const files = openFiles(settings);
      await requireFiles(files);
      await claimFiles(database.ownerUrl, files);
      setEnvironment(settings, dev, database);
      onStop(await holdSecret(process.env.HOLDOUT_SECRET!));
      lock.write(database.instance);
    });
    const isWorker = settings.role === "worker";
    if (!dev && !isWorker) await step(() => buildIfStale(say, shutdown.signal));
    const endWork = settings.role === "web" ? async () => {} : startWork(!dev && (!isWorker || isBuilt()));
    onStop(endWork);
    watchStanding(() => {
      say(`Stopped: ${TOO_OLD}.`);
      web.refuseAll(TOO_OLD);
      void endWork();
    });
    if (isWorker) web.serveHealth();
    else await step(() => web.serve(dev));
    await step(() => sayWhereItIs(settings));
    shutdown.serving();
    await andThen(settings, shutdown);
  } catch (error) {
    if (!shutdown.signal.aborted) shutdown.fail(error);
  }
}

/** Starts the threads beside the requests. Returns what stops them. */
function startWork(isBuilt: boolean): () => Promise<void> {
  const stops = [startUpkeep(isBuilt), startJobs(isBuilt)];
  return async () => void (await Promise.all(stops.map((stop) => stop())));
}

async function sayWhoRuns(holder: Holder, { dataDir }: Settings): Promise<void> {
  const who = `(process ${holder.pid}, data in ${dataDir})`;
  if (await answersAs(holder)) return say(`Holdout already runs at ${holder.url} ${who}.`);
  say(`Holdout is being started or stopped already, and doesn't answer yet at ${holder.url} ${who}.`);
}

/** What is wrong with sign-in by a provider, which nobody else waits for. */
async function sayHowProviderStands(): Promise<void> {
  const { readProvider } = await import("../../lib/access/provider/settings.ts");
  const { provider, fault } = readProvider();
  if (fault) say(`Warning: ${fault} Sign-in by password goes on.`);
  if (!provider) return;
  const { reachProvider } = await import("../../lib/access/provider/exchange.ts");
  const unreached = (error: Error) =>
    say(
      `Warning: ${provider.issuer} (HOLDOUT_OIDC_ISSUER) can't be reached, or isn't the issuer that it says (${String(error.cause)}). It is asked again when somebody signs in by it; sign-in by password goes on.`,
    );
  void reachProvider(provider).catch(unreached);
}

function setEnvironment(settings: Settings, dev: boolean, database: OpenDatabase): void {
  setDatabaseVariables(database);
  Object.assign(process.env, {
    NODE_ENV: dev ? "development" : "production",
    NEXT_TELEMETRY_DISABLED: "1",
    HOLDOUT_SCHEMA: String(newestMigration()),
    HOLDOUT_DISTRIBUTED: database.distributed ? "yes" : "no",
    HOLDOUT_URL: settings.url,
    HOLDOUT_DATA_DIR: settings.dataDir,
    HOLDOUT_SECRET: process.env.HOLDOUT_SECRET || secretIn(settings.dataDir),
  });
}

/** Signs sessions; the same from start to start, or everybody would be signed out. */
export function secretIn(dataDir: string): string {
  const file = path.join(dataDir, "secret");
  if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString("base64url"), { mode: 0o600, flag: "wx" });
  return readFileSync(file, "utf8").trim();
}

async function sayWhereItIs(settings: Settings): Promise<void> {
  if (settings.role === "worker")
    return say(`Holdout works here, and answers /api/health alone at port ${settings.port}. Ctrl-C stops everything.`);
  const { createFirstAdminLink } = await import("../../lib/access/links.ts");
  const link = await createFirstAdminLink();
  say(`Holdout runs at ${settings.url}`);
  // a log is kept, and read by many: the link is for who sits at the terminal
  if (link && isJsonLog()) say("There is no admin yet:  npm run sign-in-link -- --email you@example.org  makes a link");
  else if (link) {
    say(`Sign in as the first admin (once, within 15 minutes): ${link}`);
    say("Another such link:  npm run sign-in-link -- --email you@example.org");
  }
  const warning = exposureWarning(settings);
  if (warning) say(warning);
  await sayHowProviderStands();
  const { place } = openFiles(settings);
  const elsewhere = place.startsWith("s3://") ? `, files in ${place}` : "";
  say(`Data in ${settings.dataDir}${elsewhere}. Ctrl-C stops everything.`);
}
