/** A folder's runs, read once more after the preview and delivered a few at a time. */
import type { Target } from "../client/http.ts";
import { deliverRun, type Project, wholeOf } from "./deliver.ts";
import type { Found, LeftOut, Source } from "./imported.ts";
import { type Report, Tally } from "./survey.ts";

/** A run is a handful of requests, each of which waits for the disk of the server; so many runs are in memory at once. */
const AT_ONCE = 4;

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
  const found = source(folder);
  let runs = 0;
  const work = async (): Promise<void> => {
    for (;;) {
      const next: IteratorResult<Found> = await found.next();
      if (next.done) return;
      const { run, leftOut } = next.value;
      tally.leaveOut(leftOut);
      if (run === null) continue;
      tally.add(run, await deliverRun(target, run, project));
      told(++runs);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return tally.report(project.slug);
}
