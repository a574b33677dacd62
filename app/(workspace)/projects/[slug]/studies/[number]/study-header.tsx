import type { ReactNode } from "react";
import { PageHeader } from "@/app/_ui/shell/page-header.tsx";
import { projectHref } from "@/app/paths.ts";
import type { PanelProps } from "./_panels/frame/panel.ts";

/** What the study is called, and where it stands; acts at the right. */
export function StudyHeader({ study, project, actions }: PanelProps & { actions: ReactNode }) {
  return (
    <PageHeader
      title={study.title}
      above={[{ label: project.name, href: projectHref(project.slug) }]}
      actions={actions}
    />
  );
}
