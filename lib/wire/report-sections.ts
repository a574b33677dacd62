/** The sections of a report's page, in their order: trust before value before understanding before use. */
export const reportSections = [
  "verdict",
  "protocol",
  "split",
  "looks",
  "headline",
  "gap",
  "incumbent",
  "seeds",
  "selection",
  "classes",
  "confusion",
  "threshold",
  "calibration",
  "slices",
  "errors",
  "task",
  "soundness",
  "cost",
  "limits",
  "reproduce",
] as const;

export type ReportSection = (typeof reportSections)[number];
