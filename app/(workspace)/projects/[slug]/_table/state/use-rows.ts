/** The rows of a runs table: the first page and the pages read since, each row kept up to date. */
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { RunRow, RunsPage, RunsQuery } from "@/lib/table/rows.ts";
import { readMoreAction, readRowsAction } from "./runs-actions.ts";
import { orderInGroups, type RunsView, type ShownColumn } from "./runs-view.ts";

export type TableRows = {
  rows: RunRow[];
  hasMore: boolean;
  /** Why the next page couldn't be read, in words; null while nothing went wrong. */
  problem: string | null;
  readMore: () => void;
  /** Is told which rows are in sight. */
  onSight: (ids: string[]) => void;
};

/** Rows below the first page, and the cursor behind them. */
type RowsBelow = { query: RunsQuery; rows: RunRow[]; next: string | null };
const none: RunRow[] = [];

const PAGE = 200;

/** `first` is the first page, another object whenever something changed. Another view starts with rows of its own. */
export function useRows(project: string, view: RunsView, shown: ShownColumn[], first: RunsPage): TableRows {
  const query = useQuery(view, shown);
  const [more, setMore] = useState<RowsBelow>({ query, rows: none, next: null });
  const [problem, setProblem] = useState<string | null>(null);
  /** The cursor that is being read from. */
  const reading = useRef<string | null>(null);
  const own = more.query === query ? more.rows : none;
  const hasOwn = own.length > 0;
  const after = hasOwn ? more.next : first.next;
  // new runs come in at the top and push others off the first page: those go on below it
  const rows = useMemo(() => {
    const top = new Set(first.rows.map(({ id }) => id));
    return [...first.rows, ...own.filter(({ id }) => !top.has(id))];
  }, [first.rows, own]);
  const kept = useRef<RunRow[]>(first.rows);
  useEffect(() => {
    if (hasOwn) {
      const there = new Set(rows.map(({ id }) => id));
      const pushed = kept.current.filter(({ id }) => !there.has(id));
      if (pushed.length > 0) setMore((before) => ({ ...before, rows: [...pushed, ...before.rows] }));
    }
    kept.current = first.rows;
  }, [first.rows, rows, hasOwn]);

  const { onSight, asOf } = useRenewal(project, query, first, (ids, found) =>
    setMore((before) => ({
      ...before,
      rows: before.rows.flatMap((row) => (ids.has(row.id) ? (found.get(row.id) ?? []) : row)),
    })),
  );
  const now = useRef({ query, after });
  now.current = { query, after };
  const readMore = useCallback(async () => {
    if (reading.current === after || after === null) return;
    reading.current = after;
    setProblem(null);
    const read = await readMoreAction(project, { ...query, after, size: PAGE }).catch(unreachable);
    reading.current = null;
    // the rows above changed meanwhile: the page that follows them is asked for already
    if (now.current.query !== query || now.current.after !== after) return;
    if (!read.ok) return setProblem(read.error);
    for (const { id } of read.value.rows) asOf.current.set(id, first);
    setMore((before) => {
      const own = before.query === query ? before.rows : none;
      // the same page was asked for twice
      if (own.length > 0 && before.next !== after) return before;
      return { query, rows: [...own, ...read.value.rows], next: read.value.next };
    });
  }, [project, query, after, first, asOf]);
  return { rows, hasMore: after !== null, problem, readMore, onSight };
}

/** What the server is asked for; the same object until the question changes. */
function useQuery(view: RunsView, shown: ShownColumn[]): RunsQuery {
  const { q, archived } = view;
  const text = JSON.stringify({
    sort: orderInGroups(view),
    filter: q,
    archived,
    columns: shown.map(({ name }) => name),
  });
  return useMemo(() => JSON.parse(text) as RunsQuery, [text]);
}

export const unreachable = () => ({ ok: false as const, error: "the server can't be reached", fieldErrors: {} });

/**
 * Reads rows below the first page again when they are in sight and something changed since they were read. `renew`
 * gets the ids that were asked for, and the rows that the query still finds.
 */
function useRenewal(
  project: string,
  query: RunsQuery,
  first: RunsPage,
  renew: (ids: ReadonlySet<string>, found: Map<string, RunRow>) => void,
) {
  const now = useRef({ query, first, renew });
  now.current = { query, first, renew };
  const asOf = useRef(new Map<string, RunsPage>());
  const sight = useRef<string[]>([]);
  const busy = useRef(false);
  const look = useCallback(async () => {
    const { query, first } = now.current;
    const top = new Set(first.rows.map(({ id }) => id));
    const ids = sight.current.filter((id) => !top.has(id) && asOf.current.get(id) !== first);
    if (busy.current || ids.length === 0) return;
    busy.current = true;
    const read = await readRowsAction(project, { ...query, ids }).catch(unreachable);
    busy.current = false;
    // the next change asks again
    if (!read.ok) return;
    if (now.current.query === query) {
      for (const id of ids) asOf.current.set(id, first);
      now.current.renew(new Set(ids), new Map(read.value.map((row) => [row.id, row])));
    }
    // other rows may have come into sight meanwhile, or changed
    void look();
  }, [project]);
  const onSight = useCallback(
    (ids: string[]) => {
      sight.current = ids;
      void look();
    },
    [look],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: another first page says that something changed
  useEffect(() => void look(), [first, look]);
  return { onSight, asOf };
}
