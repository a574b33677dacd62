import type { TrialsData } from "@/lib/studies/panels/trials.ts";
import type { PanelProps } from "../frame/panel.ts";
import { drawn } from "../frame/panel.ts";
import { TrialsTable } from "./trials-table.tsx";

const Trials = ({ data, project, study }: PanelProps & { data: TrialsData }) => (
  <TrialsTable data={data} slug={project.slug} title={`study ${study.number}, trials`} />
);

export const trialsPanel = drawn("trials", Trials);
