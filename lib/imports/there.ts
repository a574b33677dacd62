/** Whether a run that is brought again is there already, as it is brought. */
import { sql } from "drizzle-orm";
import { connections } from "../../db/connection.ts";
import { findCreated } from "../runs/new-run.ts";
import type { HeldRun } from "./held-runs.ts";

const ended: readonly string[] = ["finished", "failed", "killed"];

/** Of runs whose ids are taken: `there` where all of what is brought is stored, `other` where it isn't. */
export async function findThere(held: HeldRun[]): Promise<Map<string, "there" | "other">> {
  if (held.length === 0) return new Map();
  const ids = held.map(({ run }) => run.id);
  const { db } = connections();
  const created = new Map((await findCreated(db, ids)).map((row) => [row.id, row]));
  if (created.size === 0) return new Map();
  const parts = await partsOf([...created.keys()]);
  const outcomes = new Map<string, "there" | "other">();
  for (const one of held) {
    const row = created.get(one.run.id);
    if (!row) continue;
    const isSame =
      row.projectId === one.run.project.id &&
      row.creationHash.equals(one.run.hash) &&
      row.deletedAt === null &&
      (one.said.end === null || ended.includes(row.status)) &&
      hasParts(one, parts.get(one.run.id));
    outcomes.set(one.run.id, isSame ? "there" : "other");
  }
  return outcomes;
}

/** What a run holds: up to which number each writer's batches are stored, and files' SHA-256 by path. */
type Parts = { stored: Map<string, number>; files: Map<string, string> };

/** Of the same points a writer has the same id: it is made from them. */
function hasParts({ said, batches, files }: HeldRun, parts: Parts | undefined): boolean {
  const stored = parts?.stored.get(said.writer.writer);
  return (
    stored !== undefined &&
    stored >= batches.length &&
    files.every(({ path, sha256 }) => parts!.files.get(path) === sha256)
  );
}

async function partsOf(ids: string[]): Promise<Map<string, Parts>> {
  const { db } = connections();
  const runs = sql`${sql.param(ids)}::uuid[]`;
  const writers = await db.execute<{ run_id: string; id: string; stored: number }>(sql`
    with known as materialized (
      select w.run_id, w.id, greatest(w.done_sequence, max(b.sequence))::float8 as stored
      from writers w left join batches b on b.run_id = w.run_id and b.writer = w.number
      where w.run_id = any(${runs}) group by w.run_id, w.id, w.done_sequence
    )
    select * from known`);
  const files = await db.execute<{ run_id: string; path: string; sha256: string }>(sql`
    select run_id, path, sha256 from artifacts where run_id = any(${runs})`);
  const parts = new Map(ids.map((id): [string, Parts] => [id, { stored: new Map(), files: new Map() }]));
  for (const { run_id, id, stored } of writers) parts.get(run_id)!.stored.set(id, stored);
  for (const { run_id, path, sha256 } of files) parts.get(run_id)!.files.set(path, sha256);
  return parts;
}
