"use server";
/** What people do with the runs of a table: read on, tag, archive, delete, have back, and keep views. */
import { act } from "@/app/_ui/action.ts";
import type { Outcome } from "@/app/_ui/outcome.ts";
import { type GroupQuery, groupRuns } from "@/lib/table/groups.ts";
import { findColumns, type RunsColumns } from "@/lib/table/known-columns.ts";
import {
  type PickedQuery,
  type RunRow,
  type RunsPage,
  type RunsQuery,
  readRunRows,
  readRunsPage,
} from "@/lib/table/rows.ts";
import {
  archiveRuns,
  type Changed,
  deleteRuns,
  restoreRuns,
  type Selection,
  tagRuns,
  unarchiveRuns,
  untagRuns,
} from "@/lib/table/selection.ts";
import { createView, deleteView, updateView } from "@/lib/table/views.ts";
import { groupsCsv } from "./groups-csv.ts";

export const readMoreAction = async (project: string, query: RunsQuery): Promise<Outcome<RunsPage>> =>
  act((member) => readRunsPage(member, project, query), "keep");

export const readRowsAction = async (project: string, query: PickedQuery): Promise<Outcome<RunRow[]>> =>
  act((member) => readRunRows(member, project, query), "keep");

export const findColumnsAction = async (
  project: string,
  wanted: string,
): Promise<Outcome<Pick<RunsColumns, "config" | "metrics">>> =>
  act((member) => findColumns(member, project, wanted), "keep");

/** The groups as CSV, with texts of any length. */
export const groupsCsvAction = async (project: string, query: GroupQuery): Promise<Outcome<string>> =>
  act(async (member) => {
    const { groups } = await groupRuns(member, project, { ...query, whole: true });
    return groupsCsv(groups, query.by, query.summaries);
  }, "keep");

export const tagAction = async (project: string, runs: Selection, tag: string): Promise<Outcome<Changed>> =>
  act((member) => tagRuns(member, project, runs, tag));

export const untagAction = async (project: string, runs: Selection, tag: string): Promise<Outcome<Changed>> =>
  act((member) => untagRuns(member, project, runs, tag));

export const archiveAction = async (project: string, runs: Selection, archived: boolean): Promise<Outcome<Changed>> =>
  act((member) => (archived ? archiveRuns(member, project, runs) : unarchiveRuns(member, project, runs)));

export const deleteAction = async (project: string, runs: Selection): Promise<Outcome<Changed>> =>
  act((member) => deleteRuns(member, project, runs));

export const restoreAction = async (project: string, ids: string[]): Promise<Outcome<Changed>> =>
  act((member) => restoreRuns(member, project, { ids }));

export const saveViewAction = async (
  project: string,
  view: { name: string; query: string; isShared: boolean },
): Promise<Outcome> => act(async (member) => void (await createView(member, project, view)));

export const updateViewAction = async (
  id: string,
  change: { name?: string; query?: string; isShared?: boolean },
): Promise<Outcome> => act(async (member) => void (await updateView(member, id, change)));

export const deleteViewAction = async (id: string): Promise<Outcome> =>
  act(async (member) => void (await deleteView(member, id)));
