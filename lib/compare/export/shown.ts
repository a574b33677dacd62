/** What a comparison's text is made of: the runs that are shown, and the rows that tell them apart. Pure. */
import { flattenConfig, type Scalar } from "../../runs/flatten.ts";
import type { ComparedRun, Comparison } from "../../wire/comparison.ts";
import { alignFacts, type FactSection } from "../fact-rows.ts";
import type { EvaluationCell, EvaluationRow, PairedDifference, PairedDifferences } from "../read-evaluations.ts";

export type Shown = {
  /** Runs that are out of sight. */
  hidden: readonly string[];
  /** Config keys and facts too that all runs have alike. */
  all: boolean;
};

/** A row of evaluations; `paired`: to the baseline's; null: there is nothing to pair, or it can't be. */
export type EvaluatedText = {
  row: EvaluationRow;
  paired: PairedDifferences | null;
  /** Runs whose difference to the baseline the guard bars. */
  barred: readonly string[];
};

export type TextRow = { key: string; values: (Scalar | undefined)[] };
export type TextSection = { section: Exclude<FactSection, "identity">; rows: TextRow[]; alike: number };

export type Sight = {
  comparison: Comparison;
  evaluations: readonly EvaluatedText[];
  runs: ComparedRun[];
  /** Where they stand among all. */
  places: number[];
  config: TextRow[];
  /** How many keys are alike and left out. */
  alike: number;
  facts: TextSection[];
};

const sections = ["data", "code", "environment"] as const;

export function inSight(comparison: Comparison, evaluations: readonly EvaluatedText[], { hidden, all }: Shown): Sight {
  const places = comparison.runs.flatMap(({ id }, at) =>
    hidden.includes(id) && id !== comparison.baseline ? [] : [at],
  );
  const runs = places.map((at) => comparison.runs[at]!);
  const telling = (rows: TextRow[]) => rows.filter(({ values }) => all || values.some((value) => value !== values[0]));
  const flat = runs.map(({ config }) => flattenConfig(config));
  const keys = [...new Set(flat.flatMap((one) => Object.keys(one)))].sort();
  const rows = keys.map((key) => ({ key, values: flat.map((one) => one[key]) }));
  const config = telling(rows);
  const facts = alignFacts(runs);
  const ofSection = (section: TextSection["section"]): TextSection => {
    const own = facts.filter((fact) => fact.section === section);
    const given = own.map(({ key, choices, at }) => ({
      key,
      values: at.map((place) => (place < 0 ? undefined : choices[place])),
    }));
    const kept = telling(given);
    return { section, rows: kept, alike: given.length - kept.length };
  };
  return {
    comparison,
    evaluations,
    runs,
    places,
    config,
    alike: rows.length - config.length,
    facts: sections.map(ofSection).filter(({ rows, alike }) => rows.length + alike > 0),
  };
}

/** A run's evaluation as a text says it. `words`: why there is no number, or what its difference is worth. */
export type EvaluatedCell = { cell: EvaluationCell; found: PairedDifference | null; isBarred: boolean };

export function evaluatedAt({ row, paired, barred }: EvaluatedText, at: number): EvaluatedCell | null {
  const cell = row.cells[at];
  if (!cell) return null;
  const isBarred = barred.includes(cell.run);
  return { cell, found: isBarred ? null : (paired?.byRun[cell.run] ?? null), isBarred };
}
