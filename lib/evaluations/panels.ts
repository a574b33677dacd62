/** The panels of a report, made of what was predicted beside what is true. Pure. */
import type { Evaluated } from "./measures/evaluated.ts";

export type PanelInputs = {
  /** Of every random draw: the same predictions give the same numbers on every machine. */
  seed: number;
  /** What was chosen on validation; null: nothing was. */
  validation: { threshold: number | null; temperature: number | null } | null;
  topK: number;
};

export const makePanels = ({ task, samples }: Evaluated, _: PanelInputs): Record<string, unknown> => ({
  size: { task, samples },
});
