/** npm run sign-in-link -- --email you@example.org: a one-time link for a member, or for the first admin. */
import { parseArgs } from "node:util";
import { closeConnections } from "../db/connection.ts";
import { Refusal } from "../db/refusal.ts";
import { runCommand } from "./serve/command.ts";
import { setDatabaseVariables } from "./serve/database.ts";
import { openInstallation } from "./serve/installation.ts";
import { readSettings } from "./serve/settings.ts";

const usage = "npm run sign-in-link -- --email you@example.org";

await runCommand(async () => {
  const { values } = parseArgs({ options: { email: { type: "string" } } });
  const { email } = values;
  if (!email) throw new Refusal(`Whose link? Say  ${usage}`);
  const installation = await openInstallation(readSettings());
  setDatabaseVariables(installation);
  process.env.HOLDOUT_URL = installation.url;
  try {
    await printLink(email, installation.running);
  } finally {
    await closeConnections();
    await installation.close();
  }
});

async function printLink(email: string, running: boolean): Promise<void> {
  const { createFirstAdminLink, createSignInLink } = await import("../lib/access/links.ts");
  const { ProblemError } = await import("../lib/problem.ts");
  const first = await createFirstAdminLink();
  try {
    console.log(first ?? (await createSignInLink(email)));
  } catch (error) {
    if (error instanceof ProblemError) throw new Refusal(error.message, { cause: error });
    throw error;
  }
  console.error(
    `Valid once, within 15 minutes${first ? ", for the first admin" : ""}.${running ? "" : " Holdout isn't running: npm start"}`,
  );
}
