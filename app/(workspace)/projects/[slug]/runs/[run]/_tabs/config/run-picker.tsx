"use client";
/** Chooses the run to compare the config with: the best one, another by its name, or none. The address keeps it. */
import { ChevronDown } from "lucide-react";
import Link from "next/link";
import { useSearchParams } from "next/navigation";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { buttonClass } from "@/app/_ui/parts/button.tsx";
import { inputClass } from "@/app/_ui/parts/field.tsx";
import { findRunsOfProjectAction } from "./actions.ts";

type NamedRun = { id: string; name: string };
type RunPickerProps = {
  project: string;
  /** The run that the page is about; it is not offered. */
  run: string;
  best: NamedRun | null;
  chosen: NamedRun | null;
  /** Offered while nothing is typed. */
  newest: NamedRun[];
};

const PAUSE_MS = 150;

export function RunPicker({ project, run, best, chosen, newest }: RunPickerProps) {
  const box = useRef<HTMLDetailsElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const [words, setWords] = useState("");
  const found = useFound(project, words) ?? newest;
  const close = () => {
    if (box.current) box.current.open = false;
  };
  // what was typed before the script was there counts
  useEffect(() => setWords(field.current?.value ?? ""), []);
  return (
    <details
      ref={box}
      className="relative"
      onToggle={({ currentTarget }) => currentTarget.open && field.current?.focus()}
      onBlur={({ currentTarget, relatedTarget }) => relatedTarget && !currentTarget.contains(relatedTarget) && close()}
      onKeyDown={({ key, currentTarget }) => {
        if (key !== "Escape") return;
        close();
        currentTarget.querySelector("summary")?.focus();
      }}
    >
      <summary className={`${buttonClass()} max-w-64 list-none md:max-w-90`}>
        <span className="truncate">{chosen ? `Differs from ${chosen.name}` : "Compare with a run"}</span>
        <ChevronDown aria-hidden className="shrink-0" />
      </summary>
      <div className="absolute right-0 z-30 mt-1 w-72 max-w-[calc(100vw-32px)] rounded-lg bg-raised p-2 shadow-float">
        <input
          ref={field}
          type="search"
          defaultValue=""
          onInput={({ currentTarget }) => setWords(currentTarget.value)}
          placeholder="Find a run by its name"
          aria-label="Find a run by its name"
          className={inputClass}
        />
        <ul aria-label="Runs to compare with" className="mt-1 max-h-72 overflow-y-auto">
          {words === "" && (
            <>
              {best && (
                <Choice differs={null} onChosen={close}>
                  {best.name} <span className="text-muted">· the best</span>
                </Choice>
              )}
              {chosen && (
                <Choice differs="none" onChosen={close}>
                  <span className="text-muted">no run: all of the config</span>
                </Choice>
              )}
            </>
          )}
          {found
            .filter(({ id }) => id !== run && (words !== "" || id !== best?.id))
            .map(({ id, name }) => (
              <Choice key={id} differs={id} onChosen={close}>
                {name}
              </Choice>
            ))}
        </ul>
      </div>
    </details>
  );
}

type ChoiceProps = { differs: string | null; onChosen: () => void; children: ReactNode };

/** A link to the same page with another run beside it; null: with the best. */
function Choice({ differs, onChosen, children }: ChoiceProps) {
  const next = new URLSearchParams(useSearchParams());
  if (differs === null) next.delete("differs");
  else next.set("differs", differs);
  return (
    <li>
      <Link
        prefetch={false}
        href={`?${next}`}
        scroll={false}
        onClick={onChosen}
        className="block truncate rounded-md px-2 py-1.5 text-sm hover:bg-hover"
      >
        {children}
      </Link>
    </li>
  );
}

/** The runs that `words` name, once nobody has typed for a moment; null while nothing is asked or known. */
function useFound(project: string, words: string): NamedRun[] | null {
  const [found, setFound] = useState<NamedRun[] | null>(null);
  useEffect(() => {
    if (words === "") return setFound(null);
    let isCurrent = true;
    const timer = setTimeout(async () => {
      const outcome = await findRunsOfProjectAction(project, words.slice(0, 200)).catch(() => null);
      if (isCurrent && outcome?.ok) setFound(outcome.value);
    }, PAUSE_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [project, words]);
  return found;
}
