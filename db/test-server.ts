/** Vitest's PostgreSQL: the server that the environment names, else an embedded one for this test run. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { startEmbedded } from "./embedded/embedded.ts";
import { distributeTemplate, prepareTestServer } from "./test-database.ts";

/**
 * Vitest's global setup. HOLDOUT_TEST_POSTGRES or DATABASE_URL names a server whose user may create databases and
 * roles; only databases and roles named `holdout_test_<random>` are made there, and dropped by the function returned.
 * HOLDOUT_TEST_CITUS names one that has Citus, as a superuser of it: then every test database is a distributed one.
 */
export default async function setup(): Promise<() => Promise<void>> {
  const citus = process.env.HOLDOUT_TEST_CITUS;
  const given = citus ?? process.env.HOLDOUT_TEST_POSTGRES ?? process.env.DATABASE_URL;
  const server = given ? { adminUrl: given, stop: async () => {} } : await startTestPostgres();
  const dropAll = await prepareTestServer(server.adminUrl).catch(async (error: unknown) => {
    await server.stop();
    throw error;
  });
  if (citus)
    await distributeTemplate().catch(async (error: unknown) => {
      await dropAll();
      throw error;
    });
  if (citus) process.env.HOLDOUT_DISTRIBUTED = "yes";
  // a test that asks for the app's own connection has to say to which database
  delete process.env.DATABASE_URL;
  delete process.env.DATABASE_APP_URL;
  return async () => {
    await dropAll();
    await server.stop();
  };
}

/** An embedded server in a folder for temporary files, which `stop` removes. */
export async function startTestPostgres(): Promise<{ adminUrl: string; stop: () => Promise<void> }> {
  const folder = await mkdtemp(path.join(tmpdir(), "holdout-test-"));
  const server = await startEmbedded({ folder, isDurable: false });
  const stop = async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return { adminUrl: server.ownerUrl, stop };
}
