/**
 * The embedded PostgreSQL: real server programs out of npm, on a Unix socket in a 0700 folder, on no TCP port, with
 * random passwords. What lies in its folder:
 *   owner-password, app-password   0600
 *   postgres/                      0700, as root the user postgres's: data/, run/ (the socket), programs-…/, postgres.log
 */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { connect } from "../connection.ts";
import { Refusal } from "../refusal.ts";
import { type Account, accountForPostgres, checkReach, ownFolder } from "./account.ts";
import { type Binaries, installBinaries } from "./binaries.ts";
import { type Cluster, serverEnvironment, superviseServer } from "./server.ts";
import { socketFolderFor } from "./socket.ts";

export const OWNER_ROLE = "holdout_owner";
export const APP_ROLE = "holdout_app";
export const DATABASE = "holdout";

export type EmbeddedOptions = {
  /** Where it keeps everything; made where missing. */
  folder: string;
  /** Told, a line at a time, what somebody at the terminal should know. */
  say?: (line: string) => void;
  /** Told when the server is gone for good: it ended, and so did those started in its place. */
  onLost?: (error: Error) => void;
  /** False, for tests alone, where nobody needs the data once the server ends: it waits for no disk. */
  isDurable?: boolean;
};
export type Embedded = { ownerUrl: string; appUrl: string; stop: () => Promise<void> };

/**
 * Starts the server on `folder`, whatever an earlier start that was killed left there, and returns once it answers.
 * The database and both roles exist then; migrating is the caller's. Only one process at a time may do this on a
 * folder: the caller holds a lock. Throws with the server's last words where it doesn't come up.
 */
export async function startEmbedded({
  folder,
  say = () => {},
  onLost = raise,
  isDurable = true,
}: EmbeddedOptions): Promise<Embedded> {
  if (process.platform === "win32")
    throw new Refusal("The embedded PostgreSQL needs Unix sockets: on Windows use WSL, or set DATABASE_URL");
  const account = accountForPostgres(say);
  const serverFolder = prepareFolder(folder, account);
  const binaries = installBinaries(serverFolder, account);
  const cluster: Cluster = {
    account,
    postgres: binaries.postgres,
    data: path.join(serverFolder, "data"),
    log: path.join(serverFolder, "postgres.log"),
    socketFolder: socketFolderFor(serverFolder, account),
    isDurable,
  };
  const urls = embeddedUrls(folder, cluster.socketFolder);
  if (!existsSync(cluster.data)) await initialise(cluster, binaries, urls.ownerPassword);
  refuseOtherMajor(cluster.data, binaries.major);
  const server = await superviseServer(cluster, urls.maintenanceUrl, say, onLost);
  try {
    await createDatabaseAndRole(urls.maintenanceUrl, urls.appPassword);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return { ownerUrl: urls.ownerUrl, appUrl: urls.appUrl, stop: server.stop };
}

function raise(error: Error): never {
  throw error;
}

function prepareFolder(folder: string, account: Account): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { uid } = lstatSync(folder);
  if (uid !== process.getuid?.())
    throw new Refusal(`${folder} belongs to user ${uid}, not to you: choose another HOLDOUT_DATA_DIR, or chown it`);
  if (account) {
    chownSync(folder, 0, account.gid);
    chmodSync(folder, 0o710);
  }
  checkReach(folder, account);
  const serverFolder = path.join(folder, "postgres");
  ownFolder(serverFolder, account);
  return serverFolder;
}

/** The URLs of the embedded server that runs on `folder`, for another process of the same user. */
export function readEmbeddedUrls(folder: string): { ownerUrl: string; appUrl: string } {
  // PostgreSQL's own note of where it listens: the fifth line
  const socketFolder = readFileSync(path.join(folder, "postgres", "data", "postmaster.pid"), "utf8").split("\n")[4];
  const { ownerUrl, appUrl } = embeddedUrls(folder, socketFolder ?? "");
  return { ownerUrl, appUrl };
}

function embeddedUrls(folder: string, socketFolder: string) {
  const isNew = !existsSync(path.join(folder, "postgres", "data"));
  const ownerPassword = passwordIn(path.join(folder, "owner-password"), isNew);
  const appPassword = passwordIn(path.join(folder, "app-password"), true);
  const url = (role: string, password: string, database: string) =>
    `postgres://${role}:${password}@localhost:5432/${database}?host=${encodeURIComponent(socketFolder)}`;
  return {
    ownerPassword,
    appPassword,
    maintenanceUrl: url(OWNER_ROLE, ownerPassword, "postgres"),
    ownerUrl: url(OWNER_ROLE, ownerPassword, DATABASE),
    appUrl: url(APP_ROLE, appPassword, DATABASE),
  };
}

function passwordIn(file: string, mayCreate: boolean): string {
  if (!existsSync(file)) {
    if (!mayCreate)
      throw new Refusal(
        `${file} is missing, and the database can't be opened without it. Put it back, or restore a backup into a fresh HOLDOUT_DATA_DIR`,
      );
    writeFileSync(file, randomBytes(32).toString("base64url"), { mode: 0o600, flag: "wx" });
  }
  return readFileSync(file, "utf8").trim();
}

/** Into a folder of another name first, so that a start that is killed in the middle leaves no half a cluster. */
async function initialise(cluster: Cluster, binaries: Binaries, password: string): Promise<void> {
  const unfinished = `${cluster.data}.new`;
  const passwordFile = path.join(path.dirname(cluster.data), "initial-password");
  rmSync(unfinished, { recursive: true, force: true });
  rmSync(passwordFile, { force: true });
  try {
    writeFileSync(passwordFile, password, { mode: 0o600, flag: "wx" });
    if (cluster.account) chownSync(passwordFile, cluster.account.uid, cluster.account.gid);
    await run(cluster, binaries.initdb, [
      `--pgdata=${unfinished}`,
      `--username=${OWNER_ROLE}`,
      `--pwfile=${passwordFile}`,
      "--auth=scram-sha-256",
      // PostgreSQL's own C.UTF-8: the same order of text everywhere, whatever locales the system has
      "--encoding=UTF8",
      "--locale=C",
      "--locale-provider=builtin",
      "--builtin-locale=C.UTF-8",
      "--data-checksums",
      "--no-instructions",
      ...(cluster.isDurable ? [] : ["--no-sync"]),
    ]);
    renameSync(unfinished, cluster.data);
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

function run(cluster: Cluster, program: string, args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      ...cluster.account,
      cwd: path.dirname(cluster.data),
      env: serverEnvironment(),
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    child.stdout.on("data", (chunk) => (output += chunk));
    child.stderr.on("data", (chunk) => (output += chunk));
    child.on("error", (cause) => reject(new Refusal(`${program} could not be run: ${cause.message}`, { cause })));
    child.on("close", (code, signal) =>
      code === 0 ? resolve() : reject(new Refusal(`${program} ended with ${code ?? signal}:\n${output.trim()}`)),
    );
  });
}

function refuseOtherMajor(data: string, major: number): void {
  const found = Number(readFileSync(path.join(data, "PG_VERSION"), "utf8").trim());
  if (found !== major)
    throw new Refusal(
      `${data} was made by PostgreSQL ${found}, and this version of Holdout brings ${major}. Start the version of ` +
        "Holdout that made it, run  npm run backup -- holdout.tar  there, then  npm run restore -- holdout.tar  here " +
        "with a fresh HOLDOUT_DATA_DIR.",
    );
}

async function createDatabaseAndRole(maintenanceUrl: string, appPassword: string): Promise<void> {
  const client = connect(maintenanceUrl, { max: 1 });
  try {
    const [role] = await client`select 1 from pg_roles where rolname = ${APP_ROLE}`;
    const [database] = await client`select 1 from pg_database where datname = ${DATABASE}`;
    // the password is ours: letters, digits, - and _
    await client.unsafe(`${role ? "alter" : "create"} role ${APP_ROLE} login password '${appPassword}'`);
    if (!database) await client.unsafe(`create database ${DATABASE}`);
  } finally {
    await client.end({ timeout: 5 });
  }
}
