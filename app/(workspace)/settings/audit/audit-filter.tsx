import { X } from "lucide-react";
import Link from "next/link";
import { buttonClass } from "@/app/_ui/parts/button.tsx";
import { Input, Select } from "@/app/_ui/parts/field.tsx";
import { auditHref } from "@/app/paths.ts";
import { type AuditView, queryOf } from "./audit-query.ts";

const whose = [
  ["people", "By people"],
  ["machines", "By machines"],
  ["everybody", "By everybody"],
] as const;

type AuditFilterBarProps = {
  view: AuditView;
  projects: { id: string; name: string }[];
  /** Who the one is whose acts are shown; null: everybody's are. */
  actorWords: string | null;
};

/** Whose acts are shown, and which of them: links and a form, so that it works before its script is there. */
export function AuditFilterBar({ view, projects, actorWords }: AuditFilterBarProps) {
  const isFiltered = [view.who, view.actor, view.what, view.project, view.from, view.until].some((one) => one !== "");
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3 md:px-6">
      <nav aria-label="Whose acts" className="flex rounded-md border border-line-strong">
        {whose.map(([by, words]) => (
          <Link
            key={by}
            prefetch={false}
            href={auditHref(queryOf(view, { by, before: undefined }))}
            aria-current={view.by === by ? "page" : undefined}
            className={`flex h-8 items-center px-2.5 text-sm whitespace-nowrap first:rounded-l-md last:rounded-r-md ${
              view.by === by ? "bg-accent-soft font-medium text-accent" : "text-muted hover:bg-hover hover:text-text"
            }`}
          >
            {words}
          </Link>
        ))}
      </nav>
      {actorWords !== null && (
        <span className="flex h-8 max-w-full min-w-0 items-center gap-2 rounded-md bg-accent-soft pl-2.5 text-sm text-accent">
          <span className="truncate">By {actorWords} alone</span>
          <Link
            prefetch={false}
            href={auditHref(queryOf(view, { actor: "", before: undefined }))}
            aria-label="By anybody again"
            className="grid size-8 place-items-center rounded-r-md hover:bg-hover"
          >
            <X aria-hidden className="size-4" />
          </Link>
        </span>
      )}
      <form key={queryOf(view).toString()} action={auditHref()} className="flex flex-wrap items-center gap-2">
        {view.by !== "people" && <input type="hidden" name="by" value={view.by} />}
        {view.actor !== "" && <input type="hidden" name="actor" value={view.actor} />}
        <Input name="who" defaultValue={view.who} placeholder="Who" aria-label="Who" className="max-w-36" />
        <Input
          name="what"
          defaultValue={view.what}
          placeholder="What: run.delete, a name"
          aria-label="What"
          className="max-w-52"
        />
        <Select
          name="project"
          aria-label="Project"
          defaultValue={view.project}
          options={[["", "All projects"], ...projects.map(({ id, name }) => [id, name] as const)]}
          className="max-w-44"
        />
        <Day name="from" label="From" value={view.from} />
        <Day name="until" label="Until" value={view.until} />
        <button type="submit" className={buttonClass()}>
          Filter
        </button>
        {isFiltered && (
          <Link
            prefetch={false}
            href={auditHref(
              queryOf(view, { who: "", actor: "", what: "", project: "", from: "", until: "", before: undefined }),
            )}
            className={buttonClass("ghost")}
          >
            Clear
          </Link>
        )}
      </form>
    </div>
  );
}

const Day = ({ name, label, value }: { name: string; label: string; value: string }) => (
  <span className="flex items-center gap-1.5 text-sm text-muted">
    <span aria-hidden>{label}</span>
    <Input type="date" name={name} defaultValue={value} aria-label={label} className="w-36" />
  </span>
);
