import type { ReactNode } from "react";
import { currentMember } from "@/app/_session.ts";
import { Shell } from "@/app/_ui/shell/shell.tsx";
import { can } from "@/lib/access/permissions.ts";
import { countUnread } from "@/lib/inbox/notifications.ts";
import { listProjects } from "@/lib/projects/projects.ts";

export default async function WorkspaceLayout({ children }: { children: ReactNode }) {
  const member = await currentMember();
  const [projects, unread] = await Promise.all([listProjects(member), countUnread(member)]);
  const { name, email, role } = member;
  return (
    <Shell
      member={{ name, email, role }}
      unread={unread}
      projects={projects.map(({ id, slug, name, runningCount }) => ({
        slug,
        name,
        runningCount,
        can: {
          makeManifest: can(member, "manifests.register", id),
          makeStudy: can(member, "studies.write", id),
          train: can(member, "runs.log", id),
        },
      }))}
      can={{ createProject: can(member, "projects.create") }}
      admin={{ audit: can(member, "audit.read"), datasets: can(member, "datasets.give") }}
    >
      {children}
    </Shell>
  );
}
