import type { PanelProps } from "../frame/panel.ts";
import { drawn } from "../frame/panel.ts";
import { TrialsTable } from "./trials-table.tsx";

const Trials = ({ project, study }: PanelProps) => (
  <TrialsTable slug={project.slug} title={`study ${study.number}, trials`} />
);

export const trialsPanel = drawn("trials", Trials);
