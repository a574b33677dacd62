/** What each panel of a study says, made of what was read of it. Pure. */
import type { StudyFlag } from "../../wire/studies/flags.ts";
import type { StudySection } from "../../wire/studies/sections.ts";
import { budgetsOf } from "../facts/budgets.ts";
import type { StudyFacts } from "../facts/facts.ts";
import { makeAxes } from "./search/axes.ts";
import { makeCoverage } from "./search/coverage.ts";
import { makeEnough } from "./search/enough.ts";
import { makeIsolation } from "./search/isolation.ts";
import { makeBestStep } from "./training/best-step.ts";
import { makeCurves } from "./training/curves.ts";
import { makeStability } from "./training/stability.ts";
import { makeThroughput, retunedFlag } from "./training/throughput.ts";
import { makeTrials } from "./trials.ts";
import { makeComplexity } from "./trust/complexity.ts";
import { makeLooks } from "./trust/looks.ts";
import { makeTransfer } from "./trust/transfer.ts";
import { makeVariance } from "./trust/variance.ts";

/** One line a panel, in the order of the page. */
const makers = {
  trials: makeTrials,
  axes: makeAxes,
  isolation: makeIsolation,
  coverage: makeCoverage,
  enough: makeEnough,
  curves: makeCurves,
  "best-step": makeBestStep,
  stability: makeStability,
  throughput: makeThroughput,
  variance: makeVariance,
  transfer: makeTransfer,
  complexity: makeComplexity,
  looks: makeLooks,
} satisfies Partial<Record<StudySection, unknown>>;

export type MadePanels = { [Name in keyof typeof makers]: ReturnType<(typeof makers)[Name]> };
export type PlacedFlag = { section: StudySection; flag: StudyFlag };

/** `flags`: of all panels, in their order; `banners`: what bears on the whole page. */
export type Made = { panels: MadePanels; flags: PlacedFlag[]; banners: StudyFlag[] };

/** One maker after the other; between two of them `pause` lets others have the thread. */
export async function makePanelsInTurn(facts: StudyFacts, pause: () => Promise<void>): Promise<Made> {
  const panels: [string, unknown][] = [];
  for (const [name, make] of Object.entries(makers)) {
    panels.push([name, make(facts)]);
    await pause();
  }
  return placed(facts, Object.fromEntries(panels) as MadePanels);
}

export const makePanels = (facts: StudyFacts): Made =>
  placed(facts, Object.fromEntries(Object.entries(makers).map(([name, make]) => [name, make(facts)])) as MadePanels);

function placed(facts: StudyFacts, panels: MadePanels): Made {
  const flags = Object.entries(panels).flatMap(([section, { flags }]) =>
    (flags ?? []).map((flag): PlacedFlag => ({ section: section as StudySection, flag })),
  );
  return { panels, flags, banners: [...budgetsOf(facts).flags, ...retunedFlag(facts)] };
}
