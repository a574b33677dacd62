"use client";
/** Chooses which columns have an axis. */
import { Columns3 } from "lucide-react";
import { useState } from "react";
import { Dialog } from "@/app/_ui/overlays/dialog.tsx";
import { Button } from "@/app/_ui/parts/button.tsx";
import { inputClass } from "@/app/_ui/parts/field.tsx";
import { labelOf } from "./state/columns.ts";

/** A longer list helps nobody: words narrow it down. */
const FOUND_MAX = 100;

type ColumnsDialogProps = { shown: string[]; offered: string[]; onChange: (axes: string[]) => void };

export function ColumnsDialog({ shown, offered, onChange }: ColumnsDialogProps) {
  const [isOpen, setIsOpen] = useState(false);
  const [text, setText] = useState("");
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const all = [...new Set([...shown, ...offered])];
  const found = all.filter((name) => words.every((word) => labelOf(name).toLowerCase().includes(word)));
  const toggle = (name: string) =>
    onChange(shown.includes(name) ? shown.filter((one) => one !== name) : [...shown, name]);
  return (
    <Dialog
      open={isOpen}
      onOpenChange={setIsOpen}
      title="Axes"
      trigger={
        <Button>
          <Columns3 aria-hidden />
          Axes
        </Button>
      }
    >
      <input
        type="search"
        value={text}
        onChange={(event) => setText(event.target.value)}
        placeholder="Find a config key or a metric"
        aria-label="Find a column"
        className={inputClass}
      />
      <ul className="mt-2 grid max-h-80 overflow-y-auto">
        {found.slice(0, FOUND_MAX).map((name) => (
          <li key={name}>
            <label className="flex h-8 items-center gap-2 text-sm">
              <input type="checkbox" checked={shown.includes(name)} onChange={() => toggle(name)} />
              <span className="min-w-0 truncate" title={labelOf(name)}>
                {labelOf(name)}
              </span>
            </label>
          </li>
        ))}
      </ul>
      {found.length === 0 && <p className="py-2 text-sm text-muted">No column has these words in its name.</p>}
      {found.length > FOUND_MAX && (
        <p className="pt-2 text-xs text-muted">{found.length - FOUND_MAX} more: type more of the name.</p>
      )}
    </Dialog>
  );
}
