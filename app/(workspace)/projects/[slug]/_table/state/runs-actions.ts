"use server";
/** What people do with the runs of a table: read on, tag, archive, delete, have back. */
import { z } from "zod";
import { actOn, projectId } from "@/app/_ui/acts/action.ts";
import type { ActionOutcome } from "@/app/_ui/parts/outcome.ts";
import {
  archiveRuns,
  deleteRuns,
  type RunIds,
  restoreRuns,
  tagRuns,
  unarchiveRuns,
  untagRuns,
} from "@/lib/runs/bulk.ts";
import { type GroupQuery, groupQuerySchema, groupRuns } from "@/lib/table/groups.ts";
import { findColumns, type RunsColumns } from "@/lib/table/known-columns.ts";
import {
  type PickedQuery,
  type RunRow,
  type RunsPage,
  type RunsQuery,
  readRunRows,
  readRunsPage,
} from "@/lib/table/rows.ts";
import { type RunSelection, selectRuns } from "@/lib/table/selection.ts";
import { groupsCsv } from "./groups-csv.ts";

export const readMoreAction = async (project: string, query: RunsQuery): Promise<ActionOutcome<RunsPage>> =>
  actOn({ project: projectId }, { project }, (member, given) => readRunsPage(member, given.project, query), "keep");

export const readRowsAction = async (project: string, query: PickedQuery): Promise<ActionOutcome<RunRow[]>> =>
  actOn({ project: projectId }, { project }, (member, given) => readRunRows(member, given.project, query), "keep");

export const findColumnsAction = async (
  project: string,
  wanted: string,
): Promise<ActionOutcome<Pick<RunsColumns, "config" | "metrics">>> =>
  actOn(
    { project: projectId, wanted: z.string().max(1000) },
    { project, wanted },
    (member, given) => findColumns(member, given.project, given.wanted),
    "keep",
  );

/** The groups as CSV, with texts of any length. */
export const groupsCsvAction = async (project: string, query: GroupQuery): Promise<ActionOutcome<string>> =>
  actOn(
    { project: projectId, query: groupQuerySchema },
    { project, query },
    async (member, given) => {
      const { groups } = await groupRuns(member, given.project, { ...given.query, whole: true });
      return groupsCsv(groups, given.query.by, given.query.summaries);
    },
    "keep",
  );

const [updating, deleting] = [{ permission: "runs.update" }, { permission: "runs.delete" }] as const;

export const tagAction = async (project: string, runs: RunSelection, tag: string): Promise<ActionOutcome<RunIds>> =>
  actOn({ project: projectId }, { project }, async (member, given) =>
    tagRuns(member, given.project, await selectRuns(member, given.project, runs, updating), tag),
  );

export const untagAction = async (project: string, runs: RunSelection, tag: string): Promise<ActionOutcome<RunIds>> =>
  actOn({ project: projectId, tag: z.string() }, { project, tag }, async (member, given) =>
    untagRuns(member, given.project, await selectRuns(member, given.project, runs, updating), given.tag),
  );

export const archiveAction = async (
  project: string,
  runs: RunSelection,
  archived: boolean,
): Promise<ActionOutcome<RunIds>> =>
  actOn({ project: projectId, archived: z.boolean() }, { project, archived }, async (member, given) =>
    (given.archived ? archiveRuns : unarchiveRuns)(
      member,
      given.project,
      await selectRuns(member, given.project, runs, updating),
    ),
  );

export const deleteAction = async (project: string, runs: RunSelection): Promise<ActionOutcome<RunIds>> =>
  actOn({ project: projectId }, { project }, async (member, given) =>
    deleteRuns(member, given.project, await selectRuns(member, given.project, runs, deleting)),
  );

export const restoreAction = async (project: string, ids: string[]): Promise<ActionOutcome<RunIds>> =>
  actOn({ project: projectId }, { project }, async (member, given) =>
    restoreRuns(
      member,
      given.project,
      await selectRuns(member, given.project, { ids }, { permission: "runs.delete", isDeleted: true }),
    ),
  );
