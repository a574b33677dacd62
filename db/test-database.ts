/** Databases for tests: each migrated, of its own, and dropped in the end. Nothing else on the server is touched. */
import { randomBytes } from "node:crypto";
import { connect } from "./connection.ts";
import { distributeDatabase } from "./distribution/distribute.ts";
import { prepareDatabase } from "./migrate.ts";

export type TestDatabase = { ownerUrl: string; appUrl: string; drop: () => Promise<void> };

/** What the processes of one test run share, through the environment. */
type TestServer = { adminUrl: string; prefix: string; password: string };
const VARIABLE = "HOLDOUT_TEST_SERVER";

/**
 * Makes a migrated template and two roles on the server that `adminUrl` names (its user may create databases and
 * roles), for `createTestDatabase` in this process and those that it starts. The answer drops everything that was
 * made since.
 */
export async function prepareTestServer(adminUrl: string): Promise<() => Promise<void>> {
  const prefix = `holdout_test_${randomBytes(5).toString("hex")}`;
  const server: TestServer = { adminUrl, prefix, password: randomBytes(24).toString("base64url") };
  const admin = connect(adminUrl, { max: 1 });
  const dropAll = () => dropEverything(server);
  try {
    for (const role of [ownerOf(server), appOf(server)])
      await admin.unsafe(`create role ${role} login password '${server.password}'`);
    // from PostgreSQL 16 on, who makes a role isn't a member of it
    await admin.unsafe(`grant ${ownerOf(server)} to current_user`);
    await admin.unsafe(`create database ${prefix} owner ${ownerOf(server)}`);
    await prepareDatabase(urlOf(server, ownerOf(server), prefix), appOf(server));
  } catch (error) {
    await dropAll();
    throw error;
  } finally {
    await admin.end({ timeout: 5 });
  }
  process.env[VARIABLE] = JSON.stringify(server);
  return dropAll;
}

/**
 * Distributes the template of `prepareTestServer` over the one node that the server itself is: Citus has to be loaded there, and
 * `trust` whom comes from its own address.
 */
export async function distributeTemplate(): Promise<void> {
  const server = JSON.parse(process.env[VARIABLE]!) as TestServer;
  const template = new URL(server.adminUrl);
  template.pathname = `/${server.prefix}`;
  const admin = connect(template.toString(), { max: 1 });
  try {
    await admin`create extension citus`;
    const port = Number(template.port || 5432);
    await admin`select citus_set_coordinator_host(${template.hostname}, ${port})`;
    await admin`select citus_set_node_property(${template.hostname}, ${port}, 'shouldhaveshards', true)`;
    await distributeDatabase(urlOf(server, ownerOf(server), server.prefix));
  } finally {
    await admin.end({ timeout: 5 });
  }
  // a template that anybody is connected to isn't copied, and Citus keeps a process at each database that is used
  await asAdmin(
    server,
    `alter database ${server.prefix} with allow_connections false`,
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${server.prefix}'`,
  );
}

/**
 * Makes a migrated, empty database named `holdout_test_<random>` with an owner, who is no superuser, and the app's role.
 * Needs `prepareTestServer` before, which Vitest's global setup calls.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const variable = process.env[VARIABLE];
  if (!variable) throw new Error(`${VARIABLE} is not set: run the tests through Vitest or npm test`);
  const server = JSON.parse(variable) as TestServer;
  const name = `${server.prefix}_${randomBytes(5).toString("hex")}`;
  // as files: of a template that nothing writes to, a copy through the log takes twice as long
  const made = `create database ${name} template ${server.prefix} owner ${ownerOf(server)} strategy file_copy`;
  // a template hands on everything but what was granted on the database itself
  await asAdmin(server, made, `revoke temporary on database ${name} from public`);
  return {
    ownerUrl: urlOf(server, ownerOf(server), name),
    appUrl: urlOf(server, appOf(server), name),
    drop: () => asAdmin(server, `drop database if exists ${name} with (force)`),
  };
}

const ownerOf = (server: TestServer) => `${server.prefix}_owner`;
const appOf = (server: TestServer) => `${server.prefix}_app`;

function urlOf(server: TestServer, role: string, database: string): string {
  const url = new URL(server.adminUrl);
  url.username = role;
  url.password = server.password;
  url.pathname = `/${database}`;
  return url.toString();
}

async function asAdmin(server: TestServer, ...statements: string[]): Promise<void> {
  const admin = connect(server.adminUrl, { max: 1 });
  try {
    for (const statement of statements) await admin.unsafe(statement);
  } finally {
    await admin.end({ timeout: 5 });
  }
}

async function dropEverything(server: TestServer): Promise<void> {
  const admin = connect(server.adminUrl, { max: 1 });
  try {
    const mine = await admin<{ name: string }[]>`
      select datname as name from pg_database where starts_with(datname, ${server.prefix})`;
    for (const { name } of mine) await admin.unsafe(`drop database if exists ${name} with (force)`);
    for (const role of [ownerOf(server), appOf(server)]) await admin.unsafe(`drop role if exists ${role}`);
  } finally {
    await admin.end({ timeout: 5 });
  }
}
