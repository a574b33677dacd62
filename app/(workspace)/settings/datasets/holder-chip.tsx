"use client";
import { X } from "lucide-react";
import { Confirm } from "@/app/_ui/overlays/dialog.tsx";
import { useToast } from "@/app/_ui/overlays/toast.tsx";
import type { Holder } from "@/lib/datasets/giving.ts";
import { countWords } from "@/lib/words/numbers.ts";
import { takeDatasetAwayAction } from "./actions.ts";

type HolderChipProps = {
  dataset: string;
  /** The dataset's name and version. */
  named: string;
  holder: Holder;
};

/** A project that has the dataset; the way to take it away while the project has no manifest of it. */
export function HolderChip({ dataset, named, holder: { id, name, isDeleted, manifestCount } }: HolderChipProps) {
  const toast = useToast();
  return (
    <li className="inline-flex h-6 max-w-full items-center gap-1.5 rounded-full border border-line-strong px-2.5 text-xs">
      <span className="truncate" title={name}>
        {name}
      </span>
      {isDeleted && <span className="text-muted">deleted</span>}
      {manifestCount > 0 ? (
        <span className="text-muted whitespace-nowrap">{countWords(manifestCount, "manifest")}</span>
      ) : (
        <Confirm
          trigger={
            <button
              type="button"
              aria-label={`Take ${named} away from ${name}`}
              className="-mr-1 grid size-5 place-items-center rounded-full text-muted hover:bg-hover hover:text-text"
            >
              <X aria-hidden className="size-3.5" />
            </button>
          }
          title={`Take ${named} away from ${name}?`}
          description="Its members and tokens don't reach the samples any more. It can be given again."
          confirm="Take away"
          action={() => takeDatasetAwayAction(dataset, id)}
          onDone={() => toast({ title: `${named} is taken away from ${name}.` })}
        />
      )}
    </li>
  );
}
