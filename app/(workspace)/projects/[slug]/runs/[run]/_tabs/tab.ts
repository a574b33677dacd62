import type { ReactNode } from "react";
import type { MemberActor } from "@/lib/access/actor.ts";
import type { RunDetail } from "@/lib/runs/runs.ts";
import type { RunStanding } from "@/lib/table/run-standing.ts";
import type { SeriesList } from "@/lib/wire/points/series.ts";

/** What the page of a run has read already; a tab reads the rest by itself. */
export type TabProps = {
  run: RunDetail;
  series: SeriesList;
  standing: RunStanding;
  /** The run that the address names as the one to compare the config with; `none`: no run. */
  differs: string | undefined;
  member: MemberActor;
  canEdit: boolean;
};

export type RunTab = {
  /** As the address names it. */
  name: string;
  label: string;
  Tab: (props: TabProps) => ReactNode | Promise<ReactNode>;
};
