"use client";
/** What can be done with the selected runs, each with a way back. */
import { Archive, ArchiveRestore, ChartLine, Tag, Trash2, X } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import { useToast } from "@/app/_ui/overlays/toast.tsx";
import { Button } from "@/app/_ui/parts/button.tsx";
import { inputClass } from "@/app/_ui/parts/field.tsx";
import type { Outcome } from "@/app/_ui/parts/outcome.ts";
import type { RunRow } from "@/lib/table/rows.ts";
import type { Changed, Selection } from "@/lib/table/selection.ts";
import { numberWords } from "@/lib/words/numbers.ts";
import { archiveAction, deleteAction, restoreAction, tagAction, untagAction } from "../state/runs-actions.ts";
import { type RunsView, SELECTED_SHARED_MAX, viewHref } from "../state/runs-view.ts";
import type { TableSelection } from "../state/use-selection.ts";

type SelectionBarProps = {
  project: { id: string; slug: string };
  view: RunsView;
  rows: RunRow[];
  selection: TableSelection;
  matching: { count: number; isMore: boolean };
  can: { update: boolean; remove: boolean };
};

const runsWord = (count: number) => `${numberWords(count)} ${count === 1 ? "run" : "runs"}`;

export function SelectionBar({ project, view, rows, selection, matching, can }: SelectionBarProps) {
  const router = useRouter();
  const toast = useToast();
  const [tag, setTag] = useState("");
  const [pending, startTransition] = useTransition();
  const { rows: chosen, isAll } = selection;
  const areLoaded = chosen.length === rows.length && rows.every(({ id }) => selection.has(id));
  const hasOthers = matching.isMore || matching.count > rows.length;
  const runs: Selection = isAll ? { filter: view.q, archived: view.archived } : { ids: chosen.map(({ id }) => id) };
  const count = isAll ? matching.count : chosen.length;
  const areArchived = chosen.length > 0 && chosen.every(({ isArchived }) => isArchived);
  const tags = [...new Set(chosen.flatMap((row) => row.tags))];

  /** Does something and offers its opposite, on what was changed. */
  const change = (
    done: string,
    act: () => Promise<Outcome<Changed>>,
    undo: (ids: string[]) => Promise<Outcome<Changed>>,
  ) =>
    startTransition(async () => {
      const outcome = await act();
      if (!outcome.ok) return toast({ title: outcome.error, tone: "danger" });
      const { ids } = outcome.value;
      selection.set([]);
      toast({ title: `${runsWord(ids.length)} ${done}`, undo: { label: "Undo", action: () => undo(ids) } });
    });
  const { id } = project;
  const addTag = () =>
    change(
      `tagged ${tag}`,
      () => tagAction(id, runs, tag),
      (ids) => untagAction(id, { ids }, tag),
    );
  return (
    <div
      className="flex flex-wrap items-center gap-2 border-y border-line bg-accent-soft px-4 py-1.5 md:px-6"
      role="toolbar"
      aria-label="Selected runs"
      aria-busy={pending}
    >
      <span className="text-sm font-medium" data-testid="selected-count">
        {isAll && matching.isMore ? "All that match" : runsWord(count)} selected
      </span>
      {!isAll && count > SELECTED_SHARED_MAX && (
        <span className="text-xs text-muted" title="A link to this page selects them no more">
          more than the {SELECTED_SHARED_MAX} that the address holds
        </span>
      )}
      {areLoaded && hasOthers && (
        <Button onClick={() => (isAll ? selection.set(rows) : selection.setAll())}>
          {isAll ? "Only those loaded" : `Select all ${matching.isMore ? "that match" : numberWords(matching.count)}`}
        </Button>
      )}
      {can.update && (
        <form
          className="flex items-center gap-1"
          onSubmit={(event) => {
            event.preventDefault();
            if (tag.trim()) addTag();
          }}
        >
          <input
            value={tag}
            onChange={(event) => setTag(event.target.value)}
            placeholder="tag"
            aria-label="Tag"
            className={`${inputClass} w-28`}
          />
          <Button type="submit" disabled={tag.trim() === ""}>
            <Tag aria-hidden />
            Tag
          </Button>
        </form>
      )}
      {can.update &&
        tags.map((word) => (
          <Button
            key={word}
            aria-label={`Take off the tag ${word}`}
            onClick={() =>
              change(
                `no longer tagged ${word}`,
                () => untagAction(id, runs, word),
                (ids) => tagAction(id, { ids }, word),
              )
            }
          >
            {word}
            <X aria-hidden />
          </Button>
        ))}
      <Button onClick={() => router.replace(viewHref(project.slug, { ...view, charts: true }), { scroll: false })}>
        <ChartLine aria-hidden />
        Compare
      </Button>
      {can.update && (
        <Button
          onClick={() =>
            change(
              areArchived ? "shown again" : "archived",
              () => archiveAction(id, runs, !areArchived),
              (ids) => archiveAction(id, { ids }, areArchived),
            )
          }
        >
          {areArchived ? <ArchiveRestore aria-hidden /> : <Archive aria-hidden />}
          {areArchived ? "Unarchive" : "Archive"}
        </Button>
      )}
      {can.remove && (
        <Button
          onClick={() =>
            change(
              "deleted",
              () => deleteAction(id, runs),
              (ids) => restoreAction(id, ids),
            )
          }
        >
          <Trash2 aria-hidden />
          Delete
        </Button>
      )}
      <Button className="ml-auto" onClick={() => selection.set([])}>
        <X aria-hidden />
        Clear
      </Button>
    </div>
  );
}
