"use client";
/** Links to the tabs of one page, which `tab` in its address names; the rest of the address stays as it is. */
import Link from "next/link";
import { useSearchParams } from "next/navigation";
import { useState } from "react";
import { PendingMark } from "./pending.tsx";

/** The first tab is shown where the address names none. */
type PartTabsProps = { label: string; tabs: { name: string; label: string }[]; current: string };

export function PartTabs({ label, tabs, current }: PartTabsProps) {
  const known = useSearchParams().toString();
  // what a tab keeps in the address without the router is read when somebody is about to leave it
  const [seen, setSeen] = useState<{ of: string; now: string } | null>(null);
  const look = () => setSeen({ of: known, now: window.location.search });
  const hrefOf = (tab: string) => {
    const next = new URLSearchParams(seen?.of === known ? seen.now : known);
    next.delete("tab");
    if (tab !== tabs[0]?.name) next.set("tab", tab);
    return `?${next}`;
  };
  return (
    <nav
      aria-label={label}
      onPointerEnter={look}
      onFocus={look}
      className="flex gap-4 overflow-x-auto border-b border-line px-4 md:px-6 print:hidden"
    >
      {tabs.map(({ name, label: words }) => (
        <Link
          prefetch={false}
          key={name}
          href={hrefOf(name)}
          scroll={false}
          aria-current={name === current ? "page" : undefined}
          className={`-mb-px flex h-9 items-center gap-1.5 border-b-2 text-sm whitespace-nowrap transition-colors ${
            name === current ? "border-accent font-medium text-text" : "border-transparent text-muted hover:text-text"
          }`}
        >
          {words}
          <PendingMark className="-mr-3" />
        </Link>
      ))}
    </nav>
  );
}
