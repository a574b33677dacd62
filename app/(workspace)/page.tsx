import { FolderPlus } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { currentMember } from "@/app/_session.ts";
import { PrimaryMetric } from "@/app/_ui/domain/primary-metric.tsx";
import { Empty } from "@/app/_ui/parts/empty.tsx";
import { Time } from "@/app/_ui/parts/time.tsx";
import { PageHeader } from "@/app/_ui/shell/page-header.tsx";
import { projectHref } from "@/app/paths.ts";
import { can } from "@/lib/access/permissions.ts";
import { listDeletedProjects } from "@/lib/projects/deleted.ts";
import { listProjects, type ProjectListItem } from "@/lib/projects/projects.ts";
import { CreateProject } from "./create-project.tsx";
import { DeletedProjects } from "./deleted-projects.tsx";

export const metadata: Metadata = { title: "Projects" };

export default async function ProjectsPage() {
  const member = await currentMember();
  const canCreate = can(member, "projects.create");
  const projects = await listProjects(member);
  const deleted = can(member, "projects.delete") ? await listDeletedProjects(member) : [];
  return (
    <>
      <PageHeader title="Projects" actions={canCreate && projects.length > 0 && <CreateProject />} />
      {projects.length > 0 ? (
        <ProjectTable projects={projects} />
      ) : (
        <Empty icon={FolderPlus} title="No projects yet">
          <p>
            A project is one task with one primary metric, such as accuracy on street signs. Runs, their metrics and the
            datasets that they used are kept in it.
          </p>
          {canCreate ? <CreateProject /> : <p>Your role is viewer: a member or an admin makes the first project.</p>}
        </Empty>
      )}
      {deleted.length > 0 && <DeletedProjects projects={deleted} canPurge={can(member, "projects.purge")} />}
    </>
  );
}

function ProjectTable({ projects }: { projects: ProjectListItem[] }) {
  return (
    <div className="relative overflow-x-auto">
      <table className="table bleed">
        <thead>
          <tr>
            <th>Name</th>
            <th className="max-md:hidden">Primary metric</th>
            <th className="number">Runs</th>
            <th className="number">Running</th>
            <th className="number">Last run</th>
          </tr>
        </thead>
        <tbody>
          {projects.map((project) => (
            <tr key={project.id} className="relative">
              <td className="w-full max-w-0 min-w-32">
                {/* the link covers its row */}
                <Link
                  prefetch={false}
                  href={projectHref(project.slug)}
                  className="block truncate font-medium after:absolute after:inset-0"
                  title={project.name}
                >
                  {project.name}
                </Link>
              </td>
              <td className="text-muted max-md:hidden">
                <PrimaryMetric project={project} />
              </td>
              <td className="number">{project.runCount}</td>
              <td className={`number ${project.runningCount > 0 ? "text-running" : "text-muted"}`}>
                {project.runningCount}
              </td>
              <td className="number text-muted">{project.lastRunAt ? <Time at={project.lastRunAt} /> : "none yet"}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
