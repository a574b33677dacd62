"use client";
/** What the keys of the pages do, as `?` shows it. */
import type { RefObject } from "react";
import { DialogBox } from "../overlays/dialog-box.tsx";
import { chartKeys, comparisonKeys, type KeyEntry, pageKeys, tableKeys } from "./keys.ts";

type KeysDialogProps = { onClose: () => void; opener: RefObject<HTMLElement | null> };

export const KeysDialog = ({ onClose, opener }: KeysDialogProps) => (
  <DialogBox title="Keyboard shortcuts" onClose={onClose} opener={opener}>
    <Keys title="Everywhere" keys={pageKeys} />
    <Keys title="Runs table" keys={tableKeys} />
    <Keys title="Comparison" keys={comparisonKeys} />
    <Keys title="Charts" keys={chartKeys} />
  </DialogBox>
);

const Keys = ({ title, keys: entries }: { title: string; keys: KeyEntry[] }) => (
  <section className="grid gap-1" aria-label={title}>
    <h3 className="text-xs font-medium text-muted">{title}</h3>
    <dl className="grid grid-cols-[112px_1fr] gap-x-3 gap-y-1 text-sm">
      {entries.map(({ keys, words }) => (
        <div key={words} className="contents">
          <dt className="flex flex-wrap items-start gap-1">
            {keys.map((key) => (
              <kbd
                key={key}
                className="rounded-sm border border-line-strong bg-surface px-1.5 font-sans text-xs leading-5"
              >
                {key}
              </kbd>
            ))}
          </dt>
          <dd>{words}</dd>
        </div>
      ))}
    </dl>
  </section>
);
