/** Throughput by batch size, and whether the batch size is settled (RIGOUR P6 to P11, P56). Pure. */
import { type Scaling, scalingOf } from "../../../playbook/throughput.ts";
import { flattenConfig } from "../../../runs/flatten.ts";
import { ascending, quantile } from "../../../statistics/moments.ts";
import type { StudyFlag } from "../../../wire/studies/flags.ts";
import { isBatchSize, isRate, ratesOf, type StudyFacts } from "../../facts/facts.ts";
import type { PanelMaker } from "../../facts/panel.ts";
import { configOf } from "../../plan.ts";
import type { TrialResult } from "../../results.ts";

export type BatchProbe = { batch: number; runs: number; low: number; middle: number; high: number; seconds: number };
export type ThroughputData = {
  probes: BatchProbe[];
  /** `metric`: what the runs logged; null: examples over the time of the whole run, evaluations included. */
  metric: string | null;
  /** Where each batch is twice the one before; null: elsewhere. */
  scaling: Scaling | null;
  /** The share of a step that waits for data; null: nobody logged it. */
  wait: number | null;
};

const THROUGHPUT = /(images|examples|samples|tokens)_?per_?s(ec(ond)?)?$|throughput/i;
const WAIT = /(data|input)_?wait|wait_?(time|ms|s|seconds)?$/i;
const COMPUTE = /compute_?(time|ms|s|seconds)?$/i;
const WAIT_WARNING = 0.2;
const SCALES = 0.8;
const REGULARISES = /dropout|weight_?decay|(^|[./_])(l2|wd)$/i;
const MODEL =
  /family|model|arch|optimi[sz]er(\.name)?$|units|filters|layers|depth|width|dtype|precision|resize|input|device|encoder/i;

export const makeThroughput: PanelMaker<ThroughputData> = (facts) => {
  const byBatch = new Map<number, number[]>();
  const rates = facts.results.flatMap((trial) => rateOf(facts, trial));
  const metric = rates.find((one) => one.metric !== null)?.metric ?? null;
  for (const one of rates.filter((rate) => rate.metric === metric))
    byBatch.set(one.batch, [...(byBatch.get(one.batch) ?? []), one.rate]);
  const probes = [...byBatch].map(probeOf).sort((a, b) => a.batch - b.batch);
  const wait = waitOf(facts);
  const flags = [...retunedFlag(facts), ...waitFlag(wait), ...accumulationFlag(facts), ...staleFlag(facts)];
  if (probes.length < 2) return { missing: "no-throughput", flags };
  const isDoubling = probes.slice(1).every(({ batch }, at) => Math.abs(batch / probes[at]!.batch - 2) < 0.1);
  const scaling = isDoubling
    ? scalingOf(probes.map(({ batch, middle }) => ({ batch, examplesPerSecond: middle })))
    : null;
  return { data: { probes, metric, scaling, wait }, flags: [...flags, ...scalingFlags(probes, scaling)] };
};

/** A larger batch is compared by the objective though what must follow it stands still; null: it isn't so. */
export function retunedFlag(facts: StudyFacts): StudyFlag[] {
  const { study, space } = facts;
  const isVaried = space.some(({ name }) => isBatchSize(name));
  const isByScore =
    study.objective.split === "validation" && !/time|second|cost|throughput/i.test(study.objective.metric);
  if (!isVaried || !isByScore || ratesOf(facts).length > 0) return [];
  const fixed = Object.keys(flattenConfig(study.base)).filter((key) => isRate(key) || REGULARISES.test(key));
  return [{ kind: "batch-not-retuned", fixed }];
}

function rateOf({ summaries }: StudyFacts, { run, runId, values, seconds, lastStep }: TrialResult) {
  const flat = Object.entries({ ...flattenConfig(run?.config ?? {}), ...values });
  const batch = flat.find(([key, value]) => isBatchSize(key) && typeof value === "number")?.[1] as number | undefined;
  if (batch === undefined || batch <= 0) return [];
  const logged = [...(summaries.get(runId) ?? [])].find(([key]) => THROUGHPUT.test(key));
  if (logged && (logged[1].mean ?? 0) > 0)
    return [{ batch, rate: logged[1].mean!, metric: logged[0] as string | null }];
  return seconds && lastStep ? [{ batch, rate: (batch * (lastStep + 1)) / seconds, metric: null }] : [];
}

function probeOf([batch, rates]: [number, number[]]): BatchProbe {
  const sorted = ascending(rates);
  const middle = quantile(sorted, 0.5);
  return {
    batch,
    runs: rates.length,
    low: quantile(sorted, 0.25),
    middle,
    high: quantile(sorted, 0.75),
    seconds: batch / middle,
  };
}

function scalingFlags(probes: BatchProbe[], scaling: Scaling | null): StudyFlag[] {
  if (!scaling) return [];
  const { efficiencies, saturatedAt } = scaling;
  // short of the knee a step that gives little is a bottleneck
  const slow = efficiencies.findIndex(
    (one, at) => one < SCALES && (saturatedAt === null || probes[at + 1]!.batch < saturatedAt),
  );
  return [
    ...(slow >= 0
      ? [
          {
            kind: "slow-scaling" as const,
            from: probes[slow]!.batch,
            to: probes[slow + 1]!.batch,
            efficiency: efficiencies[slow]!,
          },
        ]
      : []),
    ...(saturatedAt === null ? [] : [{ kind: "batch-saturated" as const, at: saturatedAt }]),
  ];
}

function waitOf({ summaries }: StudyFacts): number | null {
  const shares = [...summaries.values()].flatMap((series) => {
    const meanOf = (name: RegExp) => [...series].find(([key]) => name.test(key))?.[1].mean ?? null;
    const [wait, compute] = [meanOf(WAIT), meanOf(COMPUTE)];
    return wait === null || compute === null || wait + compute <= 0 ? [] : [wait / (wait + compute)];
  });
  return shares.length === 0 ? null : quantile(ascending(shares), 0.5);
}

const waitFlag = (share: number | null): StudyFlag[] =>
  share !== null && share > WAIT_WARNING ? [{ kind: "input-bound", share }] : [];

function accumulationFlag({ study }: StudyFacts): StudyFlag[] {
  const steps = Object.entries(flattenConfig(study.base)).find(([key]) => /accumulat/i.test(key))?.[1];
  return typeof steps === "number" && steps > 1 ? [{ kind: "accumulation", steps }] : [];
}

/** What changed of the model since the batch size was settled. */
function staleFlag({ study, ancestors }: StudyFacts): StudyFlag[] {
  const probe = ancestors.findLast(({ stage }) => stage === "batch-size");
  if (!probe || study.stage === "batch-size") return [];
  const [then, now] = [probe.chosen?.config ?? configOf(probe.base, probe.space, {}), study.base].map(flattenConfig);
  const keys = new Set([...Object.keys(then!), ...Object.keys(now!)]);
  const changed = [...keys].filter((key) => MODEL.test(key) && then![key] !== now![key]);
  return changed.length === 0 ? [] : [{ kind: "probe-stale", study: probe.number, changed }];
}
