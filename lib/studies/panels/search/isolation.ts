/** The best of each value of a scientific parameter, over all nuisance ones (RIGOUR P40, P28, P24). Pure. */
import type { Parameter, Value } from "../../../search/space.ts";
import { quantileBins } from "../../../statistics/exploration/bins.ts";
import { expectedBest } from "../../../statistics/selection/expected-best.ts";
import type { StudyFlag } from "../../../wire/studies/flags.ts";
import { ratesOf, type StudyFacts, scientificOf } from "../../facts/facts.ts";
import type { PanelMaker } from "../../facts/panel.ts";
import type { Configuration } from "../../results.ts";

export type Arm = {
  label: string;
  /** Configurations that ended with a value that counts, and those that were tried. */
  count: number;
  tried: number;
  best: number | null;
  /** Expected of the best of `k` of them. */
  equal: number | null;
  isBase: boolean;
};
export type Isolation = { name: string; arms: Arm[]; k: number };
export type IsolationData = { plots: Isolation[]; noiseSd: number | null };

const BUCKETS = 10;
/** The baseline needs as many trials as this share of the candidate's (RIGOUR P28). */
const PARITY = 0.8;

export const makeIsolation: PanelMaker<IsolationData> = (facts) => {
  const scientific = scientificOf(facts);
  if (scientific.length === 0) return { missing: "no-scientific" };
  if (facts.ranked.length === 0) return { missing: "no-result" };
  const plots = scientific.map((parameter) => isolate(facts, parameter));
  return {
    data: { plots, noiseSd: facts.noiseSd },
    flags: [...plots.flatMap((plot) => parityFlag(plot, facts)), ...fixedRateFlag(facts, scientific)],
  };
};

function isolate(facts: StudyFacts, parameter: Parameter): Isolation {
  const groups = armsOf(facts, parameter);
  const filled = groups.filter(({ ended }) => ended.length > 0);
  const k = Math.min(...filled.map(({ ended }) => ended.length));
  const better = facts.study.objective.direction;
  const pick = better === "max" ? Math.max : Math.min;
  return {
    name: parameter.name,
    k: Number.isFinite(k) ? k : 0,
    arms: groups.map(({ label, ended, tried, isBase }) => ({
      label,
      count: ended.length,
      tried,
      best: ended.length === 0 ? null : pick(...ended),
      equal: ended.length === 0 ? null : expectedBest(ended, better).unbiased[k - 1]!,
      isBase,
    })),
  };
}

type Group = { label: string; ended: number[]; tried: number; isBase: boolean };

/** A value each, or ten quantile buckets where a range has more. */
export function armsOf({ configurations, lost, study, space }: StudyFacts, parameter: Parameter): Group[] {
  const isLost = new Set(lost.map(({ number }) => number));
  const having = configurations.filter(({ values }) => parameter.name in values);
  const path = study.space[space.indexOf(parameter)]!.path;
  const base = valueAt(study.base, path);
  const groupOf = (label: string, of: Configuration[], isBase: boolean): Group => ({
    label,
    ended: of.flatMap(({ value, number }) => (value === null || isLost.has(number) ? [] : [value])),
    tried: of.length,
    isBase,
  });
  const assignedOf = ({ values }: Configuration): Value => values[parameter.name]!;
  const distinct = [...new Set(having.map(assignedOf))];
  if (parameter.kind === "categorical" || distinct.length <= BUCKETS) {
    const values = parameter.kind === "categorical" ? parameter.choices : distinct.map(Number).sort((a, b) => a - b);
    return values.map((value) =>
      groupOf(
        String(value),
        having.filter((one) => assignedOf(one) === value),
        value === base,
      ),
    );
  }
  const bins = quantileBins(
    having.map((one) => Number(assignedOf(one))),
    BUCKETS,
  );
  return Array.from({ length: bins.count }, (_, bin) => {
    const of = having.filter((_, at) => bins.of[at] === bin);
    const numbers = of.map((one) => Number(assignedOf(one)));
    const ends = [Math.min(...numbers), Math.max(...numbers)].map((end) => String(Number(end.toPrecision(3))));
    return groupOf(ends[0] === ends[1] ? ends[0]! : `${ends[0]} to ${ends[1]}`, of, false);
  });
}

/** Where the base has the parameter itself. */
function valueAt(base: unknown, path: string): unknown {
  const here = base as Record<string, unknown> | null;
  if (typeof here !== "object" || here === null) return undefined;
  if (Object.hasOwn(here, path)) return here[path];
  const head = Object.keys(here).find((key) => path.startsWith(`${key}.`));
  return head === undefined ? undefined : valueAt(here[head], path.slice(head.length + 1));
}

/** The base is the baseline that the others are held against. */
function parityFlag({ name, arms }: Isolation, { study }: StudyFacts): StudyFlag[] {
  const base = arms.find(({ isBase }) => isBase);
  const { direction } = study.objective;
  const better = (a: Arm, b: Arm) => (direction === "max" ? b.best! - a.best! : a.best! - b.best!);
  const candidate = arms.filter(({ isBase, best }) => !isBase && best !== null).sort(better)[0];
  if (!base || !candidate || base.tried >= PARITY * candidate.tried) return [];
  return [
    {
      kind: "unfair-baseline",
      parameter: name,
      baseline: base.label,
      trials: base.tried,
      candidate: candidate.label,
      of: candidate.tried,
    },
  ];
}

const CHANGES_RATE = /(^|[./_])(optimi[sz]er(\.name)?|family|model|arch(itecture)?|encoder)$/i;

function fixedRateFlag(facts: StudyFacts, scientific: Parameter[]): StudyFlag[] {
  const asked = scientific.find(({ name }) => CHANGES_RATE.test(name));
  return asked && ratesOf(facts).length === 0 ? [{ kind: "fixed-rate", parameter: asked.name }] : [];
}
