/** What a panel is: a name, the tasks that it is of, and how it is made. Pure. */
import type { EvaluatedSplit } from "../../wire/evaluations/evaluations.ts";
import type { PanelData, PanelName } from "../../wire/evaluations/panels.ts";
import type { Evaluated, Task } from "../measures/evaluated.ts";
import type { ScoreFigures } from "../measures/score-figures.ts";

export type PanelInputs = {
  /** Of every draw: taken from the content of the predictions, so that the same give the same numbers everywhere. */
  seed: number;
  split: EvaluatedSplit;
  /** What the evaluation on validation chose for the same checkpoint; null: there is none. */
  validation: { threshold: number | null; temperature: number | null } | null;
  /** The k of top-k accuracy. */
  topK: number;
};

/** What several panels are made of, found once. */
export type Shared = PanelInputs & {
  /** Null where no probabilities came. */
  scores: ScoreFigures | null;
};

export type Panel<Name extends PanelName = PanelName, Of extends Task = Task> = {
  name: Name;
  needs: readonly Of[];
  /** Null: these predictions can't fill it. */
  make: (evaluated: Extract<Evaluated, { task: Of }>, shared: Shared) => PanelData[Name] | null;
};

/** Keeps the types of a panel that is written out. */
export const panelOf = <Name extends PanelName, Of extends Task>(panel: Panel<Name, Of>): Panel<Name, Of> => panel;
