import { type ReactNode, useId } from "react";

type SectionProps = {
  title: string;
  /** What a link's fragment names it by. */
  id?: string;
  /** What this is for, in a sentence or two. */
  about?: ReactNode;
  actions?: ReactNode;
  /** The content takes the page's width, below the words. */
  wide?: boolean;
  children: ReactNode;
};

/** A part of a settings page: what it is on the left, what can be done on the right. */
export function Section({ id, title, about, actions, wide = false, children }: SectionProps) {
  const titleId = useId();
  return (
    <section
      id={id}
      aria-labelledby={titleId}
      className={`grid gap-4 border-b border-line px-4 py-8 last:border-b-0 md:px-6 ${
        wide ? "" : "lg:grid-cols-[minmax(0,280px)_minmax(0,560px)] lg:gap-12"
      }`}
    >
      <div className="flex flex-wrap items-start gap-x-4 gap-y-3">
        <div className="grid min-w-60 flex-1 gap-1">
          <h2 id={titleId} className="text-base font-medium">
            {title}
          </h2>
          {about && <div className="max-w-140 text-sm text-muted">{about}</div>}
        </div>
        {actions}
      </div>
      <div className="min-w-0">{children}</div>
    </section>
  );
}
