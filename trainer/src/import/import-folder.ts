/** A folder's runs, read once more after the preview and delivered a few at a time. */
import type { Target } from "../client/http.ts";
import { deliverRun, type Project, pointsIn, wholeOf } from "./deliver.ts";
import type { ImportedRun, LeftOut, Source } from "./imported.ts";
import { type Report, Tally } from "./survey.ts";

/** A run is a handful of requests, each of which waits for the disk of the server: so many runs are on their way at once. */
const RUNS_AT_ONCE = 16;
/** But no further one is read while those on their way have so many points: 48 MB. */
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
  const onTheWay = new Set<Promise<void>>();
  const failures: unknown[] = [];
  let points = 0;
  let runs = 0;
  const deliver = async (run: ImportedRun): Promise<void> => {
    try {
      tally.add(run, await deliverRun(target, run, project));
      told(++runs);
    } catch (error) {
      failures.push(error);
    }
  };
  for await (const { run, leftOut } of source(folder)) {
    tally.leaveOut(leftOut);
    if (run === null) continue;
    const count = pointsIn(run);
    const delivery = deliver(run).then(() => {
      onTheWay.delete(delivery);
      points -= count;
    });
    onTheWay.add(delivery);
    points += count;
    while (onTheWay.size >= RUNS_AT_ONCE || (points >= POINTS_AT_ONCE && onTheWay.size > 0))
      await Promise.race(onTheWay);
    if (failures.length > 0) break;
  }
  await Promise.all(onTheWay);
  if (failures.length > 0) throw failures[0];
  return tally.report(project.slug);
}
