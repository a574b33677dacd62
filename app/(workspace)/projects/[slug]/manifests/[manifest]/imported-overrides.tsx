/** Overrides that were written in another project or installation. They allow nothing here. */
import { Time } from "@/app/_ui/parts/time.tsx";
import type { listImportedOverrides } from "@/lib/exports/imported.ts";

type ImportedOverridesProps = { overrides: Awaited<ReturnType<typeof listImportedOverrides>> };

/** Nothing where none came. */
export function ImportedOverrides({ overrides }: ImportedOverridesProps) {
  if (overrides.length === 0) return null;
  return (
    <section
      aria-label="Overrides that came with an import"
      className="grid gap-1 border-b border-line px-4 py-4 text-sm md:px-6"
    >
      {overrides.map(({ id, by, project, at, reason }) => (
        <p key={id} className="max-w-[80ch] pl-6 wrap-anywhere">
          <span className="text-muted">
            Overridden in {project} by {by}, <Time at={at} />:
          </span>{" "}
          {reason}
        </p>
      ))}
      <p className="max-w-[80ch] pl-6 text-muted">
        {overrides.length === 1 ? "It" : "They"} came with an import, and {overrides.length === 1 ? "allows" : "allow"}{" "}
        nothing here: a block is overridden by a member of this project.
      </p>
    </section>
  );
}
