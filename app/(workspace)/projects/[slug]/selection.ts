/** Which rows are selected: by click, by a range with shift, or all. */
import { useMemo, useRef, useState } from "react";

export type Selection = {
  ids: ReadonlySet<string>;
  count: number;
  has: (id: string) => boolean;
  setAll: (ids: string[]) => void;
  /** Turns a run's selection around; `through`: that of all from the one before to this, too. */
  toggle: (id: string, through: boolean) => void;
};

/** `order`: the ids of the rows as they are shown. */
export function useSelection(order: string[]): Selection {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const last = useRef<string | null>(null);
  return useMemo(() => {
    const toggle = (id: string, through: boolean) => {
      const [from, to] = [last.current === null ? -1 : order.indexOf(last.current), order.indexOf(id)];
      const range = through && from >= 0 ? order.slice(Math.min(from, to), Math.max(from, to) + 1) : [id];
      const isOn = !ids.has(id);
      const next = new Set(ids);
      for (const one of range)
        if (isOn) next.add(one);
        else next.delete(one);
      last.current = id;
      setIds(next);
    };
    return {
      ids,
      count: ids.size,
      has: (id) => ids.has(id),
      setAll: (all) => setIds(new Set(all)),
      toggle,
    };
  }, [ids, order]);
}
