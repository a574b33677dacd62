"use client";
/** The saved views, and the field to keep the present one under a name. */
import { Pencil, Share2, Trash2 } from "lucide-react";
import Link from "next/link";
import { useState, useTransition } from "react";
import { compareHref, projectHref } from "@/app/paths.ts";
import type { SavedView, ViewPage } from "@/lib/table/views.ts";
import { useToast } from "../../overlays/toast.tsx";
import { Button } from "../../parts/button.tsx";
import { inputClass } from "../../parts/field.tsx";
import type { ActionOutcome } from "../../parts/outcome.ts";
import { deleteViewAction, saveViewAction, updateViewAction } from "./view-actions.ts";
import type { ViewsMenuProps } from "./views-menu.tsx";

const hrefs: Record<ViewPage, (slug: string, query: string) => string> = { runs: projectHref, compare: compareHref };

/** `present`: the saved view that the page shows. `what`: what would be saved, in words. */
type ViewsListProps = ViewsMenuProps & { present: SavedView | undefined; what: string; onClose: () => void };

export function ViewsList({ project, page, query, views, canShare, present, what, onClose }: ViewsListProps) {
  const toast = useToast();
  const [name, setName] = useState("");
  const [shared, setShared] = useState(false);
  const [pending, startTransition] = useTransition();
  const run = (title: string, act: () => Promise<ActionOutcome>) =>
    startTransition(async () => {
      const outcome = await act();
      toast(outcome.ok ? { title } : { title: outcome.error, tone: "danger" });
      if (outcome.ok) setName("");
    });
  return (
    <>
      {views.length === 0 && <p className="text-sm text-muted">None yet. Save {what}:</p>}
      <ul className="grid gap-0.5" aria-label="Saved views">
        {views.map((one) => (
          <ViewItem
            key={one.id}
            href={hrefs[page](project.slug, one.query)}
            saved={one}
            isPresent={one === present}
            canShare={canShare}
            run={run}
            onGo={onClose}
          />
        ))}
      </ul>
      <form
        className="flex flex-wrap items-center gap-2"
        aria-busy={pending}
        onSubmit={(event) => {
          event.preventDefault();
          run(`Saved ${name}`, () => saveViewAction(project.id, { page, name, query, isShared: shared }));
        }}
      >
        <input
          value={name}
          onChange={(event) => setName(event.target.value)}
          placeholder="Name of this view"
          aria-label="Name of this view"
          required
          maxLength={100}
          className={`${inputClass} min-w-40 flex-1`}
        />
        {canShare && (
          <label className="flex items-center gap-1.5 text-sm">
            <input type="checkbox" checked={shared} onChange={(event) => setShared(event.target.checked)} />
            for everybody
          </label>
        )}
        <Button type="submit" look="primary" disabled={name.trim() === "" || pending}>
          Save
        </Button>
      </form>
    </>
  );
}

type ViewItemProps = {
  href: string;
  saved: SavedView;
  isPresent: boolean;
  canShare: boolean;
  run: (title: string, act: () => Promise<ActionOutcome>) => void;
  onGo: () => void;
};

function ViewItem({ href, saved, isPresent, canShare, run, onGo }: ViewItemProps) {
  const { id, name, isShared, isMine, owner } = saved;
  const rename = () => {
    const next = window.prompt("Name of this view", name);
    if (next && next !== name) run(`Renamed to ${next}`, () => updateViewAction(id, { name: next }));
  };
  return (
    <li className="flex h-8 items-center gap-1 text-sm">
      <Link
        href={href}
        prefetch={false}
        onClick={onGo}
        aria-current={isPresent ? "page" : undefined}
        className="min-w-0 flex-1 truncate rounded-md px-2 py-1 hover:bg-hover aria-[current]:font-medium aria-[current]:text-accent"
      >
        {name}
      </Link>
      <span className="text-xs text-muted">{isShared ? (isMine ? "shared" : `by ${owner}`) : "only you"}</span>
      {isMine && (
        <>
          {canShare && (
            <Button
              icon
              look="ghost"
              aria-pressed={isShared}
              aria-label={isShared ? `Keep ${name} to yourself` : `Share ${name}`}
              onClick={() =>
                run(isShared ? `${name} is yours alone` : `${name} is for everybody`, () =>
                  updateViewAction(id, { isShared: !isShared }),
                )
              }
            >
              <Share2 aria-hidden className={isShared ? "text-accent" : ""} />
            </Button>
          )}
          <Button icon look="ghost" aria-label={`Rename ${name}`} onClick={rename}>
            <Pencil aria-hidden />
          </Button>
          <Button
            icon
            look="ghost"
            aria-label={`Delete ${name}`}
            onClick={() => run(`Deleted ${name}`, () => deleteViewAction(id))}
          >
            <Trash2 aria-hidden />
          </Button>
        </>
      )}
    </li>
  );
}
