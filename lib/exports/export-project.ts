/** A project as lines of JSON, as they are read: any number of runs and points needs the memory of a few. */
import { connections } from "../../db/connection.ts";
import type { Actor } from "../access/actor.ts";
import { recordAct } from "../access/audit.ts";
import { authorise, can } from "../access/permissions.ts";
import { sightOf } from "../evaluations/sight.ts";
import { readSeriesKeys } from "../interop/series-keys.ts";
import { readTravellingLooks } from "../looks/looks.ts";
import { invalid, ProblemError } from "../problem.ts";
import { listMetrics } from "../projects/declarations.ts";
import { requireProject } from "../projects/projects.ts";
import { readRunsPage } from "../table/rows.ts";
import { selectRuns } from "../table/selection.ts";
import { EXPORT_FORMAT, type ExportLineOf } from "../wire/exports.ts";
import { type Counts, line, seriesLines } from "./point-lines.ts";
import { readRunLines } from "./run-lines.ts";
import { readTravellingOverrides, readTravellingRecords } from "./travelling.ts";

/** Runs by their ids, or all that match; `quarantined`: whether with quarantined numbers, absent: where the actor may see them. */
export type ExportQuery = {
  runs: string[];
  filter?: string | undefined;
  archived: boolean;
  quarantined?: boolean | undefined;
};

/** Ids are read in pages of the table; runs, of which each may hold megabytes of code, few at a time. */
const IDS_A_PAGE = 500;
const RUNS_AT_ONCE = 16;

/**
 * Lines of an export of a project, by id or slug, oldest run first. Throws before the first piece where the query is at
 * fault, or where quarantined numbers are asked for that the actor may not see. That they went out is an act.
 */
export async function* exportProject(
  actor: Actor,
  named: string,
  asked: ExportQuery,
  version: string,
): AsyncGenerator<string> {
  const project = await requireProject(actor, named);
  authorise(actor, "runs.read", project.id);
  const isSeen = await seesQuarantined(actor, project.id, asked.quarantined);
  const pages = pagesOf(actor, project.id, asked);
  const first = await pages.next();
  const declared = await listMetrics(actor, project.id);
  const exportedAt = new Date().toISOString();
  const quarantined = isSeen ? "included" : "left out";
  if (isSeen) await recordExport(actor, project.id, asked);
  yield line({ kind: "holdout", format: EXPORT_FORMAT, version, exportedAt, quarantined });
  const { runCount: _, ...settings } = project;
  yield line({ kind: "project", ...settings, declared } satisfies ExportLineOf<"project">);
  const counts: Counts = { runs: 0, looks: 0, records: 0, series: 0, points: 0, leftOut: { series: 0, points: 0 } };
  for (const override of await readTravellingOverrides(project)) {
    yield line(override);
    counts.records++;
  }
  for (let page = first; !page.done; page = await pages.next())
    for (let at = 0; at < page.value.length; at += RUNS_AT_ONCE)
      yield* runsOf(actor, project, page.value.slice(at, at + RUNS_AT_ONCE), isSeen, counts);
  yield line({ kind: "end", ...counts });
}

async function* runsOf(
  actor: Actor,
  project: { id: string; slug: string },
  ids: string[],
  isSeen: boolean,
  counts: Counts,
): AsyncGenerator<string> {
  const [runs, names, looks, records] = await Promise.all([
    readRunLines(actor, project.slug, ids),
    readSeriesKeys(ids),
    readTravellingLooks(ids),
    readTravellingRecords(project, ids, isSeen),
  ]);
  for (const run of runs) {
    yield line(run);
    counts.runs++;
    for (const look of looks.get(run.id) ?? []) {
      yield line({ kind: "look", run: run.id, ...look } satisfies ExportLineOf<"look">);
      counts.looks++;
    }
    for (const record of records.get(run.id) ?? []) {
      yield line(record);
      counts.records++;
    }
    yield* seriesLines(actor, run.id, names.get(run.id), isSeen, counts);
  }
}

/** Of what is quarantined the numbers go to who may see every test number. */
async function seesQuarantined(actor: Actor, projectId: string, asked: boolean | undefined): Promise<boolean> {
  if (asked === false) return false;
  const may = can(actor, "tests.read", projectId) && (await sightOf(actor, { projectId, split: "test" })) === "report";
  if (asked && !may)
    throw new ProblemError(
      "forbidden",
      "quarantined=1: the numbers of quarantined series are for who may see every test number of the project; quarantined=0 leaves them out",
    );
  return may;
}

async function recordExport(actor: Actor, projectId: string, { runs, filter = "" }: ExportQuery): Promise<void> {
  const detail = { quarantined: true, runs: runs.length > 0 ? runs.length : "all", filter };
  await recordAct(connections().db, actor, {
    action: "project.export",
    subject: `project:${projectId}`,
    projectId,
    detail,
  });
}

async function* pagesOf(actor: Actor, projectId: string, asked: ExportQuery): AsyncGenerator<string[]> {
  if (asked.runs.length > 0) {
    if (asked.filter) throw invalid("filter", "stands beside runs that are named by id; one of the two is right");
    const { ids } = await selectRuns(actor, projectId, { ids: asked.runs }, { permission: "runs.read" });
    yield [...ids].sort();
    return;
  }
  let after: string | null = null;
  do {
    const query = { columns: [], sort: "created", filter: asked.filter, archived: asked.archived, size: IDS_A_PAGE };
    const page = await readRunsPage(actor, projectId, { ...query, after });
    yield page.rows.map(({ id }) => id);
    after = page.next;
  } while (after !== null);
}
