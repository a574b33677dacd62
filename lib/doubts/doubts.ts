/** How far a project's past can be believed: what is looked for in its runs, and what was found. Reads summaries alone. */
import type { Actor } from "../access/actor.ts";
import { authorise } from "../access/permissions.ts";
import { categoryOf } from "../studies/categories.ts";
import { listColumns } from "../table/known-columns.ts";
import { type Doubt, type DoubtKind, type DoubtOf, type Doubts, doubtKinds, type Untold } from "../wire/doubts.ts";
import type { Project } from "../wire/projects.ts";
import { bestOfManyDoubts, type Chosen, noSeedDoubts, oneSeedDoubts } from "./best.ts";
import { fallingDoubts } from "./curves.ts";
import { batchDoubts, otherDataDoubts } from "./data.ts";
import { type FactRow, type Group, groupsOf, isMeasured, type Measured, namedRuns, type Primary } from "./facts.ts";
import {
  countLoggedLooks,
  loggedDoubts,
  readLoggedTests,
  testKeysByRun,
  watchedDoubts,
  watchingKeys,
} from "./logged-tests.ts";
import { type Pick, pickDoubts, picksOf, readChosen } from "./picks.ts";
import { batchKeysOf, readBatches } from "./read-batches.ts";
import { readDirtyCodes, readFactRows } from "./read-runs.ts";

/** As the actor may know them. It holds no test number; what one chose is told after a look, to who may see test numbers. */
export async function readDoubts(actor: Actor, project: Project): Promise<Doubts> {
  authorise(actor, "runs.read", project.id);
  const read = await readFacts(actor, project);
  const { rows, primary, groups, keys, tests, chosen } = read;
  const [looks, watched, picks, batches, falling, dirty] = await Promise.all([
    tests.length > 0 ? countLoggedLooks(project.id) : 0,
    watchedDoubts(project.id, watchingKeys(keys)),
    picksOf(rows, chosen, testKeysByRun(tests)).then((found) =>
      pickDoubts(actor, project, { rows, picks: found, primary }),
    ),
    readBatchDoubts(project, rows, keys),
    primary ? fallingDoubts(actor, project.id, groups, primary) : { doubts: [], uncharted: 0 },
    readDirtyCodes(rows),
  ]);
  const picked = chosen.flatMap(({ run, as }): Chosen[] => (as === "tag" || as === "model" ? [] : [{ run, as }]));
  const found: Doubt[] = [
    ...picks.doubts,
    ...watched,
    ...loggedDoubts(tests, looks),
    ...(primary ? oneSeedDoubts(groups, picked, primary) : []),
    ...(primary ? bestOfManyDoubts(groups, primary) : []),
    ...(primary ? otherDataDoubts(rows, primary) : []),
    ...batches,
    ...falling.doubts,
    ...dirtyDoubts(rows, dirty),
    ...noSeedDoubts(rows),
  ];
  return {
    project: project.slug,
    at: new Date().toISOString(),
    looked: rows.length,
    of: project.runCount,
    doubts: inOrder(found),
    untold: untoldOf(read, { undirected: picks.undirected, uncharted: falling.uncharted }),
  };
}

type Read = {
  rows: FactRow[];
  primary: Primary | null;
  groups: Group[];
  keys: string[];
  tests: Awaited<ReturnType<typeof readLoggedTests>>;
  chosen: Awaited<ReturnType<typeof readChosen>>;
};

async function readFacts(actor: Actor, project: Project): Promise<Read> {
  const keys = (await listColumns(actor, project.id)).config.map(({ key }) => key);
  const primary = primaryOf(project);
  const seeds = keys.filter((key) => categoryOf(key) === "seed" || /(^|[._])random_?state$/i.test(key));
  const [rows, tests, chosen] = await Promise.all([
    readFactRows(project.id, primary, seeds),
    readLoggedTests(project.id),
    readChosen(project.id),
  ]);
  return { rows, primary, groups: primary ? groupsOf(rows, primary) : [], keys, tests, chosen };
}

/** The chosen runs whose test numbers may have chosen them. */
export async function listPicks(actor: Actor, project: Project): Promise<Pick[]> {
  const { rows, chosen, tests } = await readFacts(actor, project);
  return picksOf(rows, chosen, testKeysByRun(tests));
}

const primaryOf = ({ primaryMetric, primarySplit, primaryDirection }: Project): Primary | null =>
  primaryMetric === null || primarySplit === "test"
    ? null
    : { metric: primaryMetric, split: primarySplit, direction: primaryDirection };

/** The gravest first; of one tone in the order of the kinds. */
function inOrder(doubts: readonly Doubt[]): Doubt[] {
  const tones = { danger: 0, warning: 1, note: 2 };
  return [...doubts].sort(
    (a, b) => tones[a.tone] - tones[b.tone] || doubtKinds.indexOf(a.kind) - doubtKinds.indexOf(b.kind),
  );
}

async function readBatchDoubts(
  project: Project,
  rows: readonly FactRow[],
  keys: readonly string[],
): Promise<DoubtOf<"batch-not-retuned">[]> {
  const batch = batchKeysOf(keys);
  const measured = new Map(rows.filter(isMeasured).map((row): [string, Measured] => [row.id, row]));
  if (batch === null || measured.size < 2) return [];
  const batches = await readBatches(project.id, batch, project.replicateIgnores);
  return batchDoubts(measured, batches, { key: batch.key, fixed: batch.tuned });
}

/** `codes`: states of the code with uncommitted changes; true: not all of them are kept. */
function dirtyDoubts(rows: readonly FactRow[], codes: ReadonlyMap<string, boolean>): DoubtOf<"dirty">[] {
  const dirty = rows.filter(({ code }) => code !== null && codes.has(code));
  if (dirty.length === 0) return [];
  const lost = dirty.filter(({ code }) => codes.get(code!));
  // those whose code is gone are named before those that can be made again
  const named = namedRuns([...lost, ...dirty.filter((row) => !lost.includes(row))]);
  return [{ kind: "dirty", tone: lost.length > 0 ? "warning" : "note", ...named, lost: lost.length }];
}

const ofBest: DoubtKind[] = ["one-seed", "best-of-many", "other-data", "batch-not-retuned", "still-falling"];

function untoldOf(
  { rows, primary }: Read,
  { undirected, uncharted }: Record<"undirected" | "uncharted", number>,
): Untold[] {
  if (rows.length === 0) return [];
  const measured = rows.filter(isMeasured);
  const unnamed = measured.filter(({ data }) => data === null).length;
  const uncoded = rows.filter(({ code }) => code === null).length;
  const untold: Untold[] = [
    { reason: "no-primary-metric", kinds: ofBest, count: primary === null ? rows.length : 0 },
    { reason: "no-result", kinds: ofBest, count: primary !== null && measured.length === 0 ? rows.length : 0 },
    { reason: "no-data-named", kinds: ["other-data"], count: measured.length > 1 ? unnamed : 0 },
    { reason: "no-curve", kinds: ["still-falling"], count: uncharted },
    { reason: "no-direction", kinds: ["picked-by-test"], count: undirected },
    { reason: "no-code", kinds: ["dirty"], count: uncoded },
  ];
  return untold.filter(({ count }) => count > 0);
}
