"use client";
/** Above the runs: the filter, how many there are, the pages, and their CSV. */
import { ChevronLeft, ChevronRight, Download, Search } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useEffect, useRef, useState, useTransition } from "react";
import { Button, buttonClass } from "@/app/_ui/button.tsx";
import { download, fileName } from "@/app/_ui/download.ts";
import { inputClass } from "@/app/_ui/field.tsx";
import { toCsv } from "@/lib/csv.ts";
import type { RunsTable } from "@/lib/runs/table.ts";
import { runsColumns } from "./runs-columns.ts";
import { type RunsView, viewHref } from "./runs-view.ts";

/** How long typing rests before the table is asked for. */
const REST_MS = 200;

type RunsBarProps = {
  slug: string;
  projectName: string;
  /** `split/metric` of the project's primary metric, or null. */
  primary: string | null;
  view: RunsView;
  table: RunsTable;
};

export function RunsBar({ slug, projectName, primary, view, table }: RunsBarProps) {
  const { matching, total, page, pageSize } = table;
  const pages = Math.max(1, Math.ceil(matching / pageSize));
  const first = (page - 1) * pageSize + 1;
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-2 md:px-6">
      <Filter slug={slug} view={view} />
      <span className="text-sm text-muted" role="status" data-testid="run-count">
        {matching === total ? `${total} ${total === 1 ? "run" : "runs"}` : `${matching} of ${total} runs`}
        {pages > 1 && `, shown ${first}–${Math.min(matching, first + pageSize - 1)}`}
      </span>
      <div className="ml-auto flex items-center gap-2">
        {pages > 1 && (
          <>
            <PageLink to={page - 1} pages={pages} label="Previous page" slug={slug} view={view} />
            <PageLink to={page + 1} pages={pages} label="Next page" slug={slug} view={view} />
          </>
        )}
        <Button
          title={`Save the ${table.rows.length} ${table.rows.length === 1 ? "run" : "runs"} shown here, with every value in full`}
          onClick={() => download(`${fileName(projectName)} runs.csv`, csvOf(table, primary))}
        >
          <Download aria-hidden />
          CSV
        </Button>
      </div>
    </div>
  );
}

function Filter({ slug, view }: { slug: string; view: RunsView }) {
  const router = useRouter();
  const [text, setText] = useState(view.q);
  const [pending, startTransition] = useTransition();
  const asked = useRef(view.q);
  useEffect(() => {
    // another filter came by a link or the back button, not from this field
    if (pending || view.q === asked.current) return;
    asked.current = view.q;
    setText(view.q);
  }, [view.q, pending]);
  useEffect(() => {
    if (text === asked.current) return;
    const timer = setTimeout(() => {
      asked.current = text;
      startTransition(() => router.replace(viewHref(slug, { ...view, q: text, page: 1 }), { scroll: false }));
    }, REST_MS);
    return () => clearTimeout(timer);
  }, [text, slug, view, router]);
  return (
    <label className="relative w-full md:w-72" aria-busy={pending}>
      <span className="sr-only">Filter runs by name, status or config</span>
      <Search aria-hidden className="absolute top-2 left-2.5 size-4 text-muted" />
      <input
        type="search"
        value={text}
        onChange={(event) => setText(event.target.value)}
        placeholder="Name, status or config"
        className={`${inputClass} pl-8`}
      />
    </label>
  );
}

type PageLinkProps = { to: number; pages: number; label: string; slug: string; view: RunsView };

function PageLink({ to, pages, label, slug, view }: PageLinkProps) {
  const Icon = label.startsWith("Next") ? ChevronRight : ChevronLeft;
  if (to < 1 || to > pages)
    return (
      <Button icon disabled aria-label={label}>
        <Icon aria-hidden />
      </Button>
    );
  return (
    <Link href={viewHref(slug, { ...view, page: to })} className={buttonClass("plain", true)} aria-label={label}>
      <Icon aria-hidden />
    </Link>
  );
}

/** What the table shows, with every value in full. */
function csvOf(table: RunsTable, primary: string | null): string {
  const columns = runsColumns(table, primary);
  const header = [
    "id",
    "name",
    "status",
    ...columns.map(({ group, label }) => (group === "config" ? label : `${group} ${label}`)),
    "duration (ms)",
    "created",
  ];
  const rows = table.rows.map((row) => [
    row.id,
    row.name,
    row.status,
    ...columns.map((column) => column.cellOf(row).full),
    row.durationMs,
    row.createdAt,
  ]);
  return toCsv(header, rows);
}
