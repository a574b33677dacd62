"use client";
/** One more run beside the others. Runs of a filter become a list of runs then. */
import { Plus } from "lucide-react";
import { useSearchParams } from "next/navigation";
import { useRef, useState } from "react";
import { buttonClass } from "@/app/_ui/parts/button.tsx";
import { COMPARED_RUNS_MAX } from "@/lib/wire/compared.ts";
import { RunFinder } from "./run-finder.tsx";

type AddRunProps = { project: string; ids: string[] };

export function AddRun({ project, ids }: AddRunProps) {
  const box = useRef<HTMLDetailsElement>(null);
  const [isOpen, setOpen] = useState(false);
  const hrefWith = useHrefWith(ids);
  const close = () => {
    if (box.current) box.current.open = false;
  };
  return (
    <details
      ref={box}
      className="relative print:hidden"
      onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
      onBlur={({ currentTarget, relatedTarget }) => relatedTarget && !currentTarget.contains(relatedTarget) && close()}
      onKeyDown={({ key, currentTarget }) => {
        if (key !== "Escape") return;
        close();
        currentTarget.querySelector("summary")?.focus();
      }}
    >
      <summary className={`${buttonClass()} list-none`}>
        <Plus aria-hidden />
        <span className="max-md:sr-only">Add run</span>
      </summary>
      {isOpen && (
        <div className="absolute right-0 z-40 mt-1 w-80 max-w-[calc(100vw-32px)] rounded-lg bg-raised p-2 shadow-float max-md:right-auto max-md:left-0">
          {ids.length >= COMPARED_RUNS_MAX ? (
            <p className="p-2 text-sm text-muted">{COMPARED_RUNS_MAX} runs are compared, as many as can be.</p>
          ) : (
            <RunFinder project={project} ids={ids} hrefWith={hrefWith} isFocused onChosen={close} />
          )}
        </div>
      )}
    </details>
  );
}

/** The search for a first or a second run, where a comparison has too few. */
export function FirstRuns({ project, ids }: AddRunProps) {
  return <RunFinder project={project} ids={ids} hrefWith={useHrefWith(ids)} />;
}

function useHrefWith(ids: string[]): (run: string) => string {
  const query = useSearchParams();
  return (run) => {
    const next = new URLSearchParams(query);
    for (const name of ["run", "q", "sort", "archived", "view"]) next.delete(name);
    for (const id of [...ids, run]) next.append("run", id);
    return `?${next}`;
  };
}
