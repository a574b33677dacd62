"use client";
import { DeletedList } from "@/app/_ui/domain/deleted-list.tsx";
import { purgeProjectAction, restoreProjectAction } from "@/app/_ui/domain/project-actions.ts";
import type { DeletedProject } from "@/lib/projects/deleted.ts";

export function DeletedProjects({ projects, canPurge }: { projects: DeletedProject[]; canPurge: boolean }) {
  return (
    <section aria-label="Deleted projects" className="px-4 py-8 md:px-6">
      <h2 className="pb-2 text-sm font-medium text-muted">Deleted projects</h2>
      <DeletedList
        items={projects}
        restore={restoreProjectAction}
        purge={canPurge ? purgeProjectAction : null}
        purgeWarning="Its runs, points, files and the datasets that no other project holds are removed for good. Its looks at test splits and the audit stay."
      />
    </section>
  );
}
