/** Samples of an evaluation beside what was answered, page by page, for who may see them. */
import type { Actor } from "../../access/actor.ts";
import { BoundedMap } from "../../bounded-map.ts";
import { findThumbnailed } from "../../manifests/samples.ts";
import { invalid, ProblemError, parse } from "../../problem.ts";
import {
  type EvaluatedSample,
  type EvaluatedSamples,
  evaluatedSamplesQuerySchema,
} from "../../wire/evaluated-samples.ts";
import { locateEvaluation } from "../evaluations.ts";
import { requireComplete } from "../read-evaluated.ts";
import { requireSight } from "../sight.ts";
import { readSplitKeys } from "../split-keys.ts";
import { placeOfSplit } from "../truth.ts";
import { type Ranking, readRanking } from "./ranking.ts";
import { isSealed } from "./report-page.ts";

const SAMPLES_A_PAGE = 60;

/**
 * The samples that `query` (`evaluatedSamplesQuerySchema`) asks for, the worst first. Throws `forbidden` where labels are
 * sealed or the actor may not see the evaluation, `not-found` while it isn't complete, `invalid` for a class or slice that
 * there isn't.
 */
export async function listEvaluatedSamples(
  actor: Actor,
  runId: string,
  id: string,
  query: unknown,
): Promise<EvaluatedSamples> {
  const record = await locateEvaluation(actor, runId, id, "evaluations.read");
  await requireSight(actor, record);
  const asked = parse(evaluatedSamplesQuerySchema, query);
  const place = await placeOfSplit(record);
  if (await isSealed(place))
    throw new ProblemError(
      "forbidden",
      "the labels of this split are sealed: no sample is shown, and no right or wrong of one; counts stand in the report",
    );
  const { file } = await requireComplete(runId, id);
  const ranking = await readRanking(record, file);
  const all = matching(ranking, asked);
  const found = Array.from({ length: Math.max(0, Math.min(SAMPLES_A_PAGE, all.length - asked.from)) }, (_, place) => {
    const rank = asked.from + place;
    return all[asked.order === "worst" ? rank : all.length - 1 - rank]!;
  });
  const keys = await readSplitKeys(place);
  const samples = found.map((at) => sampleOf(ranking, at, keys.keyAt(at)));
  const pictured = await findThumbnailed(
    place.datasetNumber,
    samples.map(({ key }) => key),
  );
  return { total: all.length, samples: samples.map((sample) => ({ ...sample, thumbnail: pictured.has(sample.key) })) };
}

type Asked = ReturnType<typeof evaluatedSamplesQuerySchema.parse>;

/** Filters of one ranking whose samples are kept for the next page: of a million they take four megabytes each at most. */
const KEPT_FILTERS = 6;
const kept = new WeakMap<Ranking, BoundedMap<string, Uint32Array>>();

/** The samples that are asked for, the worst first. */
function matching(ranking: Ranking, asked: Asked): Uint32Array {
  const { order } = ranking;
  const { truth, predicted, by, slice, answer } = asked;
  const name = JSON.stringify([truth ?? null, predicted ?? null, by ?? null, slice ?? null, answer]);
  const known = kept.get(ranking) ?? new BoundedMap<string, Uint32Array>(KEPT_FILTERS);
  kept.set(ranking, known);
  const before = known.get(name);
  if (before) return before;
  const found = order.filter(filterOf(ranking, asked));
  known.set(name, found);
  return found;
}

function filterOf(ranking: Ranking, { truth, predicted, by, slice, answer }: Asked): (sample: number) => boolean {
  const wantedTruth = classOf(ranking, "truth", truth);
  const wantedAnswer = classOf(ranking, "predicted", predicted);
  const cut = cutOf(ranking, by, slice);
  const [truths, answers] = [ranking.truth, ranking.predicted];
  const isRight = (sample: number) => truths === null || answers === null || truths[sample] === answers[sample];
  return (sample) =>
    (wantedTruth === null || truths![sample] === wantedTruth) &&
    (wantedAnswer === null || answers![sample] === wantedAnswer) &&
    (cut === null || cut.of[sample] === cut.slice) &&
    (answer === "all" || isRight(sample) === (answer === "right"));
}

function classOf({ classes, truth }: Ranking, field: "truth" | "predicted", label: string | undefined): number | null {
  if (label === undefined) return null;
  if (truth === null) throw invalid(field, "an image has many classes; ask for slices, or for the worst first");
  const found = classes?.indexOf(label) ?? -1;
  if (found === -1) throw invalid(field, `${JSON.stringify(label)} is no class of this evaluation`);
  return found;
}

function cutOf({ cuts }: Ranking, by: string | undefined, slice: string | undefined) {
  if (by === undefined || slice === undefined) return null;
  const cut = cuts.find((one) => one.by === by);
  if (!cut) throw invalid("by", `${JSON.stringify(by)} is none of ${cuts.map((one) => one.by).join(", ")}`);
  const found = cut.slices.indexOf(slice);
  if (found === -1) throw invalid("slice", `${JSON.stringify(slice)} is no slice by ${by}`);
  return { of: cut.of, slice: found };
}

function sampleOf(ranking: Ranking, at: number, key: string): Omit<EvaluatedSample, "thumbnail"> {
  const { classes, truth, predicted, confidence, loss } = ranking;
  const told = (of: ArrayLike<number> | null) => (of === null ? null : (classes?.[of[at]!] ?? of[at]!));
  return {
    key,
    truth: told(truth),
    predicted: told(predicted),
    confidence: confidence?.[at] ?? null,
    loss: loss[at]!,
  };
}
