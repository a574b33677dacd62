import { ChevronRight } from "lucide-react";
import Link from "next/link";
import { Fragment, type ReactNode } from "react";
import { type TabLink, Tabs } from "./tabs.tsx";

type PageHeaderProps = {
  title: ReactNode;
  /** What stands above the page: pairs of words and address. */
  above?: { label: string; href: string }[];
  /** Buttons at the right. */
  actions?: ReactNode;
  tabs?: TabLink[];
};

export function PageHeader({ title, above = [], actions, tabs }: PageHeaderProps) {
  return (
    <header className="border-b border-line px-4 md:px-6">
      <div className="flex min-h-12 flex-wrap items-center gap-x-2 gap-y-1 py-2">
        {above.map(({ label, href }) => (
          <Fragment key={href}>
            <Link prefetch={false} href={href} className="max-w-60 truncate text-base text-muted hover:text-text">
              {label}
            </Link>
            <ChevronRight aria-hidden className="size-3.5 text-muted" />
          </Fragment>
        ))}
        <h1 className="min-w-0 text-base font-semibold wrap-anywhere">{title}</h1>
        {actions && <div className="ml-auto flex flex-wrap items-center gap-2">{actions}</div>}
      </div>
      {tabs && <Tabs label="Sections" tabs={tabs} />}
    </header>
  );
}
