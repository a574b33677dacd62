/** How a file of a run is downloaded: through this server, or from its bucket by a link that is good for a minute. */
import { eq } from "drizzle-orm";
import { z } from "zod";
import { connections } from "../../db/connection.ts";
import { workspace } from "../../db/schema/projects.ts";
import type { Actor } from "../access/actor.ts";
import { recordAct } from "../access/audit.ts";
import { authorise } from "../access/permissions.ts";
import { requireStill } from "../access/standing.ts";
import { blobStore } from "../blobs/blobs.ts";
import { parse } from "../problem.ts";
import type { Artifact } from "../wire/artifacts.ts";

const ofThis = eq(workspace.id, 1);
const choiceSchema = z.object({ links: z.boolean() });

/** Lets downloads go by links, or through the server again. */
export async function chooseDownloads(actor: Actor, input: unknown): Promise<void> {
  authorise(actor, "workspace.manage");
  const { links } = parse(choiceSchema, input);
  await connections().db.transaction(async (tx) => {
    await requireStill(tx, actor, "workspace.manage");
    const [before] = await tx.select().from(workspace).where(ofThis).for("update");
    if (!before || before.linksDownloads === links) return;
    await tx.update(workspace).set({ linksDownloads: links }).where(ofThis);
    const detail = { from: wordOf(!links), to: wordOf(links) };
    await recordAct(tx, actor, { action: "workspace.downloads", subject: `workspace:${before.instance}`, detail });
  });
}

const wordOf = (links: boolean): string => (links ? "by links" : "through the server");

/**
 * The address of a file that the actor was found to read, under which anybody reads it for a minute; null: it goes through
 * the server, as no admin chose links, or its place gives none. Of artifacts alone: predictions never leave this way.
 */
export async function findDownloadLink(artifact: Artifact, disposition: string): Promise<string | null> {
  const [row] = await connections().db.select({ links: workspace.linksDownloads }).from(workspace).where(ofThis);
  if (!row?.links) return null;
  return blobStore().link(artifact.sha256, { disposition, contentType: artifact.contentType });
}
