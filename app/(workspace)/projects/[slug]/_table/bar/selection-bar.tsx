"use client";
/** What can be done with the selected runs. Each act can be undone. */
import { Archive, ArchiveRestore, ChartLine, Tag, Trash2, X } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import { useToast } from "@/app/_ui/overlays/toast.tsx";
import { Button } from "@/app/_ui/parts/button.tsx";
import { inputClass } from "@/app/_ui/parts/field.tsx";
import type { ActionOutcome } from "@/app/_ui/parts/outcome.ts";
import type { RunIds } from "@/lib/runs/bulk.ts";
import type { RunRow } from "@/lib/table/rows.ts";
import type { RunSelection } from "@/lib/table/selection.ts";
import { countWords, numberWords } from "@/lib/words/numbers.ts";
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

export function SelectionBar({ project, view, rows, selection, matching, can }: SelectionBarProps) {
  const router = useRouter();
  const { rows: chosen, isAll } = selection;
  const { acts, pending } = useActs(project.id, view, selection);
  const count = isAll ? matching.count : chosen.length;
  const areArchived = chosen.length > 0 && chosen.every(({ isArchived }) => isArchived);
  return (
    <div
      className="flex flex-wrap items-center gap-2 border-y border-line bg-accent-soft px-4 py-1.5 md:px-6"
      role="toolbar"
      aria-label="Selected runs"
      aria-busy={pending}
    >
      <span className="text-sm font-medium" data-testid="selected-count">
        {isAll && matching.isMore ? "All that match" : countWords(count, "run")} selected
      </span>
      {!isAll && count > SELECTED_SHARED_MAX && (
        <span className="text-xs text-muted" title="A link to this page selects them no more">
          more than the {SELECTED_SHARED_MAX} that the address holds
        </span>
      )}
      <AllButton rows={rows} selection={selection} matching={matching} />
      {can.update && <TagButtons tags={[...new Set(chosen.flatMap((row) => row.tags))]} acts={acts} />}
      <Button onClick={() => router.replace(viewHref(project.slug, { ...view, charts: true }), { scroll: false })}>
        <ChartLine aria-hidden />
        Compare
      </Button>
      {can.update && (
        <Button onClick={areArchived ? acts.unarchive : acts.archive}>
          {areArchived ? <ArchiveRestore aria-hidden /> : <Archive aria-hidden />}
          {areArchived ? "Unarchive" : "Archive"}
        </Button>
      )}
      {can.remove && (
        <Button onClick={acts.remove}>
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

type Acts = Record<"archive" | "unarchive" | "remove", () => void> & Record<"tag" | "untag", (tag: string) => void>;

/** What the buttons do with the selected runs. Each act offers its opposite, on the runs that it changed. */
function useActs(project: string, view: RunsView, selection: TableSelection): { acts: Acts; pending: boolean } {
  const toast = useToast();
  const [pending, startTransition] = useTransition();
  const { rows, isAll, set } = selection;
  const runs: RunSelection = isAll ? { filter: view.q, archived: view.archived } : { ids: rows.map(({ id }) => id) };
  type Act = (runs: RunSelection) => Promise<ActionOutcome<RunIds>>;
  const change = (done: string, act: Act, undo: (ids: string[]) => Promise<ActionOutcome<RunIds>>) =>
    startTransition(async () => {
      const outcome = await act(runs);
      if (!outcome.ok) return toast({ title: outcome.error, tone: "danger" });
      const { ids } = outcome.value;
      set([]);
      toast({ title: `${countWords(ids.length, "run")} ${done}`, undo: { label: "Undo", action: () => undo(ids) } });
    });
  const archive =
    (archived: boolean): Act =>
    (some) =>
      archiveAction(project, some, archived);
  const tag =
    (word: string): Act =>
    (some) =>
      tagAction(project, some, word);
  const untag =
    (word: string): Act =>
    (some) =>
      untagAction(project, some, word);
  const acts: Acts = {
    archive: () => change("archived", archive(true), (ids) => archive(false)({ ids })),
    unarchive: () => change("shown again", archive(false), (ids) => archive(true)({ ids })),
    tag: (word) => change(`tagged ${word}`, tag(word), (ids) => untag(word)({ ids })),
    untag: (word) => change(`no longer tagged ${word}`, untag(word), (ids) => tag(word)({ ids })),
    remove: () =>
      change(
        "deleted",
        (some) => deleteAction(project, some),
        (ids) => restoreAction(project, ids),
      ),
  };
  return { acts, pending };
}

/** Once the loaded rows are all selected and there are others: selects those too, or only the loaded ones again. */
function AllButton({ rows, selection, matching }: Pick<SelectionBarProps, "rows" | "selection" | "matching">) {
  const { rows: chosen, isAll } = selection;
  const areLoaded = chosen.length === rows.length && rows.every(({ id }) => selection.has(id));
  const hasOthers = matching.isMore || matching.count > rows.length;
  if (!areLoaded || !hasOthers) return null;
  return (
    <Button onClick={() => (isAll ? selection.set(rows) : selection.setAll())}>
      {isAll ? "Only those loaded" : `Select all ${matching.isMore ? "that match" : numberWords(matching.count)}`}
    </Button>
  );
}

/** `tags`: those that the selected runs have. */
function TagButtons({ tags, acts }: { tags: string[]; acts: Pick<Acts, "tag" | "untag"> }) {
  const [text, setText] = useState("");
  return (
    <>
      <form
        className="flex items-center gap-1"
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim()) acts.tag(text);
        }}
      >
        <input
          value={text}
          onChange={(event) => setText(event.target.value)}
          placeholder="tag"
          aria-label="Tag"
          className={`${inputClass} w-28`}
        />
        <Button type="submit" disabled={text.trim() === ""}>
          <Tag aria-hidden />
          Tag
        </Button>
      </form>
      {tags.map((word) => (
        <Button key={word} aria-label={`Take off the tag ${word}`} onClick={() => acts.untag(word)}>
          {word}
          <X aria-hidden />
        </Button>
      ))}
    </>
  );
}
