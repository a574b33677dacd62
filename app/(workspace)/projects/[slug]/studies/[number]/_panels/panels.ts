/** The panels of a study's page, in their order (`studySections`): one line a panel. */
import type { StudyPanel } from "./frame/panel.ts";
import { axesPanel } from "./search/axes.tsx";
import { coveragePanel } from "./search/coverage.tsx";
import { enoughPanel } from "./search/enough.tsx";
import { isolationPanel } from "./search/isolation.tsx";
import { bestSoFarPanel } from "./standing/best-so-far.tsx";
import { comparisonsPanel } from "./standing/comparisons.tsx";
import { rolesPanel } from "./standing/roles.tsx";
import { roundsPanel } from "./standing/rounds.tsx";
import { stagesPanel } from "./standing/stages.tsx";
import { standingPanel } from "./standing/standing.tsx";
import { storyPanel } from "./standing/story.tsx";
import { bestStepPanel } from "./training/best-step.tsx";
import { curvesPanel } from "./training/curves.tsx";
import { stabilityPanel } from "./training/stability.tsx";
import { throughputPanel } from "./training/throughput.tsx";
import { trialsPanel } from "./trials/trials.tsx";
import { complexityPanel } from "./trust/complexity.tsx";
import { looksPanel } from "./trust/looks.tsx";
import { transferPanel } from "./trust/transfer.tsx";
import { variancePanel } from "./trust/variance.tsx";

export const panels: StudyPanel[] = [
  // where it stands
  standingPanel,
  stagesPanel,
  roundsPanel,
  bestSoFarPanel,
  // what was tried
  trialsPanel,
  rolesPanel,
  // what the search shows
  axesPanel,
  isolationPanel,
  coveragePanel,
  enoughPanel,
  // what happened in training
  curvesPanel,
  bestStepPanel,
  stabilityPanel,
  throughputPanel,
  // how far it can be believed
  variancePanel,
  comparisonsPanel,
  transferPanel,
  complexityPanel,
  looksPanel,
  storyPanel,
];
