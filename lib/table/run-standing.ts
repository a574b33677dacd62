/** Where a run stands by its project's primary metric: against the best of the others, and among its replicates. */
import { eq, sql } from "drizzle-orm";
import { connections } from "../../db/connection.ts";
import { manifestRegistrations } from "../../db/schema/manifests.ts";
import { projects } from "../../db/schema/projects.ts";
import { runs } from "../../db/schema/runs.ts";
import type { Actor } from "../access/actor.ts";
import { type BestRun, findBestRun, type PrimaryMetric } from "../projects/best-run.ts";
import { locateRun } from "../runs/runs.ts";
import { type Group, type GroupSummary, groupRuns } from "./groups.ts";
import { columnName } from "./language/column-name.ts";

/** The runs that differ from this one by chance alone, itself among them. */
export type Replicates = Pick<Group, "count" | "codeDiffers"> & {
  /** SHA-256 in hexadecimal: what the table's filter finds them by. */
  digest: string;
  /** Of each one's best value, one a seed; null where none has a value. */
  summary: GroupSummary | null;
};
export type RunStanding = {
  /** Null where the project has chosen none. */
  primary: PrimaryMetric | null;
  /** Whether the project has any manifest: else that a run cites none says nothing of it. */
  usesManifests: boolean;
  /** The project's best, this run aside. */
  best: BestRun | null;
  /** The best of those that cite this run's manifest: the only ones that its value can be compared with. */
  bestOnManifest: BestRun | null;
  /** Null where nothing says what its replicates are. */
  replicates: Replicates | null;
};

/** At most two seconds behind the points. */
export async function readRunStanding(actor: Actor, runId: string): Promise<RunStanding> {
  const { projectId, manifestId } = await locateRun(actor, runId, "runs.read");
  const { replicateKey, isArchived, usesManifests, ...row } = await readRun(runId);
  const { metric, split, direction } = row;
  if (metric === null) return { primary: null, usesManifests, best: null, bestOnManifest: null, replicates: null };
  const primary: PrimaryMetric = { split, metric, direction };
  const digest = replicateKey && Buffer.from(replicateKey).toString("hex");
  const [best, replicates] = await Promise.all([
    findBestRun(projectId, primary, { except: runId }),
    digest ? readReplicates(actor, projectId, { primary, digest, archived: isArchived }) : null,
  ]);
  const isComparable = best === null || best.manifestId === manifestId;
  const bestOnManifest = isComparable
    ? best
    : await findBestRun(projectId, primary, { except: runId, manifest: manifestId });
  return { primary, usesManifests, best, bestOnManifest, replicates };
}

async function readRun(runId: string) {
  const [row] = await connections()
    .db.select({
      metric: projects.primaryMetric,
      split: projects.primarySplit,
      direction: projects.primaryDirection,
      replicateKey: runs.replicateKey,
      isArchived: sql<boolean>`${runs.archivedAt} is not null`,
      usesManifests: sql<boolean>`exists (select from ${manifestRegistrations} m where m.project_id = ${projects.id})`,
    })
    .from(runs)
    .innerJoin(projects, eq(projects.id, runs.projectId))
    .where(eq(runs.id, runId));
  return row!;
}

type ReplicatesQuery = { primary: PrimaryMetric; digest: string; archived: boolean };

async function readReplicates(
  actor: Actor,
  projectId: string,
  { primary, digest, archived }: ReplicatesQuery,
): Promise<Replicates | null> {
  const { direction, ...name } = primary;
  const summary = columnName({ kind: "metric", ...name, summary: direction });
  const query = { by: ["replicates"], summaries: [summary], filter: `replicates = "${digest}"`, archived };
  const [group] = (await groupRuns(actor, projectId, query)).groups;
  if (!group) return null;
  const { count, codeDiffers, summaries } = group;
  return { digest, count, codeDiffers, summary: summaries[summary] ?? null };
}
