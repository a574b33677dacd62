"use client";
/** Tabs that are links: each has an address of its own. */
import Link from "next/link";
import { usePathname } from "next/navigation";
import { PendingMark } from "../domain/pending.tsx";

export type TabLink = {
  href: string;
  label: string;
  /** Also current on the pages below its address. */
  below?: boolean;
};

export function Tabs({ label, tabs }: { label: string; tabs: TabLink[] }) {
  const here = usePathname();
  return (
    <nav aria-label={label} className="-mb-px flex gap-4 overflow-x-auto">
      {tabs.map(({ href, label: words, below }) => {
        const current = here === href || (below && here.startsWith(`${href}/`));
        return (
          <Link
            prefetch={false}
            key={href}
            href={href}
            aria-current={current ? "page" : undefined}
            className={`flex h-9 items-center border-b-2 text-sm whitespace-nowrap transition-colors ${
              current ? "border-accent font-medium text-text" : "border-transparent text-muted hover:text-text"
            }`}
          >
            {words}
            <PendingMark className="-mr-2.5 ml-1" />
          </Link>
        );
      })}
    </nav>
  );
}
