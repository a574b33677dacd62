"use client";
/** Finds runs by words of their names or by the table's filter, and offers each as one more to compare. */
import Link from "next/link";
import { useEffect, useRef, useState } from "react";
import { inputClass } from "@/app/_ui/parts/field.tsx";
import { countWords } from "@/lib/words/numbers.ts";
import { type FoundToAdd, findRunsToAddAction } from "./compare-actions.ts";

const PAUSE_MS = 150;

type RunFinderProps = {
  project: string;
  /** Runs that are compared already. */
  ids: string[];
  /** The address with a run more. */
  hrefWith: (run: string) => string;
  isFocused?: boolean;
  onChosen?: () => void;
};

export function RunFinder({ project, ids, hrefWith, isFocused = false, onChosen }: RunFinderProps) {
  const field = useRef<HTMLInputElement>(null);
  const [words, setWords] = useState("");
  const found = useFound(project, words);
  const others = found?.runs.filter(({ id }) => !ids.includes(id)) ?? [];
  const there = (found?.runs.length ?? 0) - others.length;
  // what was typed before the script was there counts
  useEffect(() => {
    setWords(field.current?.value ?? "");
    if (isFocused) field.current?.focus();
  }, [isFocused]);
  return (
    <div className="grid gap-1 text-left">
      <input
        ref={field}
        type="search"
        defaultValue=""
        onInput={({ currentTarget }) => setWords(currentTarget.value)}
        placeholder="A name, or seed = 3 and tags = baseline"
        aria-label="Find a run to compare"
        className={inputClass}
      />
      {found?.fault && (
        <p role="alert" className="px-2 text-xs text-danger">
          {found.fault}
        </p>
      )}
      <ul aria-label="Runs to add" className="max-h-72 min-h-8 overflow-y-auto">
        {others.map(({ id, name }) => (
          <li key={id}>
            <Link
              prefetch={false}
              href={hrefWith(id)}
              scroll={false}
              onClick={onChosen}
              title={name}
              className="block truncate rounded-md px-2 py-1.5 text-sm hover:bg-hover"
            >
              {name}
            </Link>
          </li>
        ))}
      </ul>
      <p role="status" className="px-2 text-xs text-muted">
        {found && !found.fault && others.length === 0 && there === 0 && "No run is found."}
        {there > 0 && `${countWords(there, "run")} of these ${there === 1 ? "is" : "are"} compared already.`}
      </p>
    </div>
  );
}

/** The newest runs that the words find, once nobody has typed for a moment; null until they are known. */
function useFound(project: string, words: string): FoundToAdd | null {
  const [found, setFound] = useState<FoundToAdd | null>(null);
  useEffect(() => {
    let isCurrent = true;
    const ask = async () => {
      const outcome = await findRunsToAddAction(project, words.slice(0, 2000)).catch(() => null);
      if (isCurrent && outcome) setFound(outcome.ok ? outcome.value : { runs: [], fault: outcome.error });
    };
    const timer = setTimeout(() => void ask(), words === "" ? 0 : PAUSE_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [project, words]);
  return found;
}
