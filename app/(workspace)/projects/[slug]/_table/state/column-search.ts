/** The columns that are known, and those that a search finds where there are too many to list. */
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { RunsColumns } from "@/lib/table/known-columns.ts";
import { mergeColumns } from "@/lib/table/merge-columns.ts";
import { findColumnsAction } from "./runs-actions.ts";
import { unreachable } from "./use-rows.ts";

export type ColumnSearch = {
  known: RunsColumns;
  /** Asks for columns with these words in their name; does nothing where all are known. */
  search: (words: string) => void;
  isSearching: boolean;
};

/** Between the last letter and the search. */
const PAUSE_MS = 150;

export function useColumnSearch(project: string, listed: RunsColumns): ColumnSearch {
  const [found, setFound] = useState<Pick<RunsColumns, "config" | "metrics">>({ config: [], metrics: [] });
  const [isSearching, setSearching] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const latest = useRef("");
  useEffect(() => () => clearTimeout(timer.current), []);
  const { isCut } = listed;
  const search = useCallback(
    (text: string) => {
      const words = text.trim();
      if (!isCut || words === latest.current) return;
      latest.current = words;
      clearTimeout(timer.current);
      setSearching(words !== "");
      if (words === "") return;
      timer.current = setTimeout(async () => {
        const answer = await findColumnsAction(project, words).catch(unreachable);
        if (latest.current !== words) return;
        setSearching(false);
        if (answer.ok) setFound((before) => mergeColumns({ ...before, tags: [], isCut }, answer.value));
      }, PAUSE_MS);
    },
    [project, isCut],
  );
  const known = useMemo(() => mergeColumns(listed, found), [listed, found]);
  return { known, search, isSearching };
}
