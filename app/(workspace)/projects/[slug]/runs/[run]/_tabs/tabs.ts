/** The tabs of a run's page, in their order. */
import { ChartsTab } from "./charts-tab.tsx";
import { CodeTab } from "./code-tab.tsx";
import { CommentsTab } from "./comments-tab.tsx";
import { ConfigTab } from "./config/config-tab.tsx";
import { ConsoleTab } from "./console-tab.tsx";
import { EvaluationsTab } from "./evaluations-tab.tsx";
import { FilesTab } from "./files-tab.tsx";
import { ImagesTab } from "./images/images-tab.tsx";
import { ModelTab } from "./model/model-tab.tsx";
import { SystemTab } from "./system-tab.tsx";
import type { RunTab } from "./tab.ts";

const first: RunTab = { name: "charts", label: "Charts", Tab: ChartsTab };

export const tabs: RunTab[] = [
  first,
  { name: "evaluations", label: "Evaluations", Tab: EvaluationsTab },
  { name: "model", label: "Model", Tab: ModelTab },
  { name: "images", label: "Images", Tab: ImagesTab },
  { name: "system", label: "System", Tab: SystemTab },
  { name: "console", label: "Console", Tab: ConsoleTab },
  { name: "config", label: "Config and notes", Tab: ConfigTab },
  { name: "comments", label: "Comments", Tab: CommentsTab },
  { name: "code", label: "Code", Tab: CodeTab },
  { name: "files", label: "Files", Tab: FilesTab },
];

/** The tab that an address names; the first where it names none. */
export const tabNamed = (name: unknown): RunTab => tabs.find((tab) => tab.name === name) ?? first;
