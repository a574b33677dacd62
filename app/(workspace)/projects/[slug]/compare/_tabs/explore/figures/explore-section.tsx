/** A view of the explorer with its name and what it is. */
import { type ReactNode, useId } from "react";

type ExploreSectionProps = {
  title: string;
  about?: ReactNode;
  actions?: ReactNode;
  className?: string;
  children: ReactNode;
};

export function ExploreSection({ title, about, actions, className = "", children }: ExploreSectionProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={`grid min-w-0 content-start gap-2 px-4 py-4 md:px-6 ${className}`}>
      <div className="flex min-h-8 flex-wrap items-center gap-x-4 gap-y-1">
        <h2 id={id} className="text-sm font-medium">
          {title}
        </h2>
        {actions && <div className="ml-auto flex flex-wrap items-center gap-2">{actions}</div>}
      </div>
      <div className="min-w-0">{children}</div>
      {about && <p className="max-w-180 text-xs text-muted">{about}</p>}
    </section>
  );
}
