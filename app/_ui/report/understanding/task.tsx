import type { PanelProps, ReportPanel } from "../frame/panel.ts";
import { MasksPanel } from "./masks.tsx";
import { ResidualsPanel } from "./residuals.tsx";

function Task({ page: { stored } }: PanelProps) {
  const { masks, residuals } = stored.report.panels;
  if (masks) return <MasksPanel masks={masks} />;
  if (residuals) return <ResidualsPanel residuals={residuals} />;
  return null;
}

export const taskPanel: ReportPanel = { name: "task", tasks: ["regression", "segmentation"], content: Task };
