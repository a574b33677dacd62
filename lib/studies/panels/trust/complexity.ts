/** What was added beyond a constant rate and a plain model, by which study, and whether it paid (RIGOUR P18, P44). Pure. */
import { flattenConfig, type Scalar } from "../../../runs/flatten.ts";
import { welchTest } from "../../../statistics/hypothesis-tests/welch.ts";
import { mean } from "../../../statistics/moments.ts";
import type { Config } from "../../../wire/base/config.ts";
import type { StudyFlag } from "../../../wire/studies/flags.ts";
import type { Ancestor, StudyFacts } from "../../facts/facts.ts";
import type { PanelMaker } from "../../facts/panel.ts";
import { configOf } from "../../plan.ts";

export type ExtraKind = "schedule" | "warmup" | "regularisation" | "augmentation" | "clipping" | "averaging";
export type Extra = { key: string; value: Scalar; kind: ExtraKind };

export type Launch = {
  study: number;
  title: string;
  added: Extra[];
  removed: Extra[];
  /** Better is positive; with Welch's interval where both sides have seeds. Null: there is nothing to hold it against. */
  gain: { value: number; low: number | null; high: number | null } | null;
};
export type ComplexityData = {
  /** Of the first base, and of what is adopted by now. */
  before: Extra[];
  now: Extra[];
  launches: Launch[];
  /** Extras that came in without a gain that is told from noise. */
  candidates: Extra[];
};

const kinds: [RegExp, ExtraKind, (value: Scalar) => boolean][] = [
  [/(^|[._])schedule(\.name|\.kind)?$/i, "schedule", (value) => typeof value === "string" && value !== "constant"],
  [/warm_?up/i, "warmup", (value) => Number(value) > 0],
  [/dropout|weight_?decay|(^|[._])(l1|l2)$|label_?smooth/i, "regularisation", (value) => Number(value) > 0],
  [/augment|mixup|cutmix/i, "augmentation", (value) => value === true || Number(value) > 0],
  [/clip/i, "clipping", (value) => Number(value) > 0],
  [/(^|[._])(ema|swa)([._]|$)|averag/i, "averaging", (value) => value === true || Number(value) > 0],
];

export function extrasOf(config: Config): Extra[] {
  return Object.entries(flattenConfig(config)).flatMap(([key, value]) => {
    const found = kinds.find(([name]) => name.test(key));
    return found && value !== null && value !== false && found[2](value) ? [{ key, value, kind: found[1] }] : [];
  });
}

export const makeComplexity: PanelMaker<ComplexityData> = (facts) => {
  const { study, ancestors } = facts;
  const line = [...ancestors, ownOf(facts)];
  const launches = line.map((one, at) => launchOf(one, line[at - 1] ?? null));
  const before = extrasOf(line[0]!.base);
  const now = extrasOf(line.at(-1)!.chosen?.config ?? study.base);
  if (before.length === 0 && now.length === 0 && ancestors.length === 0) return { missing: "no-lineage" };
  const unpaid = launches.flatMap((launch) =>
    paid(launch) ? [] : launch.added.map((extra) => ({ extra, study: launch.study })),
  );
  const standing = unpaid.filter(({ extra }) => now.some(({ key }) => key === extra.key));
  return {
    data: { before, now, launches, candidates: standing.map(({ extra }) => extra) },
    flags: standing.map(({ extra, study }): StudyFlag => ({ kind: "extra-without-gain", extra: extra.key, study })),
  };
};

/** An interval above 0; with one seed a side nobody knows, and nothing is said. */
const paid = ({ gain }: Launch): boolean => gain?.low == null || gain.low > 0;

/** The study itself as its line's end. */
function ownOf({ study, configurations, adopted }: StudyFacts): Ancestor {
  const { number, title, stage, base, space, objective, manifest, stepsBudget, decision, chosenTrial } = study;
  const found = configurations.find(({ trials }) => trials.some(({ id }) => id === chosenTrial));
  const ofTrial = found && {
    number: found.number,
    config: configOf(base, space, found.values),
    results: found.results,
  };
  const chosen = adopted ? { number: null, ...adopted } : ofTrial;
  return { number, title, stage, base, space, objective, manifest, stepsBudget, decision, chosen: chosen ?? null };
}

function launchOf(one: Ancestor, before: Ancestor | null): Launch {
  const from = extrasOf(before?.chosen?.config ?? one.base);
  const to = extrasOf(one.decision === "reject" || !one.chosen ? one.base : one.chosen.config);
  const without = (all: Extra[], other: Extra[]) => all.filter(({ key }) => !other.some((extra) => extra.key === key));
  return {
    study: one.number,
    title: one.title,
    added: without(to, from),
    removed: without(from, to),
    gain: gainOf(one, before),
  };
}

/** Against what the study before adopted, where both measured alike. */
function gainOf(one: Ancestor, before: Ancestor | null): Launch["gain"] {
  const [mine, theirs] = [one.chosen?.results ?? [], before?.chosen?.results ?? []];
  const isAlike =
    before !== null &&
    JSON.stringify(one.objective) === JSON.stringify(before.objective) &&
    one.manifest === before.manifest;
  if (!isAlike || mine.length === 0 || theirs.length === 0) return null;
  const sign = one.objective.direction === "max" ? 1 : -1;
  const value = sign * (mean(mine) - mean(theirs));
  const test = welchTest(mine, theirs);
  if ("undefined" in test) return { value, low: null, high: null };
  const ends = test.interval.map((end) => sign * end).sort((a, b) => a - b);
  return { value, low: ends[0]!, high: ends[1]! };
}
