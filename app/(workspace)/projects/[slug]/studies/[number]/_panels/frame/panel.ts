/** What a panel of a study's page is. */
import type { ReactNode } from "react";
import type { Actor } from "@/lib/access/actor.ts";
import type { MadePanels } from "@/lib/studies/panels/panels.ts";
import type { StudyReview } from "@/lib/studies/review/read-review.ts";
import type { Project } from "@/lib/wire/projects.ts";
import type { StudySection } from "@/lib/wire/studies/sections.ts";
import type { Study } from "@/lib/wire/studies/studies.ts";

export type PanelProps = {
  study: Study;
  review: StudyReview;
  project: Project;
  member: Actor;
  /** What the address says of the page's state. */
  query: URLSearchParams;
};

/** `content`: null where nothing fills it. A panel whose data aren't made of the study's facts alone reads them by itself. */
export type StudyPanel = { name: StudySection; content: (props: PanelProps) => ReactNode | Promise<ReactNode> };

type DataOf<Name extends keyof MadePanels> = Extract<MadePanels[Name], { data: unknown }>["data"];

/** A panel that draws what `lib/studies/panels` made of its name. */
export const drawn = <Name extends keyof MadePanels>(
  name: Name,
  Draw: (props: PanelProps & { data: DataOf<Name> }) => ReactNode | Promise<ReactNode>,
): StudyPanel => ({
  name,
  content: (props) => {
    const made = props.review.panels[name];
    return "missing" in made ? null : Draw({ ...props, data: made.data as DataOf<Name> });
  },
});
