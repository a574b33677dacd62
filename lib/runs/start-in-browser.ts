/** A run that a member trains in their browser: made by the server, with a token that logs to it alone. */
import { connections } from "../../db/connection.ts";
import type { MemberActor } from "../access/actor.ts";
import { createRunToken } from "../access/run-tokens.ts";
import { noticeRun } from "../live/notices.ts";
import { parse } from "../problem.ts";
import { type BrowserSettings, browserConfig, browserSettingsSchema } from "./browser-settings.ts";
import { insertRun, prepareRun } from "./new-run.ts";

/** `secret`: of the token, said this once. It ends with the run, and at `expiresAt` at the latest. */
export type BrowserRun = { id: string; name: string; settings: BrowserSettings; secret: string; expiresAt: string };

const metrics = [
  { name: "loss", direction: "min", unit: "nat" },
  { name: "accuracy", direction: "max" },
] as const;

/** Makes the run and its token together. Throws `invalid` with the field where a setting is wrong. */
export async function startInBrowser(member: MemberActor, projectId: string, input: unknown): Promise<BrowserRun> {
  const settings = parse(browserSettingsSchema, input);
  const { optimizer, learningRate, hiddenUnits, seed } = settings;
  const name = `spirals, ${optimizer} ${learningRate}, ${hiddenUnits} units, seed ${seed}`;
  const config = browserConfig(settings);
  const run = await prepareRun(member, { project: projectId, name, config, seed, metrics: [...metrics] });
  const token = await connections().db.transaction(async (tx) => {
    await insertRun(tx, member, run);
    return createRunToken(tx, member, { runId: run.id, projectId });
  });
  noticeRun(run.id);
  return { id: run.id, name, settings, ...token };
}
