/** What both parts of the demo share: projects by name, and trainers with a token of their own. */
import { type ChildProcess, spawn } from "node:child_process";
import { constants, setPriority } from "node:os";
import path from "node:path";
import { root } from "../../db/root.ts";
import type { ProjectCreate } from "../../lib/wire/projects.ts";
import type { Settings } from "../serve/settings.ts";

/** The project of that name, made at the first start. */
export async function demoProject(wanted: Pick<ProjectCreate, "name" | "description">) {
  const { listProjects, createProject } = await import("../../lib/projects/projects.ts");
  const { systemActor } = await import("../../lib/access/actor.ts");
  const found = (await listProjects(systemActor)).find(({ name }) => name === wanted.name);
  if (found) return found;
  return createProject(systemActor, { ...wanted, primaryMetric: "accuracy", primaryDirection: "max" });
}

/** What a trainer of the demo is told of its server. A token's secret is kept nowhere: each start has its own. */
export async function trainerEnvironment(
  settings: Pick<Settings, "url" | "dataDir">,
  projectId: string,
  { name, scope }: { name: string; scope: "ingest" | "evaluate" },
): Promise<NodeJS.ProcessEnv> {
  const { createToken, listTokens, revokeToken } = await import("../../lib/access/tokens.ts");
  const { systemActor } = await import("../../lib/access/actor.ts");
  for (const old of await listTokens(systemActor, projectId))
    if (old.name === name && !old.revokedAt) await revokeToken(systemActor, old.id);
  const { secret } = await createToken(systemActor, projectId, { name, scope });
  const { DATABASE_URL: _owner, DATABASE_APP_URL: _app, HOLDOUT_SECRET: _secret, ...environment } = process.env;
  return {
    ...environment,
    HOLDOUT_URL: settings.url,
    HOLDOUT_TOKEN: secret,
    HOLDOUT_SPOOL_DIR: path.join(settings.dataDir, "spool"),
  };
}

/** Starts a command of the trainer. Where cores are few, pages come before training; what it starts has its priority. */
export function startTrainer(env: NodeJS.ProcessEnv, args: string[], out: "inherit" | "ignore"): ChildProcess {
  const trainer = spawn(process.execPath, ["--import", "tsx", "trainer/src/main.ts", ...args], {
    cwd: root,
    env,
    stdio: ["ignore", out, "inherit"],
  });
  if (trainer.pid !== undefined) setPriority(trainer.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  return trainer;
}
