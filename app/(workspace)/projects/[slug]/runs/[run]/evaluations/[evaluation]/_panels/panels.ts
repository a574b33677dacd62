/** The sections of a report, in their order. */

import type { ReportPanel } from "./panel.ts";
import { looksPanel } from "./trust/looks.tsx";
import { protocolPanel } from "./trust/protocol.tsx";
import { splitPanel } from "./trust/split.tsx";
import { verdictPanel } from "./trust/verdict.tsx";
import { classesPanel } from "./understanding/classes.tsx";
import { confusionPanel } from "./understanding/confusion.tsx";
import { headlinePanel } from "./value/headline.tsx";

export const panels: ReportPanel[] = [
  verdictPanel,
  protocolPanel,
  splitPanel,
  looksPanel,
  headlinePanel,
  classesPanel,
  confusionPanel,
];
