import type { ReactNode } from "react";
import {
  championHref,
  doubtsHref,
  evaluationsHref,
  homeHref,
  looksHref,
  manifestsHref,
  projectHref,
  projectSettingsHref,
  queueHref,
  reviewsHref,
  studiesHref,
} from "@/app/paths.ts";
import type { Project } from "@/lib/wire/projects.ts";
import { PageHeader } from "./page-header.tsx";

type ProjectHeaderProps = { project: Pick<Project, "slug" | "name">; actions?: ReactNode };

/** The head of a project's own pages: its name and their tabs. */
export function ProjectHeader({ project, actions }: ProjectHeaderProps) {
  const { slug } = project;
  return (
    <PageHeader
      title={project.name}
      above={[{ label: "Projects", href: homeHref }]}
      actions={actions}
      tabs={[
        { href: projectHref(slug), label: "Runs" },
        { href: studiesHref(slug), label: "Studies", below: true },
        { href: queueHref(slug), label: "Queue", below: true },
        { href: manifestsHref(slug), label: "Manifests", below: true },
        { href: evaluationsHref(slug), label: "Evaluations", below: true },
        { href: looksHref(slug), label: "Test looks", below: true },
        { href: doubtsHref(slug), label: "Doubts", below: true },
        { href: championHref(slug), label: "Champion", below: true },
        { href: reviewsHref(slug), label: "Reviews", below: true },
        { href: projectSettingsHref(slug), label: "Settings", below: true },
      ]}
    />
  );
}
