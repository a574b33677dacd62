"use client";
/** Above the lines: from difference to difference by key, one below the other or side by side, and the patches as files. */
import { ArrowDown, ArrowUp, Columns2, Download, Rows2 } from "lucide-react";
import Link from "next/link";
import { useCallback, useEffect, useState } from "react";
import { useToast } from "@/app/_ui/overlays/toast.tsx";
import { download, fileName } from "@/app/_ui/parts/download.ts";
import { isFreeKey } from "@/app/_ui/shell/free-key.ts";
import { runApi } from "@/app/paths.ts";

type Patch = { letter: string; run: string; name: string };
type DifferenceBarProps = { beside: { isOn: boolean; href: string }; patches: Patch[] };

const buttonClass =
  "flex h-7 items-center gap-1.5 rounded-md px-2 text-muted hover:bg-hover hover:text-text disabled:opacity-50";

export function DifferenceBar({ beside, patches }: DifferenceBarProps) {
  const move = useDifferenceKeys();
  return (
    <div className="z-20 flex flex-wrap items-center gap-1 border-y border-line bg-bg px-2 py-0.5 text-sm md:sticky md:top-0 md:px-4 print:hidden">
      <button
        type="button"
        className={buttonClass}
        aria-keyshortcuts="n"
        title="Next difference: n"
        onClick={() => move(1)}
      >
        <ArrowDown aria-hidden className="size-4" />
        Next difference
      </button>
      <button
        type="button"
        className={buttonClass}
        aria-keyshortcuts="Shift+n"
        title="The difference before: Shift n"
        onClick={() => move(-1)}
      >
        <ArrowUp aria-hidden className="size-4" />
        Previous
      </button>
      <Link prefetch={false} scroll={false} href={beside.href} className={buttonClass}>
        {beside.isOn ? <Rows2 aria-hidden className="size-4" /> : <Columns2 aria-hidden className="size-4" />}
        {beside.isOn ? "One below the other" : "Side by side"}
      </Link>
      <span className="ml-auto flex flex-wrap gap-1">
        {patches.map((patch) => (
          <PatchButton key={patch.run} patch={patch} />
        ))}
      </span>
    </div>
  );
}

/** The keys of the comparison's table that go from difference to difference. */
const moves: Record<string, 1 | -1> = { n: 1, "]": 1, N: -1, "[": -1 };

/** By those keys: gives the focus to the first line of the difference before or behind the one that has it, or had it. */
function useDifferenceKeys(): (by: 1 | -1) => void {
  const move = useCallback((by: 1 | -1) => {
    const all = [...document.querySelectorAll<HTMLElement>("[data-difference]")];
    const current = all.findIndex((one) => one.hasAttribute("data-current"));
    const place = current < 0 ? (by > 0 ? 0 : all.length - 1) : current + by;
    const next = all[Math.min(Math.max(place, 0), all.length - 1)];
    if (!next) return;
    all[current]?.removeAttribute("data-current");
    next.setAttribute("data-current", "");
    next.scrollIntoView({ block: "center" });
    next.focus({ preventScroll: true });
  }, []);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const by = moves[event.key];
      if (by === undefined || !isFreeKey(event)) return;
      event.preventDefault();
      move(by);
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [move]);
  return move;
}

/** The whole patch of a run, by the route that programs use. */
function PatchButton({ patch: { letter, run, name } }: { patch: Patch }) {
  const [isBusy, setBusy] = useState(false);
  const toast = useToast();
  const save = async () => {
    setBusy(true);
    try {
      const response = await fetch(runApi(run));
      const { code } = (await response.json()) as { code: { diff: string } | null };
      if (!response.ok || !code) throw new Error(`the server answered ${response.status}`);
      download(`${fileName(name)}.patch`, new Blob([code.diff], { type: "text/x-diff;charset=utf-8" }));
    } catch (error) {
      toast({ title: `The patch wasn't saved: ${error instanceof Error ? error.message : error}`, tone: "danger" });
    }
    setBusy(false);
  };
  return (
    <button type="button" className={buttonClass} disabled={isBusy} onClick={() => void save()}>
      <Download aria-hidden className="size-4" />
      Patch of {letter}
    </button>
  );
}
