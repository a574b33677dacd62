"use client";
/** What was deleted and can be had back, or purged for good. */
import { Trash2, Undo2 } from "lucide-react";
import { useTransition } from "react";
import { Confirm } from "../overlays/dialog.tsx";
import { useToast } from "../overlays/toast.tsx";
import { Button } from "../parts/button.tsx";
import type { ActionOutcome } from "../parts/outcome.ts";
import { Time } from "../parts/time.tsx";

type DeletedItem = { id: string; name: string; deletedAt: string };
type ItemAction = (id: string) => Promise<ActionOutcome>;

type DeletedListProps = {
  items: DeletedItem[];
  restore: ItemAction;
  /** Null where the member may not. */
  purge: ItemAction | null;
  /** What purging removes and what stays. */
  purgeWarning: string;
};

export function DeletedList({ items, restore, purge, purgeWarning }: DeletedListProps) {
  return (
    <ul className="border-t border-line text-sm">
      {items.map((item) => (
        <DeletedRow key={item.id} item={item} restore={restore} purge={purge} purgeWarning={purgeWarning} />
      ))}
    </ul>
  );
}

function DeletedRow({ item, restore, purge, purgeWarning }: Omit<DeletedListProps, "items"> & { item: DeletedItem }) {
  const toast = useToast();
  const [pending, startTransition] = useTransition();
  const undo = () =>
    startTransition(async () => {
      const outcome = await restore(item.id);
      toast(outcome.ok ? { title: `${item.name} is back.` } : { title: outcome.error, tone: "danger" });
    });
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line py-1.5">
      <span className="min-w-0 flex-1 truncate" title={item.name}>
        {item.name}
      </span>
      <span className="text-muted">
        deleted <Time at={item.deletedAt} />
      </span>
      <span className="flex gap-2">
        <Button onClick={undo} disabled={pending}>
          <Undo2 aria-hidden />
          Undo
        </Button>
        {purge && (
          <Confirm
            trigger={
              <Button className="text-danger">
                <Trash2 aria-hidden />
                Purge
              </Button>
            }
            title={`Purge ${item.name}?`}
            description={purgeWarning}
            confirm="Purge for good"
            action={() => purge(item.id)}
            onDone={() => toast({ title: `${item.name} is gone for good.` })}
          />
        )}
      </span>
    </li>
  );
}
