import { FolderPlus } from "lucide-react";
import type { Metadata } from "next";
import { currentMember } from "@/app/_session.ts";
import { Empty } from "@/app/_ui/parts/empty.tsx";
import { PageHeader } from "@/app/_ui/shell/page-header.tsx";
import { can } from "@/lib/access/permissions.ts";
import { listDeletedProjects } from "@/lib/projects/deleted.ts";
import { listOverviews } from "@/lib/projects/overview.ts";
import { CreateProject } from "./create-project.tsx";
import { DeletedProjects } from "./deleted-projects.tsx";
import { ProjectTable } from "./project-table.tsx";

export const metadata: Metadata = { title: "Projects" };

type Props = { searchParams: Promise<{ new?: string | string[] }> };

export default async function ProjectsPage({ searchParams }: Props) {
  const member = await currentMember();
  const canCreate = can(member, "projects.create");
  const isAsked = (await searchParams).new === "1";
  const projects = await listOverviews(member);
  const deleted = can(member, "projects.delete") ? await listDeletedProjects(member) : [];
  return (
    <>
      <PageHeader title="Projects" actions={canCreate && projects.length > 0 && <CreateProject isAsked={isAsked} />} />
      {projects.length > 0 ? (
        <ProjectTable projects={projects} />
      ) : (
        <Empty icon={FolderPlus} title="No projects yet">
          <p>
            A project is one task with one primary metric, such as accuracy on street signs. Runs, their metrics and the
            datasets that they used are kept in it.
          </p>
          {canCreate ? (
            <CreateProject isAsked={isAsked} />
          ) : (
            <p>Your role is viewer: a member or an admin makes the first project.</p>
          )}
        </Empty>
      )}
      {deleted.length > 0 && <DeletedProjects projects={deleted} canPurge={can(member, "projects.purge")} />}
    </>
  );
}
