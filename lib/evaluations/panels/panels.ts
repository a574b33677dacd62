/** The panels of a report, in their order, and the one act that makes them all. Pure. */
import { DEFINITIONS_VERSION } from "../../wire/evaluations/evaluations.ts";
import type { Panels } from "../../wire/evaluations/panels.ts";
import { ALPHA } from "../measures/estimates.ts";
import { type Evaluated, groupsOf } from "../measures/evaluated.ts";
import { scoreFigures } from "../measures/score-figures.ts";
import { baselines } from "./baselines.ts";
import { calibration } from "./calibration.ts";
import { confusion } from "./confusion.ts";
import { errors } from "./errors.ts";
import { headline } from "./headline.ts";
import { masks } from "./masks.ts";
import { operatingPoint } from "./operating-point.ts";
import type { Panel, PanelInputs, Shared } from "./panel.ts";
import { perClass } from "./per-class.ts";
import { residuals } from "./residuals.ts";
import { slices } from "./slices.ts";
import { soundness } from "./soundness.ts";

const table = [
  headline,
  baselines,
  perClass,
  confusion,
  operatingPoint,
  calibration,
  slices,
  errors,
  masks,
  residuals,
  soundness,
] as unknown as Panel[];

/**
 * Everything that a report says of its predictions. The same predictions and inputs give the same numbers on every machine
 * and in every process.
 */
export function makePanels(evaluated: Evaluated, inputs: PanelInputs): Panels {
  const shared = sharedOf(evaluated, inputs);
  const made = table
    .filter(({ needs }) => needs.includes(evaluated.task))
    .map((panel) => [panel.name, panel.make(evaluated, shared)] as const);
  return {
    version: DEFINITIONS_VERSION,
    task: evaluated.task,
    samples: evaluated.samples,
    groups: groupsOf(evaluated)?.count ?? null,
    confidence: 1 - ALPHA,
    panels: Object.fromEntries(made.filter(([, data]) => data !== null)),
  };
}

function sharedOf(evaluated: Evaluated, inputs: PanelInputs): Shared {
  const probabilities = evaluated.task === "classification" ? evaluated.probabilities : null;
  const scores =
    evaluated.task === "classification" && probabilities !== null
      ? scoreFigures(evaluated, probabilities, inputs.seed)
      : null;
  return { ...inputs, scores };
}
