/** npm run token -- --workspace --name NAME: a token of the workspace, its secret alone on standard output. */
import { parseArgs } from "node:util";
import { closeConnections } from "../db/connection.ts";
import { Refusal } from "../db/refusal.ts";
import { runCommand } from "./serve/command.ts";
import { setDatabaseVariables } from "./serve/database.ts";
import { openInstallation } from "./serve/installation.ts";
import { readSettings } from "./serve/settings.ts";

const usage = "npm run token -- --workspace --name NAME";

await runCommand(async () => {
  const { values } = parseArgs({ options: { workspace: { type: "boolean" }, name: { type: "string" } } });
  const { workspace, name } = values;
  if (!workspace) throw new Refusal(`A token of which kind? A project's is made in its settings; say  ${usage}`);
  if (!name) throw new Refusal(`What is it called, such as the machine that uses it? Say  ${usage}`);
  const installation = await openInstallation(readSettings());
  setDatabaseVariables(installation);
  process.env.HOLDOUT_URL = installation.url;
  try {
    console.log(await makeToken(name));
  } finally {
    await closeConnections();
    await installation.close();
  }
  console.error("It creates projects and logs to any; an admin revokes it in the settings of the workspace.");
});

/** Whoever runs commands on the server's machine has its database: the act is recorded as the system's. */
async function makeToken(name: string): Promise<string> {
  const { systemActor } = await import("../lib/access/actor.ts");
  const { createWorkspaceToken } = await import("../lib/access/tokens.ts");
  const { ProblemError } = await import("../lib/problem.ts");
  try {
    return (await createWorkspaceToken(systemActor, { name })).secret;
  } catch (error) {
    if (error instanceof ProblemError) throw new Refusal(error.message, { cause: error });
    throw error;
  }
}
