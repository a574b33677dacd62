/** The panels of a study's page, in their order (`studySections`): one line a panel. */
import type { StudyPanel } from "./frame/panel.ts";
import { bestStepPanel } from "./training/best-step.tsx";
import { trialsPanel } from "./trials/trials.tsx";

export const panels: StudyPanel[] = [
  // where it stands
  // what was tried
  trialsPanel,
  // what happened in training
  bestStepPanel,
  // how far it can be believed
];
