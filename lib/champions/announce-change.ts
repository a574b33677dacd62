/** Tells a project's webhooks that a manifest has another champion. Never a number of an evaluation, nor what people wrote. */
import { eq } from "drizzle-orm";
import type { Executor } from "../../db/connection.ts";
import { projects } from "../../db/schema/projects.ts";
import { origin } from "../origin.ts";
import { announce } from "../webhooks/webhooks.ts";
import { championsOf, readClaims } from "./history.ts";
import type { RulePlace } from "./rules.ts";

/** Does `work` and, where the champion is another afterwards, has that sent; all in the caller's transaction. */
export async function announcingChange(tx: Executor, place: RulePlace, work: () => Promise<void>): Promise<void> {
  const { projectId, manifestId } = place;
  const read = async () => championsOf(await readClaims({ projectId, manifestId }, tx))[0]?.claim ?? null;
  const before = await read();
  await work();
  const now = await read();
  if (now?.id === before?.id) return;
  const [project] = await tx.select().from(projects).where(eq(projects.id, projectId));
  await announce(tx, projectId, {
    event: "champion.changed",
    at: new Date().toISOString(),
    project: { id: projectId, slug: project!.slug },
    manifest: manifestId,
    champion: now && { claim: now.id, number: now.number, run: now.runId, checkpoint: now.checkpointSha256 },
    before: before && { claim: before.id, number: before.number, run: before.runId },
    url: `${origin()}/projects/${encodeURIComponent(project!.slug)}/champion?manifest=${manifestId}`,
  });
}
