/** What the environment says about where Holdout runs, checked once. */
import { createHash } from "node:crypto";
import { accessSync, chmodSync, constants, existsSync, mkdirSync, readFileSync, realpathSync } from "node:fs";
import path from "node:path";
import { parseEnv } from "node:util";
import { Refusal } from "../../db/refusal.ts";
import { root } from "../../db/root.ts";
import { FILES_PLACES, parseBucketPlace } from "../../lib/blobs/place.ts";

/** What a server does: `web` answers requests, `worker` does jobs, upkeep and what is due by the clock, `all` both. */
export type Role = (typeof roles)[number];
const roles = ["all", "web", "worker"] as const;

export type Settings = {
  role: Role;
  host: string;
  port: number;
  /** How many proxies stand in front, whose word of a client's address is believed. */
  proxies: number;
  /** The one origin: for cookies, links, and checks of Host and Origin. */
  url: string;
  dataDir: string;
  /** The server that the environment names; null: the embedded one. */
  databaseUrl: string | null;
  /** The same database as a role without DDL; null: there is one role only. */
  databaseAppUrl: string | null;
  /** The same database as its owner, past the pooler that the two above go through; null: they go through none. */
  databaseDirectUrl: string | null;
};

/**
 * Reads `.env` (or the file that HOLDOUT_ENV_FILE names; empty: none), which changes nothing that the environment has
 * already, and checks what is set. Throws a Refusal that names the variable.
 */
export function readSettings(): Settings {
  const file = path.resolve(root, process.env.HOLDOUT_ENV_FILE ?? ".env");
  if (process.env.HOLDOUT_ENV_FILE !== "" && existsSync(file))
    for (const [name, value] of Object.entries(parseEnv(readFileSync(file, "utf8")))) process.env[name] ??= value;
  // Next's own sign that .env was read: it would bring back what setDatabaseVariables took away
  process.env.__NEXT_PROCESSED_ENV = "1";
  const { HOST: host = "127.0.0.1", PORT = "3000", HOLDOUT_DATA_DIR } = present(process.env);
  const { HOLDOUT_LOG = "text" } = present(process.env);
  if (!["text", "json"].includes(HOLDOUT_LOG))
    throw new Refusal(`HOLDOUT_LOG is ${HOLDOUT_LOG}; text or json is right`);
  const port = Number(PORT);
  if (!/^\d+$/.test(PORT) || port < 1 || port > 65535)
    throw new Refusal(`PORT is ${PORT}; a number from 1 to 65535 is right`);
  const url = originOf(present(process.env).HOLDOUT_URL ?? defaultUrl(host, port));
  const reached = Number(new URL(url).port);
  if (blockedPorts.has(reached))
    throw new Refusal(
      `${reached === port ? "PORT" : "HOLDOUT_URL"} has port ${reached}, which browsers and trainers refuse to reach; choose another, such as 3000`,
    );
  const { DATABASE_URL: databaseUrl = null, DATABASE_APP_URL: databaseAppUrl = null } = present(process.env);
  const { DATABASE_DIRECT_URL: databaseDirectUrl = null } = present(process.env);
  const urls = {
    DATABASE_URL: databaseUrl,
    DATABASE_APP_URL: databaseAppUrl,
    DATABASE_DIRECT_URL: databaseDirectUrl,
  };
  for (const [name, value] of Object.entries(urls)) checkDatabaseUrl(name, value);
  checkFiles(present(process.env));
  if (databaseAppUrl && !databaseUrl)
    throw new Refusal("DATABASE_APP_URL is set without DATABASE_URL, which names the same database as its owner");
  if (databaseDirectUrl && !databaseUrl)
    throw new Refusal(
      "DATABASE_DIRECT_URL is set without DATABASE_URL, which names the same database through the pooler",
    );
  return {
    role: roleOf(present(process.env).HOLDOUT_ROLE),
    host,
    port,
    proxies: proxiesOf(present(process.env).HOLDOUT_PROXIES),
    url,
    dataDir: HOLDOUT_DATA_DIR ? path.resolve(root, HOLDOUT_DATA_DIR) : defaultDataDir(),
    databaseUrl,
    databaseAppUrl,
    databaseDirectUrl,
  };
}

function roleOf(given = "all"): Role {
  const role = roles.find((one) => one === given);
  if (!role) throw new Refusal(`HOLDOUT_ROLE is ${given}; ${roles.join(", ")} are right`);
  return role;
}

/** Ports of other protocols, which `fetch` refuses by the Fetch standard ("bad port"): in browsers and in Node. */
const blockedPorts = new Set([
  1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110,
  111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532,
  540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061,
  6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
]);

function proxiesOf(given = "0"): number {
  if (!/^\d{1,2}$/.test(given))
    throw new Refusal(`HOLDOUT_PROXIES is ${given}; the number of proxies in front is right, such as 1`);
  return Number(given);
}

/** An empty variable counts as none. */
function present(environment: NodeJS.ProcessEnv): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
}

/** As root a folder that PostgreSQL's own user can reach, wherever the checkout lies; else one in the checkout. */
function defaultDataDir(): string {
  if (process.getuid?.() !== 0) return path.join(root, ".holdout");
  const checkout = createHash("sha256").update(realpathSync(root)).digest("hex").slice(0, 12);
  return path.join("/var/lib/holdout", checkout);
}

/**
 * Makes the data folder where it is missing; its parents stay passable, for PostgreSQL's user as root. Throws a Refusal
 * where this user can't write there.
 */
export function makeDataDir(dataDir: string): void {
  try {
    const parent = path.dirname(dataDir);
    const made = mkdirSync(parent, { recursive: true });
    for (let at = parent; made && at.length >= made.length; at = path.dirname(at)) chmodSync(at, 0o755);
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new Refusal(
      `The data folder ${dataDir} can't be used (${code}): set HOLDOUT_DATA_DIR to one that you can write`,
      {
        cause,
      },
    );
  }
}

function defaultUrl(host: string, port: number): string {
  const anywhere = host === "0.0.0.0" || host === "::";
  return `http://${anywhere ? "localhost" : host.includes(":") ? `[${host}]` : host}:${port}`;
}

function originOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.pathname !== "/" || url.search || url.hash || url.username)
    throw new Refusal(
      `HOLDOUT_URL is ${text}; an origin is right, such as https://holdout.example.org, without a path`,
    );
  return url.origin;
}

/** The bucket of files; where there is none, they are in the data folder. */
function checkFiles({ HOLDOUT_FILES: files, HOLDOUT_S3_PATH_STYLE: style = "1" }: Record<string, string | undefined>) {
  if (files !== undefined && parseBucketPlace(files) === null)
    throw new Refusal(`HOLDOUT_FILES is ${files}; ${FILES_PLACES}, or nothing for a folder of the data folder`);
  if (style !== "0" && style !== "1")
    throw new Refusal(
      `HOLDOUT_S3_PATH_STYLE is ${style}; 1 (the bucket in the path) or 0 (in the host's name) is right`,
    );
}

function checkDatabaseUrl(name: string, value: string | null): void {
  if (value === null) return;
  const url = URL.canParse(value) ? new URL(value) : null;
  // the value isn't repeated: it holds a password
  if (!url || !/^postgres(ql)?:$/.test(url.protocol) || url.pathname.length < 2)
    throw new Refusal(`${name} is not of the form postgres://user:password@host:5432/database`);
}

/** The line that somebody should read who serves beyond this machine without encryption; null: all is well. */
export function exposureWarning({ host, url }: Settings): string | null {
  const loopback = /^(127\.\d+\.\d+\.\d+|::1|localhost)$/.test(host);
  if (loopback || url.startsWith("https://")) return null;
  return (
    `Warning: HOST=${host} lets other machines in, and ${url} is not encrypted: passwords and tokens can be read on the ` +
    "way. Put a proxy with TLS in front and set HOLDOUT_URL to its https address."
  );
}
