import type { ReactNode } from "react";
import type { Project } from "@/lib/wire/projects.ts";
import { PageHeader } from "./page-header.tsx";

type ProjectHeaderProps = { project: Pick<Project, "slug" | "name">; actions?: ReactNode };

/** The head of a project's own pages: its name and their tabs. */
export function ProjectHeader({ project, actions }: ProjectHeaderProps) {
  const home = `/projects/${encodeURIComponent(project.slug)}`;
  return (
    <PageHeader
      title={project.name}
      above={[{ label: "Projects", href: "/" }]}
      actions={actions}
      tabs={[
        { href: home, label: "Runs" },
        { href: `${home}/manifests`, label: "Manifests", below: true },
        { href: `${home}/settings`, label: "Settings", below: true },
      ]}
    />
  );
}
