"use client";
/** Where there is no room for table and charts beside each other: which of them is seen. */
import { useState } from "react";
import { useAddress } from "@/app/_ui/parts/address.ts";
import type { NarrowPart } from "./state/sight-address.ts";

/** The part that is seen; the address holds it. */
export function useNarrowPart(given: NarrowPart): [NarrowPart, (part: NarrowPart) => void] {
  const [part, setPart] = useState(given);
  useAddress(part, writePart);
  return [part, setPart];
}

function writePart(part: NarrowPart, query: URLSearchParams): void {
  query.delete("tab");
  if (part === "charts") query.set("tab", part);
}

const labels: Record<NarrowPart, string> = { table: "Table", charts: "Charts" };

type NarrowTabsProps = { shown: NarrowPart; onShow: (part: NarrowPart) => void };

export const NarrowTabs = ({ shown, onShow }: NarrowTabsProps) => (
  <fieldset className="flex gap-4 border-b border-line px-4 lg:hidden">
    <legend className="sr-only">What is seen</legend>
    {(["table", "charts"] as const).map((part) => (
      <button
        key={part}
        type="button"
        aria-pressed={part === shown}
        onClick={() => onShow(part)}
        className="-mb-px h-9 border-b-2 border-transparent text-sm text-muted hover:text-text aria-pressed:border-accent aria-pressed:font-medium aria-pressed:text-text"
      >
        {labels[part]}
      </button>
    ))}
  </fieldset>
);
