/** A folder's runs, read once more after the preview and delivered a few at a time. */
import { setImmediate as turn } from "node:timers/promises";
import type { Target } from "../client/http.ts";
import { type Delivered, deliverRun, type Project, pointsIn, wholeOf } from "./deliver.ts";
import { deliverMany, Parcel, packRun } from "./deliver-many.ts";
import { deliverModel } from "./deliver-models.ts";
import type { ImportedModel, ImportedRun, LeftOut, Source } from "./imported.ts";
import { type Report, Tally } from "./survey.ts";

/** Parcels on their way at a time: while the server stores one, the next is on the line and another one is made. */
const PARCELS_AT_ONCE = 2;
/** A run that goes alone is a handful of requests, each of which waits for the disk of the server: so many take the place of a parcel. */
const ALONE_FOR_A_PARCEL = 8;
/** But no further run is read while those on their way have so many points: 48 MB. */
const POINTS_AT_ONCE = 2_000_000;

/** The same source without the runs that were deleted there: each is named, with its points and files. */
export const leavingDeleted = (source: Source): Source =>
  async function* (folder) {
    for await (const found of source(folder)) {
      const { run, leftOut } = found;
      if (run === null || !run.isDeleted) yield found;
      else yield { run: null, leftOut: [...leftOut, ...wholeOf(run, `${run.kind} ${run.sourceId}`, "deleted there")] };
    }
  };

/** `told` hears of each run that is delivered, `without` is left out beside what the source leaves out. May be repeated, and goes on where an import before it was ended. */
export async function importFolder(
  target: Target,
  source: Source,
  folder: string,
  project: Project,
  told: (runs: number) => void,
  without: LeftOut[] = [],
): Promise<Report> {
  const tally = new Tally();
  tally.leaveOut(without);
  let runs = 0;
  const deliveries = new Deliveries();
  const models: ImportedModel[] = [];
  // of the runs that versions of models name, which come first
  const ids = new Map<string, string>();
  const hear = (run: ImportedRun, delivered: Delivered): void => {
    tally.add(run, delivered);
    if (ids.has(run.sourceId)) ids.set(run.sourceId, delivered.id);
    told(++runs);
  };
  const sendAway = (parcel: Parcel): Promise<void> =>
    deliveries.begin(ALONE_FOR_A_PARCEL, parcel.points, () => deliverMany(target, parcel.runs, project, hear));
  let parcel = new Parcel();
  for await (const found of source(folder)) {
    const { run, leftOut } = found;
    tally.leaveOut(leftOut);
    if (run === null) {
      models.push(...(found.models ?? []));
      for (const { versions } of found.models ?? [])
        for (const { sourceRun } of versions) if (sourceRun !== null) ids.set(sourceRun, "");
      continue;
    }
    const packed = await packRun(run, project);
    if (packed === null)
      await deliveries.begin(1, pointsIn(run), async () => hear(run, await deliverRun(target, run, project)));
    else {
      if (!parcel.takes(packed)) {
        await sendAway(parcel);
        parcel = new Parcel();
      }
      parcel.add(packed);
    }
    // a source that reads without waiting would keep what is on its way from the line
    await turn();
    if (deliveries.hasFailed) break;
  }
  if (parcel.runs.length > 0) await sendAway(parcel);
  await deliveries.end();
  const known = new Map([...ids].filter(([, id]) => id !== ""));
  for (const model of models) {
    const { answer, leftOut } = await deliverModel(target, project, model, known);
    tally.leaveOut(leftOut);
    if (answer) tally.addModel(answer);
  }
  return tally.report(project.slug);
}

/** What is on its way. Begun deliveries come to an end after one failed; none is begun then. */
class Deliveries {
  readonly #underWay = new Set<Promise<void>>();
  readonly #failures: unknown[] = [];
  #shares = 0;
  #points = 0;

  get hasFailed(): boolean {
    return this.#failures.length > 0;
  }

  /** Begins a delivery once there is room for it. */
  async begin(shares: number, points: number, act: () => Promise<void>): Promise<void> {
    const isFull = () =>
      this.#shares + shares > PARCELS_AT_ONCE * ALONE_FOR_A_PARCEL || this.#points + points > POINTS_AT_ONCE;
    while (this.#underWay.size > 0 && isFull()) await Promise.race(this.#underWay);
    if (this.hasFailed) return;
    this.#shares += shares;
    this.#points += points;
    const delivery = act()
      .catch((error: unknown) => void this.#failures.push(error))
      .then(() => {
        this.#underWay.delete(delivery);
        this.#shares -= shares;
        this.#points -= points;
      });
    this.#underWay.add(delivery);
  }

  /** Waits for all; throws the first failure. */
  async end(): Promise<void> {
    await Promise.all(this.#underWay);
    if (this.hasFailed) throw this.#failures[0];
  }
}
