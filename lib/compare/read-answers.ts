/** What the models of runs that stand side by side answered to the same validation samples. */
import { sql } from "drizzle-orm";
import { connections } from "../../db/connection.ts";
import type { Actor } from "../access/actor.ts";
import { authorise } from "../access/permissions.ts";
import { BoundedMap } from "../bounded-map.ts";
import { locateEvaluation } from "../evaluations/evaluations.ts";
import { type Ranking, rankingOf } from "../evaluations/live/ranking.ts";
import { isSealed } from "../evaluations/live/report-page.ts";
import { readEvaluated, requireComplete } from "../evaluations/read-evaluated.ts";
import { requireSight } from "../evaluations/sight.ts";
import { readSplitKeys } from "../evaluations/split-keys.ts";
import { placeOfSplit } from "../evaluations/truth.ts";
import { findThumbnailed } from "../manifests/samples.ts";

/** A label, or a number; null: a mask. */
type Told = string | number | null;

export type ComparedAnswers = {
  manifest: string;
  task: Ranking["task"];
  /** In the order of the runs; those that weren't evaluated on this split are left out. */
  runs: { run: string; evaluation: string; step: number }[];
  /** Runs with an evaluation of another split, or beyond those that are read. */
  others: number;
  /** How many samples the split has, and on how many of them the answers differ. */
  total: number;
  differing: number;
  samples: {
    key: string;
    truth: Told;
    /** In the order of `runs`. */
    answers: Told[];
    thumbnail: boolean;
  }[];
};

/** Evaluations that are read for a page; samples of them that are shown. */
const EVALUATIONS_MAX = 12;
const SAMPLES_SHOWN = 60;

type Row = { run: string; id: string; step: string; splitDigest: string; task: string; manifest: string };

/**
 * Of the newest complete validation evaluation of each run, those of the split that most runs were evaluated on: first the
 * samples on which their answers differ most, then the worst. Null: none was evaluated, or labels of the split are sealed.
 */
export async function readAnswers(actor: Actor, projectId: string, runIds: string[]): Promise<ComparedAnswers | null> {
  authorise(actor, "evaluations.read", projectId);
  const rows = await connections().db.execute<Row>(sql`
    select distinct on (e.run_id) e.run_id as run, e.id, e.step, e.split_digest as "splitDigest", e.task,
      e.manifest_id as manifest
    from evaluations e
      join evaluation_predictions p on p.run_id = e.run_id and p.evaluation_id = e.id
    where e.run_id = any(${sql.param(runIds)}::uuid[]) and e.project_id = ${projectId} and e.split = 'validation'
    order by e.run_id, e.id desc`);
  const shared = mostShared(runIds.flatMap((run) => rows.find((row) => row.run === run) ?? []));
  const read = shared.slice(0, EVALUATIONS_MAX);
  const [first] = read;
  if (!first) return null;
  const record = await locateEvaluation(actor, first.run, first.id, "evaluations.read");
  await requireSight(actor, record);
  const place = await placeOfSplit(record);
  if (await isSealed(place)) return null;
  const key = read.map(({ id }) => id).join(" ");
  const chosen = remembered.get(key) ?? chooseSamples(actor, read);
  remembered.set(key, chosen);
  chosen.catch(() => remembered.delete(key));
  const { task, total, differing, samples } = await chosen;
  const keys = await readSplitKeys(place);
  const named = samples.map(({ at, ...sample }) => ({ key: keys.keyAt(at), ...sample }));
  const pictured = await findThumbnailed(
    place.datasetNumber,
    named.map(({ key }) => key),
  );
  return {
    manifest: first.manifest,
    task,
    runs: read.map(({ run, id, step }) => ({ run, evaluation: id, step: Number(step) })),
    others: rows.length - read.length,
    total,
    differing,
    samples: named.map((sample) => ({ ...sample, thumbnail: pictured.has(sample.key) })),
  };
}

/** Those of one split and task that most have; of as many the first run's. */
function mostShared(rows: Row[]): Row[] {
  const sets = new Map<string, Row[]>();
  for (const row of rows) {
    const key = `${row.manifest} ${row.splitDigest} ${row.task}`;
    sets.set(key, [...(sets.get(key) ?? []), row]);
  }
  return [...sets.values()].reduce<Row[]>((most, set) => (set.length > most.length ? set : most), []);
}

type Chosen = {
  task: Ranking["task"];
  total: number;
  differing: number;
  samples: { at: number; truth: Told; answers: Told[] }[];
};

/** Predictions of a complete evaluation never change, so what was chosen is kept for the next reading of the page. */
const remembered = new BoundedMap<string, Promise<Chosen>>(50);

async function chooseSamples(actor: Actor, read: Row[]): Promise<Chosen> {
  const rankings: Ranking[] = [];
  // one after the other: each may take some tens of megabytes
  for (const { run, id } of read) {
    const record = await locateEvaluation(actor, run, id, "evaluations.read");
    rankings.push(rankingOf(await readEvaluated(record, (await requireComplete(run, id)).file)));
  }
  const [first] = rankings as [Ranking, ...Ranking[]];
  const total = first.loss.length;
  const answersAt = (at: number) => rankings.map((ranking) => told(ranking, ranking.predicted, at));
  const kinds = Uint8Array.from({ length: total }, (_, at) => new Set(answersAt(at)).size);
  const loss = Float64Array.from({ length: total }, (_, at) => rankings.reduce((sum, one) => sum + one.loss[at]!, 0));
  // numbers and masks are never alike: there the worst come first
  const spread = first.task === "classification" ? kinds : new Uint8Array(total);
  const order = Array.from(kinds.keys()).sort((a, b) => spread[b]! - spread[a]! || loss[b]! - loss[a]! || a - b);
  return {
    task: first.task,
    total,
    differing: first.task === "segmentation" ? 0 : kinds.reduce((sum, count) => sum + Number(count > 1), 0),
    samples: order
      .slice(0, SAMPLES_SHOWN)
      .map((at) => ({ at, truth: told(first, first.truth, at), answers: answersAt(at) })),
  };
}

/** What stands at a place, by the label of its class: evaluations may know the classes in orders of their own. */
const told = ({ classes }: Ranking, of: ArrayLike<number> | null, at: number): Told =>
  of === null ? null : (classes?.[of[at]!] ?? of[at]!);
