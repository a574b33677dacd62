/** The sections of a report, in their order. */
import type { EvaluationTask } from "@/lib/wire/evaluations/evaluations.ts";
import type { ReportPanel } from "./frame/panel.ts";
import { costPanel } from "./reuse/cost.tsx";
import { limitsPanel } from "./reuse/limits.tsx";
import { reproducePanel } from "./reuse/reproduce.tsx";
import { soundnessPanel } from "./reuse/soundness.tsx";
import { looksPanel } from "./trust/looks.tsx";
import { protocolPanel } from "./trust/protocol.tsx";
import { splitPanel } from "./trust/split.tsx";
import { verdictPanel } from "./trust/verdict.tsx";
import { calibrationPanel } from "./understanding/calibration.tsx";
import { classesPanel } from "./understanding/classes.tsx";
import { confusionPanel } from "./understanding/confusion.tsx";
import { errorsPanel } from "./understanding/errors.tsx";
import { slicesPanel } from "./understanding/slices.tsx";
import { taskPanel } from "./understanding/task.tsx";
import { thresholdPanel } from "./understanding/threshold.tsx";
import { gapPanel } from "./value/gap.tsx";
import { headlinePanel } from "./value/headline.tsx";
import { incumbentPanel } from "./value/incumbent.tsx";
import { seedsPanel } from "./value/seeds.tsx";
import { selectionPanel } from "./value/selection.tsx";

const panels: ReportPanel[] = [
  verdictPanel,
  protocolPanel,
  splitPanel,
  looksPanel,
  headlinePanel,
  gapPanel,
  incumbentPanel,
  seedsPanel,
  selectionPanel,
  classesPanel,
  confusionPanel,
  thresholdPanel,
  calibrationPanel,
  slicesPanel,
  errorsPanel,
  taskPanel,
  soundnessPanel,
  costPanel,
  limitsPanel,
  reproducePanel,
];

/** Those that an evaluation of this task has a use for. */
export const panelsOf = (task: EvaluationTask): ReportPanel[] =>
  panels.filter(({ tasks }) => tasks === undefined || tasks.includes(task));

/** Nothing that is acted on, no sample, and no list of other runs. */
const shared: ReportPanel[] = [
  verdictPanel,
  protocolPanel,
  splitPanel,
  headlinePanel,
  classesPanel,
  confusionPanel,
  thresholdPanel,
  calibrationPanel,
  slicesPanel,
  soundnessPanel,
  costPanel,
];

/** What a reader without an account sees of them. */
export const sharedPanelsOf = (task: EvaluationTask): ReportPanel[] =>
  panelsOf(task).filter((panel) => shared.includes(panel));
