"use client";
/** The sections of a run's page; the rest of the URL (smoothing, axes) stays as it is. */
import Link from "next/link";
import { useSearchParams } from "next/navigation";
import { Pending } from "@/app/_ui/domain/pending.tsx";
import { type RunTab, runTabs } from "./run-tab.ts";

const words: Record<RunTab, string> = {
  charts: "Charts",
  model: "Model",
  images: "Images",
  system: "System",
  console: "Console",
  config: "Config and notes",
  code: "Code",
  files: "Files",
};

export function RunTabs({ current }: { current: RunTab }) {
  const query = useSearchParams();
  const hrefOf = (tab: RunTab) => {
    const next = new URLSearchParams(query);
    next.delete("tab");
    if (tab !== "charts") next.set("tab", tab);
    return `?${next}`;
  };
  return (
    <nav aria-label="Sections" className="flex gap-4 overflow-x-auto border-b border-line px-4 md:px-6">
      {runTabs.map((tab) => (
        <Link
          prefetch={false}
          key={tab}
          href={hrefOf(tab)}
          scroll={false}
          aria-current={tab === current ? "page" : undefined}
          className={`-mb-px flex h-9 items-center gap-1.5 border-b-2 text-sm whitespace-nowrap transition-colors ${
            tab === current ? "border-accent font-medium text-text" : "border-transparent text-muted hover:text-text"
          }`}
        >
          {words[tab]}
          <Pending className="-mr-3" />
        </Link>
      ))}
    </nav>
  );
}
