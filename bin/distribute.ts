/** npm run distribute: lays the database's tables out over the nodes of Citus, while no server runs. */
import { distributeDatabase } from "../db/distribution/distribute.ts";
import { Refusal } from "../db/refusal.ts";
import { runCommand } from "./serve/command.ts";
import { openAlone } from "./serve/installation.ts";
import { takeLock } from "./serve/lock.ts";
import { makeDataDir, readSettings } from "./serve/settings.ts";

await runCommand(async () => {
  const settings = readSettings();
  if (!settings.databaseUrl)
    throw new Refusal(
      "The embedded PostgreSQL has no Citus. DATABASE_URL names the coordinator of a server that has it.",
    );
  makeDataDir(settings.dataDir);
  const lock = await takeLock(settings.dataDir, settings.url);
  if ("pid" in lock)
    throw new Refusal(`Holdout runs (process ${lock.pid}): stop it first, and every other server of this database.`);
  const installation = await openAlone(settings, lock);
  try {
    const laid = await distributeDatabase(installation.ownerUrl, (line) => console.log(line));
    console.log(`${laid.spread} tables were spread over the nodes by run; ${laid.were} were before.`);
  } finally {
    await installation.close();
  }
});
