/** What the acts of the demo have: servers, a project there with a token, and a browser's session. */
import { randomBytes } from "node:crypto";
import type { Place } from "../../../servers/known-points.ts";
import type { Servers } from "../../../servers/servers.ts";
import type { Shutdown } from "../../serve/shutdown.ts";
import { demoProject, trainerEnvironment } from "../trainer.ts";

const PROJECT = "Several servers";
const ABOUT = "What was logged here came in by two web servers, which were killed in turns meanwhile.";
const LOOKER = { email: "looker@demo.invalid", name: "Browser of the demo" };

/** A line of what was shown. */
export type Shown = { words: string; isSo: boolean };

export type Stage = {
  servers: Servers;
  place: Place & { projectId: string; slug: string };
  /** What a trainer is told of the balancer. */
  environment: NodeJS.ProcessEnv;
  /** The header of a member's browser. */
  cookie: string;
  shutdown: Shutdown;
};

/** Makes the project. From here on this process's own calls of lib reach the database, past any pooler. */
export async function openStage(servers: Servers, shutdown: Shutdown): Promise<Stage> {
  const { url, dataDir, secret, direct } = servers;
  Object.assign(process.env, {
    DATABASE_APP_URL: direct.DATABASE_APP_URL,
    HOLDOUT_DATA_DIR: dataDir,
    HOLDOUT_SECRET: secret,
    HOLDOUT_URL: url,
  });
  for (const name of ["DATABASE_URL", "DATABASE_DIRECT_URL"]) delete process.env[name];
  const { id, slug } = await demoProject({ name: PROJECT, description: ABOUT });
  const token = { name: "trainers of the demo", scope: "ingest" } as const;
  const environment = await trainerEnvironment({ url, dataDir }, id, token);
  const place = { url, token: environment.HOLDOUT_TOKEN!, projectId: id, slug };
  return { servers, place, environment, cookie: await signIn(), shutdown };
}

async function signIn(): Promise<string> {
  const { systemActor } = await import("../../../lib/access/actor.ts");
  const { createInvitation } = await import("../../../lib/access/links.ts");
  const { spendLink } = await import("../../../lib/access/sign-in.ts");
  const { url } = await createInvitation(systemActor, { email: LOOKER.email, role: "member" });
  const member = { ...LOOKER, secret: new URL(url).hash.slice(1), password: randomBytes(24).toString("base64url") };
  const { setCookies } = await spendLink(member, new Headers());
  return setCookies.map((cookie) => cookie.split(";", 1)[0]).join("; ");
}
