/** npm run distribute: lays the database's tables out over the nodes of Citus, while no server runs. */
import { distributeDatabase } from "../db/distribution/distribute.ts";
import { Refusal } from "../db/refusal.ts";
import { runCommand } from "./serve/command.ts";
import { openStopped } from "./serve/installation.ts";
import { readSettings } from "./serve/settings.ts";

await runCommand(async () => {
  const settings = readSettings();
  if (!settings.databaseUrl)
    throw new Refusal(
      "The embedded PostgreSQL has no Citus. DATABASE_URL names the coordinator of a server that has it.",
    );
  const installation = await openStopped(settings);
  try {
    const laid = await distributeDatabase(installation.ownerUrl, (line) => console.log(line));
    console.log(`${laid.spread} tables were spread over the nodes by run; ${laid.were} were before.`);
  } finally {
    await installation.close();
  }
});
