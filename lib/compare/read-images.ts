/** Pictures that runs which stand side by side logged under keys. */
import { sql } from "drizzle-orm";
import { connections } from "../../db/connection.ts";
import type { Actor } from "../access/actor.ts";
import { authorise } from "../access/permissions.ts";
import { imagePlace } from "../wire/artifacts.ts";

/** A key's pictures: by run its steps in order, each with the path of its file. */
export type ImageKey = { key: string; byRun: Record<string, [step: number, path: string][]> };
export type ComparedImages = {
  /** By name. */
  keys: ImageKey[];
  /** There are more pictures than are listed. */
  isCut: boolean;
};

/** Pictures of all runs together. */
const IMAGES_MAX = 20_000;

export async function readImages(actor: Actor, projectId: string, runIds: string[]): Promise<ComparedImages> {
  authorise(actor, "runs.read", projectId);
  const rows = await connections().db.execute<{ run: string; path: string }>(sql`
    select a.run_id as run, a.path from artifacts a join runs r on r.id = a.run_id
    where a.run_id = any(${sql.param(runIds)}::uuid[]) and r.project_id = ${projectId}
      and a.path >= 'images/' and a.path < 'images0' and a.path like '%.png'
    order by a.path limit ${IMAGES_MAX + 1}`);
  const found = new Map<string, ImageKey>();
  for (const { run, path } of rows.slice(0, IMAGES_MAX)) {
    const place = imagePlace(path);
    if (!place) continue;
    const image = found.get(place.key) ?? { key: place.key, byRun: {} };
    found.set(place.key, image);
    const own = image.byRun[run] ?? [];
    image.byRun[run] = own;
    own.push([place.step, path]);
  }
  for (const { byRun } of found.values()) for (const steps of Object.values(byRun)) steps.sort(([a], [b]) => a - b);
  return { keys: [...found.values()], isCut: rows.length > IMAGES_MAX };
}
