/** Datasets: named, versioned sets of samples. */
import { and, eq } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import { connections } from "../../db/connection.ts";
import { datasets } from "../../db/schema.ts";
import type { Actor } from "../access/actor.ts";
import { authorise } from "../access/permissions.ts";
import { recordAct } from "../audit/audit.ts";
import { parse } from "../problem.ts";
import { type Dataset, datasetCreateSchema } from "../wire.ts";

/** Registers a dataset version. The same name and version again returns what is there. */
export async function createDataset(actor: Actor, input: unknown): Promise<Dataset> {
  authorise(actor, "manifests.register");
  const given = parse(datasetCreateSchema, input);
  await connections().db.transaction(async (tx) => {
    const [created] = await tx
      .insert(datasets)
      .values({ id: uuidv7(), ...given })
      .onConflictDoNothing()
      .returning();
    const { name, version } = given;
    if (created)
      await recordAct(tx, actor, {
        action: "dataset.create",
        subject: `dataset:${created.id}`,
        detail: { name, version },
      });
  });
  return (await findDataset(given.name, given.version))!;
}

/** A dataset version, or null. */
export async function findDataset(name: string, version: string): Promise<Dataset | null> {
  const [row] = await connections()
    .db.select()
    .from(datasets)
    .where(and(eq(datasets.name, name), eq(datasets.version, version)));
  return row ? { ...row, createdAt: row.createdAt.toISOString() } : null;
}
