import type { ReactNode } from "react";

type TabSectionProps = { id?: string; title: string; actions?: ReactNode; children: ReactNode };

/** A part of a tab under its own heading. */
export function TabSection({ id, title, actions, children }: TabSectionProps) {
  return (
    <section id={id} className="min-w-0 scroll-mt-12 px-4 py-4 md:px-6">
      <div className="flex min-h-8 items-center gap-2 pb-1">
        <h2 className="text-sm font-semibold">{title}</h2>
        {actions && <div className="ml-auto flex gap-2">{actions}</div>}
      </div>
      {children}
    </section>
  );
}
