/** Tags of a run, to be read. */
import type { ReactNode } from "react";

/** A tag as a chip; `children`: what takes it off. */
export const TagChip = ({ tag, children }: { tag: string; children?: ReactNode }) => (
  <span
    title={tag}
    className="inline-flex h-5 min-w-0 max-w-44 items-center gap-0.5 rounded-sm bg-accent-soft px-1.5 text-xs text-accent"
  >
    <span className="truncate">{tag}</span>
    {children}
  </span>
);

/** All of a row's tags in one line. */
export const TagLine = ({ tags }: { tags: string[] }) => (
  <span className="flex gap-1" title={tags.join(", ")}>
    {tags.map((tag) => (
      <TagChip key={tag} tag={tag} />
    ))}
  </span>
);
