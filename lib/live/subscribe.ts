/** Hands out notices to whoever listens in this process: one LISTEN a process, however many browsers. */

import { eq } from "drizzle-orm";
import type { Sql } from "postgres";
import { connections } from "../../db/connection.ts";
import { runs } from "../../db/schema/runs.ts";
import { BoundedMap } from "../bounded-map.ts";
import { logError } from "../log.ts";
import { isId, type Notice } from "../wire/notice.ts";
import { NOTICE_CHANNEL, REVIEWS_CHANNEL } from "./notices.ts";

type Listener = (notice: Notice) => void;

/** `sql`: the pool that listens; one that was closed hears nothing. */
type Listening = { sql: Sql; begun: Promise<unknown> };
type Hub = { listeners: Set<Listener>; listening: Listening | null; projectOf: Map<string, string> };
const REMEMBERED_MAX = 10_000;
const cache = globalThis as { holdoutHub?: Hub };
cache.holdoutHub ??= { listeners: new Set(), listening: null, projectOf: new BoundedMap(REMEMBERED_MAX) };
const hub = cache.holdoutHub;

/** Calls `listener` for every notice until the returned function is called. Throws where the database can't listen. */
export async function subscribe(listener: Listener): Promise<() => void> {
  hub.listeners.add(listener);
  const leave = () => void hub.listeners.delete(listener);
  const { listener: sql } = connections();
  if (hub.listening?.sql !== sql) hub.listening = { sql, begun: listen(sql) };
  try {
    await hub.listening.begun;
  } catch (error) {
    hub.listening = null;
    leave();
    throw error;
  }
  return leave;
}

/** How many live streams are open here. */
export const countListeners = (): number => hub.listeners.size;

function listen(sql: Sql): Promise<unknown> {
  return Promise.all([
    listenTo(sql, NOTICE_CHANNEL, (run) => void announce(run)),
    listenTo(sql, REVIEWS_CHANNEL, (project) => {
      if (isId(project)) tell({ kind: "reviews", project });
      else logError(`a notice is ignored: expected a project's id, received ${shortly(project)}`);
    }),
  ]);
}

/** What comes between a broken connection and the next one is missed; before the first one nobody listened. */
function listenTo(sql: Sql, channel: string, hear: (sent: string) => void): Promise<unknown> {
  let isFirst = true;
  return sql.listen(channel, hear, () => {
    if (!isFirst) tell({ kind: "resync" });
    isFirst = false;
  });
}

/** A listener that throws keeps nobody else from hearing. */
function tell(notice: Notice): void {
  for (const listener of hub.listeners) {
    try {
      listener(notice);
    } catch (error) {
      logError("a notice could not be passed on", error);
    }
  }
}

/** `run`: what was sent through the database, in which anybody with an account may send. */
async function announce(run: string): Promise<void> {
  if (!isId(run)) {
    logError(`a notice is ignored: expected a run's id, received ${shortly(run)}`);
    return;
  }
  try {
    const project = hub.projectOf.get(run) ?? (await findProject(run));
    if (project) tell({ kind: "run", run, project });
  } catch (error) {
    logError("a notice could not be placed; browsers are told to read anew", error);
    tell({ kind: "resync" });
  }
}

const shortly = (text: string): string => JSON.stringify(text.slice(0, 60));

async function findProject(run: string): Promise<string | undefined> {
  const [row] = await connections().db.select({ project: runs.projectId }).from(runs).where(eq(runs.id, run));
  if (row) hub.projectOf.set(run, row.project);
  return row?.project;
}
