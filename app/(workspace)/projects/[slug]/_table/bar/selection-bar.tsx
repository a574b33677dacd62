"use client";
/** What can be done with the selected runs. Each act can be undone. */
import { Archive, ArchiveRestore, Scale, Trash2, X } from "lucide-react";
import Link from "next/link";
import { useTransition } from "react";
import { TakeOff } from "@/app/_ui/domain/tag-editor.tsx";
import { TagInput } from "@/app/_ui/domain/tag-input.tsx";
import { TagChip } from "@/app/_ui/domain/tags.tsx";
import { useToast } from "@/app/_ui/overlays/toast.tsx";
import { Button, buttonClass } from "@/app/_ui/parts/button.tsx";
import type { ActionOutcome } from "@/app/_ui/parts/outcome.ts";
import type { RunIds } from "@/lib/runs/bulk.ts";
import type { RunRow } from "@/lib/table/rows.ts";
import type { RunSelection } from "@/lib/table/selection.ts";
import { COMPARED_RUNS_MAX } from "@/lib/wire/compared.ts";
import { countWords, numberWords } from "@/lib/words/numbers.ts";
import { comparedHref } from "../state/compared.ts";
import { archiveAction, deleteAction, restoreAction, tagAction, untagAction } from "../state/runs-actions.ts";
import { type RunsView, SELECTED_SHARED_MAX } from "../state/runs-view.ts";
import type { TableSelection } from "../state/use-selection.ts";

type SelectionBarProps = {
  project: { id: string; slug: string };
  view: RunsView;
  rows: RunRow[];
  selection: TableSelection;
  /** Tags that runs of the project have. */
  tags: string[];
  matching: { count: number; isMore: boolean };
  can: { update: boolean; remove: boolean };
};

export function SelectionBar({ project, view, rows, selection, tags, matching, can }: SelectionBarProps) {
  const { rows: chosen, isAll } = selection;
  const { acts, pending } = useActs(project.id, view, selection);
  const count = isAll ? matching.count : chosen.length;
  const areArchived = chosen.length > 0 && chosen.every(({ isArchived }) => isArchived);
  return (
    <div
      className="flex items-center gap-2 max-md:overflow-x-auto md:flex-wrap [&>*]:shrink-0 border-y border-line bg-accent-soft px-4 py-1.5 md:px-6"
      role="toolbar"
      aria-label="Selected runs"
      aria-busy={pending}
    >
      <span className="shrink-0 text-sm font-medium" data-testid="selected-count">
        {isAll && matching.isMore ? "All that match" : countWords(count, "run")} selected
      </span>
      {!isAll && count > SELECTED_SHARED_MAX && (
        <span className="text-xs text-muted" title="A link to this page selects them no more">
          more than the {SELECTED_SHARED_MAX} that the address holds
        </span>
      )}
      <AllButton rows={rows} selection={selection} matching={matching} />
      {can.update && <Tags known={tags} rows={chosen} isAll={isAll} acts={acts} />}
      <Link
        href={comparedHref(project.slug, view, rows, selection) ?? ""}
        prefetch={false}
        aria-keyshortcuts="c"
        className={buttonClass()}
        title={
          count > COMPARED_RUNS_MAX
            ? `Side by side: the first ${COMPARED_RUNS_MAX} in the order of the table`
            : "Side by side, with what is noise and what bars a comparison"
        }
      >
        <Scale aria-hidden />
        Compare{!isAll && count > COMPARED_RUNS_MAX && ` ${COMPARED_RUNS_MAX} of ${numberWords(count)}`}
      </Link>
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
type Act = (runs: RunSelection) => Promise<ActionOutcome<RunIds>>;
type Change = {
  done: string;
  act: Act;
  undo: Act;
  /** The runs leave the table, and the selection with them. */
  isLeaving?: boolean;
  /** What a selected row is then: the table may not show it, and so doesn't read it again. */
  after?: (row: RunRow) => RunRow;
};

/** What the buttons do with the selected runs. Each act offers its opposite, on the runs that it changed. */
function useActs(project: string, view: RunsView, selection: TableSelection): { acts: Acts; pending: boolean } {
  const toast = useToast();
  const [pending, startTransition] = useTransition();
  const { rows, isAll, set } = selection;
  const runs: RunSelection = isAll ? { filter: view.q, archived: view.archived } : { ids: rows.map(({ id }) => id) };
  const change = ({ done, act, undo, isLeaving = false, after }: Change) =>
    startTransition(async () => {
      const outcome = await act(runs);
      if (!outcome.ok) return toast({ title: outcome.error, tone: "danger" });
      const { ids } = outcome.value;
      if (isLeaving) set([]);
      else if (after && !isAll) set(rows.map(after));
      const title =
        ids.length === 0 ? `Nothing to do: they are ${done} already` : `${countWords(ids.length, "run")} ${done}`;
      toast(ids.length === 0 ? { title } : { title, undo: { label: "Undo", action: () => undo({ ids }) } });
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
    archive: () =>
      change({
        done: "archived",
        act: archive(true),
        undo: archive(false),
        isLeaving: !view.archived,
        after: archived,
      }),
    unarchive: () => change({ done: "shown again", act: archive(false), undo: archive(true), after: unarchived }),
    tag: (word) => change({ done: `tagged ${word}`, act: tag(word), undo: untag(word), after: withTag(word) }),
    untag: (word) =>
      change({ done: `no longer tagged ${word}`, act: untag(word), undo: tag(word), after: withoutTag(word) }),
    remove: () =>
      change({
        done: "deleted",
        act: (some) => deleteAction(project, some),
        undo: (some) => restoreAction(project, "ids" in some ? some.ids : []),
        isLeaving: true,
      }),
  };
  return { acts, pending };
}

const archived = (row: RunRow): RunRow => ({ ...row, isArchived: true });
const unarchived = (row: RunRow): RunRow => ({ ...row, isArchived: false });
const withTag = (tag: string) => (row: RunRow) => ({ ...row, tags: [...new Set([...row.tags, tag])].sort() });
const withoutTag = (tag: string) => (row: RunRow) => ({ ...row, tags: row.tags.filter((one) => one !== tag) });

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

/** More tags than these stand in no bar: the runs' own menus have them. */
const TAGS_SHOWN = 8;

type TagsProps = { known: string[]; rows: RunRow[]; isAll: boolean; acts: Pick<Acts, "tag" | "untag"> };

/** A field that tags all selected runs, and the tags that they have, each with how many have it. */
function Tags({ known, rows, isAll, acts }: TagsProps) {
  const counts = new Map<string, number>();
  for (const tag of rows.flatMap((row) => row.tags)) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  const common = [...counts].sort(([, a], [, b]) => b - a).slice(0, TAGS_SHOWN);
  return (
    <>
      <TagInput known={known} onTag={acts.tag} />
      {common.map(([tag, count]) => (
        <TagChip key={tag} tag={tag}>
          {!isAll && count < rows.length && <span className="shrink-0 text-muted">{numberWords(count)}</span>}
          <TakeOff tag={tag} onClick={() => acts.untag(tag)} />
        </TagChip>
      ))}
    </>
  );
}
