/** Playwright's global setup: a server for each worker, which `serverHere` finds. */
import type { FullConfig } from "@playwright/test";
import { type App, startApp } from "../bin/servers/app.ts";

/** A server that specs share: where it is, its process and the first admin's one-time link. */
export type SharedServer = { url: string; pid: number; link: string };

export default async function setup({ workers }: FullConfig): Promise<() => Promise<void>> {
  const apps: App[] = [];
  // one after the other: the first makes the build where that is stale
  for (let worker = 0; worker < workers; worker++) apps.push(await startApp());
  const servers = apps.map(({ url, pid, link }): SharedServer => ({ url, pid, link: link ?? "" }));
  process.env.HOLDOUT_E2E_SERVERS = JSON.stringify(servers);
  return async () => void (await Promise.all(apps.map((app) => app.stop())));
}

/** The server of this worker's specs; none where specs are only listed. */
export const serverHere = (): SharedServer | undefined =>
  (JSON.parse(process.env.HOLDOUT_E2E_SERVERS ?? "[]") as SharedServer[])[Number(process.env.TEST_PARALLEL_INDEX)];
