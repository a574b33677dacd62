/**
 * Whether a run was chosen by a test number. Which runs were chosen, and that they have such numbers, is there to be read; what
 * the numbers say of the choice is a look at the test split.
 */
import { sql } from "drizzle-orm";
import { connections } from "../../db/connection.ts";
import type { Actor } from "../access/actor.ts";
import { can } from "../access/permissions.ts";
import { sightOf } from "../evaluations/sight.ts";
import { keyOfRow, type StoredSplit } from "../metrics/stored-split.ts";
import { listMetrics } from "../projects/declarations.ts";
import type { ChosenAs, DoubtOf } from "../wire/doubts.ts";
import { parseSeriesKey, seriesWords } from "../wire/points/series-name.ts";
import { costBy, type FactRow, isMeasured, namedRuns, type Primary } from "./facts.ts";

/** A tag of a run, or an alias of a model that it made, which says that it was chosen. */
const chosenTag =
  /^(best|champion|winner|production|prod|final|chosen|selected|release|released|deployed)([-_ .:/]|$)/i;
/** What such a word begins with, as PostgreSQL reads it. */
const beginning = "^(best|champion|winner|production|prod|final|chosen|selected|release|deployed)";
const CHOSEN_MAX = 200;

export type ChosenRun = ChosenAs & { run: string };

/**
 * What was chosen in the project, the newest first: the champion of a claim, what a study adopted, and what tags and clients'
 * registries of models say.
 */
export async function readChosen(projectId: string): Promise<ChosenRun[]> {
  const rows = await connections().db.execute<ChosenRun>(sql`
    select run_id as run, 'claim' as as, number::text as word, 1 as rank from claims where project_id = ${projectId}
    union all
    select t.run_id, 'study', st.number::text, 2 from studies st join trials t on t.id = st.chosen_trial_id
      where st.project_id = ${projectId}
    union all
    select chosen_run_id, 'study', number::text, 2 from studies
      where project_id = ${projectId} and chosen_run_id is not null
    union all
    select v.run_id, 'model', m.name || '@' || a.alias, 3 from model_aliases a
      join model_versions v on v.model_id = a.model_id and v.version = a.version
      join registered_models m on m.id = a.model_id
      where v.project_id = ${projectId} and v.run_id is not null and a.alias ~* ${beginning}
    union all
    select v.run_id, 'model', m.name || ' ' || v.stage, 3 from model_versions v
      join registered_models m on m.id = v.model_id
      where v.project_id = ${projectId} and v.run_id is not null and v.stage = 'production'
    union all
    select run_id, 'tag', tag, 4 from run_tags where project_id = ${projectId} and tag ~* ${beginning}
    order by rank, run desc limit 1000`);
  return [...rows]
    .filter(({ as, word }) => {
      if (as === "tag") return chosenTag.test(word);
      return as !== "model" || !word.includes("@") || chosenTag.test(word.slice(word.lastIndexOf("@") + 1));
    })
    .slice(0, CHOSEN_MAX)
    .map(({ run, as, word }) => ({ run, as, word }));
}

/** A chosen run with the test series that other runs of its test split have too. */
export type Pick = { row: FactRow; chosen: ChosenAs; series: string[] /** Somebody looked. */; isRead: boolean };

/** `tests`: by run, its test series. */
export async function picksOf(
  rows: readonly FactRow[],
  chosen: readonly ChosenRun[],
  tests: ReadonlyMap<string, string[]>,
): Promise<Pick[]> {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const counts = new Map<string, number>();
  const place = (row: FactRow, key: string) => `${row.testDigest} ${key}`;
  for (const [run, keys] of tests) {
    const row = byId.get(run);
    if (row) for (const key of keys) counts.set(place(row, key), (counts.get(place(row, key)) ?? 0) + 1);
  }
  const picks = new Map<string, Omit<Pick, "isRead">>();
  for (const { run, as, word } of chosen) {
    const row = byId.get(run);
    const series = row ? (tests.get(run) ?? []).filter((key) => counts.get(place(row, key))! > 1) : [];
    if (row && series.length > 0 && !picks.has(run)) picks.set(run, { row, chosen: { as, word }, series });
  }
  const read = await listRead([...picks.keys()]);
  return [...picks.values()].map((pick) => ({ ...pick, isRead: read.has(pick.row.id) }));
}

async function listRead(runs: string[]): Promise<Set<string>> {
  if (runs.length === 0) return new Set();
  const rows = await connections().db.execute<{ run: string }>(sql`
    select distinct run_id as run from looks where run_id = any(${sql.param(runs)}::uuid[]) and kind = 'pick'`);
  return new Set([...rows].map(({ run }) => run));
}

/** Whether the actor may learn what a test number says of a choice; and whether they may take the look. */
export async function sightOfPicks(actor: Actor, projectId: string): Promise<{ sees: boolean; looks: boolean }> {
  const sees = (await sightOf(actor, { projectId, split: "test" })) === "report";
  return { sees, looks: sees && can(actor, "tests.open", projectId) };
}

type PickRead = {
  doubts: DoubtOf<"picked-by-test">[];
  /** Picks whose numbers have no known direction. */
  undirected: number;
};

/** What the actor may know of the picks: those that nobody looked at, and of the others those that a test number chose. */
export async function pickDoubts(
  actor: Actor,
  project: { id: string },
  { rows, picks, primary }: { rows: readonly FactRow[]; picks: readonly Pick[]; primary: Primary | null },
): Promise<PickRead> {
  if (picks.length === 0) return { doubts: [], undirected: 0 };
  const { sees, looks } = await sightOfPicks(actor, project.id);
  if (!sees) return { doubts: [doubtOf(picks, "withheld", false)], undirected: 0 };
  const unread = picks.filter(({ isRead }) => !isRead);
  const read = picks.filter(({ isRead }) => isRead);
  const { found, undirected } = await judge(actor, project.id, { rows, picks: read, primary });
  return {
    doubts: [
      ...(found.length > 0 ? [doubtOf(found, "found", false)] : []),
      ...(unread.length > 0 ? [doubtOf(unread, "unread", looks)] : []),
    ],
    undirected,
  };
}

function doubtOf(
  picks: readonly Pick[],
  state: DoubtOf<"picked-by-test">["state"],
  canLook: boolean,
): DoubtOf<"picked-by-test"> {
  const named = namedRuns(picks.map(({ row }) => row));
  const series = [...new Set(picks.flatMap((pick) => pick.series))].map((key) => seriesWords(parseSeriesKey(key)));
  return {
    kind: "picked-by-test",
    tone: state === "found" ? "danger" : "warning",
    ...named,
    state,
    chosen: picks.slice(0, named.runs.length).map(({ chosen }) => chosen),
    series,
    canLook,
  };
}

type Judged = { rows: readonly FactRow[]; picks: readonly Pick[]; primary: Primary | null };

/** The picks that are the best by a test number and not by the primary metric. */
async function judge(
  actor: Actor,
  projectId: string,
  { rows, picks, primary }: Judged,
): Promise<{ found: Pick[]; undirected: number }> {
  if (picks.length === 0) return { found: [], undirected: 0 };
  const directionOf = await directionsOf(actor, projectId, primary);
  const known = (pick: Pick) => pick.series.filter((key) => directionOf(key) !== null);
  const values = await readValues(rows, new Set(picks.flatMap(known)));
  const found = picks.filter(
    (pick) =>
      !(primary && isBestByPrimary(rows, pick.row, primary)) &&
      known(pick).some((key) => isBest(values, pick.row, key, directionOf(key)!)),
  );
  return { found, undirected: picks.filter((pick) => known(pick).length === 0).length };
}

function isBestByPrimary(rows: readonly FactRow[], { data, value }: FactRow, primary: Primary): boolean {
  const cost = costBy(primary);
  if (value === null) return false;
  return rows.every((row) => !isMeasured(row) || row.data !== data || cost(row.value) >= cost(value));
}

type TestValue = { run: string; digest: string | null; key: string; min: number; max: number };

function isBest(values: readonly TestValue[], row: FactRow, key: string, direction: "min" | "max"): boolean {
  const beside = values.filter((one) => one.key === key && one.digest === row.testDigest);
  const own = beside.find(({ run }) => run === row.id);
  if (!own) return false;
  return beside.every((one) => (direction === "max" ? one.max <= own.max : one.min >= own.min));
}

async function readValues(rows: readonly FactRow[], keys: ReadonlySet<string>): Promise<TestValue[]> {
  if (keys.size === 0) return [];
  const digestOf = new Map(rows.map(({ id, testDigest }) => [id, testDigest]));
  const metrics = [...keys].map((key) => parseSeriesKey(key).metric);
  type Row = { run: string; split: StoredSplit; metric: string; min: number; max: number };
  const found = await connections().db.execute<Row>(sql`
    select run_id as run, split, metric, min, max from series
    where run_id = any(${sql.param([...digestOf.keys()])}::uuid[]) and metric = any(${sql.param(metrics)}::text[])
      and quarantined and min is not null`);
  return [...found].flatMap(({ split, metric, ...row }) => {
    const key = keyOfRow({ split, metric });
    return keys.has(key) ? [{ ...row, key, digest: digestOf.get(row.run) ?? null }] : [];
  });
}

/** A word `test` in a metric's name, and what parts it from the others. */
const testWord = /(^|[_\-./ ])tests?([_\-./ ]|$)/i;

/** As the project declares it, by the name itself or without its word `test`; null: nobody said, and no name tells it. */
async function directionsOf(
  actor: Actor,
  projectId: string,
  primary: Primary | null,
): Promise<(key: string) => "min" | "max" | null> {
  const declared = new Map((await listMetrics(actor, projectId)).map(({ name, direction }) => [name, direction]));
  return (key) => {
    const { metric } = parseSeriesKey(key);
    for (const name of [metric, metric.replace(testWord, "")]) {
      if (primary && name === primary.metric) return primary.direction;
      const direction = declared.get(name);
      if (direction === "min" || direction === "max") return direction;
    }
    return null;
  };
}
