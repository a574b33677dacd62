/**
 * Points of clients that number no batches: the server is their writer. What comes while a batch is under way goes with
 * the next one, so that many small requests cost little more than one.
 */
import { v4 as uuidv4 } from "uuid";
import { connections } from "../../db/connection.ts";
import { type Actor, actorKey } from "../access/actor.ts";
import { BoundedMap } from "../bounded-map.ts";
import { appendBatch } from "../metrics/append.ts";
import { ProblemError } from "../problem.ts";
import { requireProject } from "../projects/projects.ts";
import { locateRun } from "../runs/runs.ts";
import { createWriter } from "../runs/writers.ts";
import type { BatchGroup } from "../wire/points/batch.ts";
import { type SeriesName, seriesKey } from "../wire/points/series-name.ts";
import { keepingItsEnd } from "./run-ends.ts";
import { claimKeys } from "./series-keys.ts";

/** A value of a series by its client's name for it; `time` in milliseconds since 1970. */
export type NamedPoint = { key: string; step: number; time: number; value: number };

/** Stores points of a run; resolves after the commit. The prefixes of its project say which series a new name means. */
export async function logPoints(actor: Actor, runId: string, points: NamedPoint[]): Promise<void> {
  if (points.length > 0) await logOf(runId).add(actor, points);
}

/** Starts an attempt of a run as its writer: the first with what is known of where it runs, or one more of a run that ended. */
export const startLog = (actor: Actor, runId: string, opening: Opening): Promise<void> =>
  logOf(runId).open(actor, opening);

const LOGS_MAX = 10_000;
// one a process, also where a bundler loads this module more than once: two would be two writers
const shared = globalThis as { holdoutRunLogs?: BoundedMap<string, RunLog> };

function logOf(runId: string): RunLog {
  shared.holdoutRunLogs ??= new BoundedMap<string, RunLog>(LOGS_MAX);
  const known = shared.holdoutRunLogs.get(runId);
  if (known) return known;
  const log = new RunLog(runId);
  shared.holdoutRunLogs.set(runId, log);
  return log;
}

type Waiting = {
  actor: Actor;
  points: NamedPoint[];
  resolve: () => void;
  reject: (error: unknown) => void;
};
type Opening = { mode: "start" | "join" | "resume"; environment?: Record<string, string>; reopen?: boolean };

/** Points of one batch at most; more than one request may bring. */
const POINTS_MAX = 20_000;
const ATTEMPTS_MAX = 5;

class RunLog {
  private writer: string | null = null;
  private sequence = 0;
  private waiting: Waiting[] = [];
  private isBusy = false;
  private readonly names = new Map<string, SeriesName>();
  /** The last point of each series: one that comes again just so is stored already. */
  private readonly last = new Map<string, NamedPoint>();

  constructor(private readonly runId: string) {}

  add(actor: Actor, points: NamedPoint[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ actor, points, resolve, reject });
      if (!this.isBusy) setImmediate(() => void this.drain());
    });
  }

  async open(actor: Actor, opening: Opening): Promise<void> {
    const writer = uuidv4();
    await createWriter(actor, this.runId, { writer, ...opening });
    this.writer = writer;
    this.sequence = 0;
  }

  private async drain(): Promise<void> {
    if (this.isBusy) return;
    this.isBusy = true;
    while (this.waiting.length > 0) {
      const some = this.take();
      try {
        await this.store(some);
        for (const { resolve } of some) resolve();
      } catch (error) {
        for (const { reject } of some) reject(error);
      }
    }
    this.isBusy = false;
  }

  /** The first that wait, of one actor. */
  private take(): Waiting[] {
    const actor = actorKey(this.waiting[0]!.actor);
    let count = 0;
    const end = this.waiting.findIndex((one) => {
      count += one.points.length;
      return actorKey(one.actor) !== actor || (count > POINTS_MAX && count > one.points.length);
    });
    return this.waiting.splice(0, end < 0 ? this.waiting.length : end);
  }

  private async store(some: Waiting[]): Promise<void> {
    const { actor } = some[0]!;
    const points = some.flatMap((one) => one.points);
    await this.learnNames(actor, points);
    const groups = groupsOf(this.withoutRepeats(points));
    if (groups.length === 0) return;
    await this.append(actor, groups);
    for (const point of points) this.last.set(point.key, point);
  }

  /** Appends under the next number. One that a lost answer left stored is passed over; a writer that is gone is made anew. */
  private async append(actor: Actor, groups: BatchGroup[]): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      if (this.writer === null) await this.enter(actor);
      try {
        await appendBatch(actor, this.runId, { writer: this.writer!, sequence: this.sequence + 1, groups });
        this.sequence++;
        return;
      } catch (error) {
        if (!(error instanceof ProblemError) || attempt === ATTEMPTS_MAX) throw error;
        if (error.kind === "conflict") this.sequence++;
        else if (error.errors?.[0]?.field === "writer") this.writer = null;
        else throw error;
      }
    }
  }

  /** Takes part in the run's present attempt. A run that has ended stays so: its client adds to what it logged. */
  private async enter(actor: Actor): Promise<void> {
    await keepingItsEnd(actor, this.runId, async (reopen) => {
      try {
        await this.open(actor, { mode: "join", reopen });
      } catch (error) {
        const isUnstarted = error instanceof ProblemError && error.errors?.[0]?.field === "mode";
        if (!isUnstarted) throw error;
        await this.open(actor, { mode: "start", reopen });
      }
    });
  }

  private async learnNames(actor: Actor, points: NamedPoint[]): Promise<void> {
    const fresh = [...new Set(points.map(({ key }) => key))].filter((key) => !this.names.has(key));
    if (fresh.length === 0) return;
    const { projectId } = await locateRun(actor, this.runId, "points.log");
    const { keyPrefixes } = await requireProject(actor, projectId);
    const { db } = connections();
    for (const [key, name] of await claimKeys(db, this.runId, fresh, keyPrefixes)) this.names.set(key, name);
  }

  private withoutRepeats(points: NamedPoint[]): SeriesPoint[] {
    const fresh = points.filter((point) => !isAgain(this.last.get(point.key), point));
    return fresh.map(({ key, step, time, value }) => ({ step, time, value, name: this.names.get(key)! }));
  }
}

const isAgain = (before: NamedPoint | undefined, { step, time, value }: NamedPoint): boolean =>
  before?.step === step && before.time === time && Object.is(before.value, value);

type SeriesPoint = Omit<NamedPoint, "key"> & { name: SeriesName };
type Column = { name: SeriesName; steps: number[]; times: number[]; values: number[] };

/** Points as columns of a batch: series that were logged at the same steps and times share theirs. */
export function groupsOf(points: SeriesPoint[]): BatchGroup[] {
  const columns = new Map<string, Column>();
  // points of a series share its name's object: its key is made once
  const keys = new Map<SeriesName, string>();
  for (const { name, step, time, value } of points) {
    const key = keys.get(name) ?? seriesKey(name);
    keys.set(name, key);
    const column = columns.get(key) ?? { name, steps: [], times: [], values: [] };
    columns.set(key, column);
    column.steps.push(step);
    column.times.push(time);
    column.values.push(value);
  }
  // those that may share: of a split, as many, from the same beginning
  const groups = new Map<string, BatchGroup[]>();
  for (const { name, steps, times, values } of columns.values()) {
    const place = `${name.split} ${steps.length} ${steps[0]} ${times[0]}`;
    const near = groups.get(place) ?? [];
    groups.set(place, near);
    let group = near.find((one) => isSame(one.steps, steps) && isSame(one.times, times));
    if (!group) {
      group = {
        split: name.split,
        steps: Float64Array.from(steps),
        times: Float64Array.from(times),
        metrics: new Map<string, Float64Array>(),
      };
      near.push(group);
    }
    group.metrics.set(name.metric, Float64Array.from(values));
  }
  return [...groups.values()].flat();
}

const isSame = (one: Float64Array, other: number[]): boolean => one.every((value, at) => value === other[at]);
