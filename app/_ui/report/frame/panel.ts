import type { ReactNode } from "react";
import type { Actor } from "@/lib/access/actor.ts";
import type { FilledPage } from "@/lib/evaluations/live/report-page.ts";
import type { EvaluationTask } from "@/lib/wire/evaluations/evaluations.ts";
import type { ReportSection } from "@/lib/wire/report-sections.ts";

/** Where the report's threads hang, and how many are open at each place. */
export type Talk = { projectId: string; subject: string; counts: Record<string, number> };

export type PanelProps = {
  page: FilledPage;
  member: Actor;
  /** What the address says of the page's state. */
  query: URLSearchParams;
  /** Left out: it has none, as where it is shared by a link. */
  talk?: Talk;
};

export type ReportPanel = {
  name: ReportSection;
  /** Those that have a use for it; left out: all. */
  tasks?: readonly EvaluationTask[];
  /** Null: there is nothing that fills it. A panel reads by itself what the report doesn't hold. */
  content: (props: PanelProps) => ReactNode | Promise<ReactNode>;
};
