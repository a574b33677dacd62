/** Every trial of a study, those that failed, were stopped or deleted among them (RIGOUR P67). Pure. */
import type { StudyValue } from "../../wire/studies/parameters.ts";
import type { TrialOrigin, TrialStatus } from "../../wire/studies/trials.ts";
import { budgetsOf } from "../facts/budgets.ts";
import type { StudyFacts } from "../facts/facts.ts";
import type { PanelMaker } from "../facts/panel.ts";
import type { TrialResult } from "../results.ts";

/** What a filter tells trials by. `deleted`: its run is in the bin, or purged. */
export type TrialState = TrialStatus | "infeasible" | "deleted";

/** A column of trials each, of one length. */
export type TrialColumns = {
  number: number[];
  replicate: number[];
  state: TrialState[];
  /** Null: there is none, or none that counts. */
  value: (number | null)[];
  bestStep: (number | null)[];
  lastStep: (number | null)[];
  run: string[];
  /** Null: the run was purged. */
  name: (string | null)[];
  seed: (number | null)[];
  seconds: (number | null)[];
  origin: TrialOrigin[];
  /** Why it is infeasible, and who or what ended it early. */
  reason: (string | null)[];
  notes: string[];
  command: (string | null)[];
  isDirty: (boolean | null)[];
  /** By the study's parameters. */
  values: (StudyValue | null)[][];
};

export type TrialsData = {
  columns: TrialColumns;
  parameters: string[];
  objective: string;
  direction: "min" | "max";
  /** Of each trial the best value within the steps that all trials have; null: budgets don't differ. */
  equal: { steps: number; value: (number | null)[] } | null;
};

export const makeTrials: PanelMaker<TrialsData> = (facts) => {
  const { study, results, space } = facts;
  if (results.length === 0) return { missing: "no-trial" };
  const budgets = budgetsOf(facts);
  return {
    data: {
      columns: columnsOf(facts),
      parameters: space.map(({ name }) => name),
      objective: study.objective.metric,
      direction: study.objective.direction,
      equal: budgets.equal,
    },
    flags: [],
  };
};

export function stateOf({ status, infeasible, run }: TrialResult): TrialState {
  if (run === null || run.isDeleted) return "deleted";
  return infeasible === null ? status : "infeasible";
}

function columnsOf({ results, space, runs, lost }: StudyFacts): TrialColumns {
  const absurd = new Set(lost.filter(({ infeasible }) => infeasible === null).map(({ number }) => number));
  const stateHere = (one: TrialResult): TrialState =>
    stateOf(one) === "finished" && absurd.has(one.number) ? "infeasible" : stateOf(one);
  const reasonOf = ({ infeasible, stoppedBy, number }: TrialResult) =>
    infeasible ?? (absurd.has(number) ? "absurd" : stoppedBy);
  const column = <Value>(of: (one: TrialResult) => Value): Value[] => results.map(of);
  return {
    number: column(({ number }) => number),
    replicate: column(({ replicate }) => replicate),
    state: column(stateHere),
    value: column(({ value }) => value),
    bestStep: column(({ bestStep }) => bestStep),
    lastStep: column(({ lastStep }) => lastStep),
    run: column(({ runId }) => runId),
    name: column(({ run }) => run?.name ?? null),
    seed: column(({ run }) => run?.seed ?? null),
    seconds: column(({ seconds }) => (seconds === null ? null : Math.round(seconds * 10) / 10)),
    origin: column(({ origin }) => origin),
    reason: column(reasonOf),
    notes: column(({ runId }) => runs.get(runId)?.notes ?? ""),
    command: column(({ runId }) => runs.get(runId)?.command ?? null),
    isDirty: column(({ runId }) => runs.get(runId)?.isDirty ?? null),
    values: space.map(({ name }) => column(({ values }) => values[name] ?? null)),
  };
}
