"use client";
/** A filter as text, with what may stand at the cursor, and what is wrong with it beside what mends it. */
import { Search } from "lucide-react";
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import { completeFilter } from "@/lib/table/language/filter-completion.ts";
import { parseFilter, readFilter, type Taken } from "@/lib/table/language/filter-language.ts";
import type { FilterNames } from "@/lib/table/language/filter-names.ts";
import { printFilter } from "@/lib/table/language/filter-print.ts";
import { FilterError } from "@/lib/table/language/filter-tokens.ts";
import { inputClass } from "../parts/field.tsx";

/** A filter that the server couldn't follow. */
export type FilterFault = { text: string; message: string };

type FilterInputProps = {
  /** The filter that is in force, with columns by their full names. */
  value: string;
  names: FilterNames;
  /** Stands in the field in place of the one in force until somebody edits it. */
  fault: FilterFault | null;
  /** Hears the word at the cursor. */
  onWord: (word: string) => void;
  /** Hears a filter with full names, and what names were taken for. */
  onChange: (filter: string, taken: Taken[]) => void;
};

export function FilterInput({ value, names, fault, onWord, onChange }: FilterInputProps) {
  const id = useId();
  const { text, setText, refused } = useText(value, fault, names);
  const problem = useMemo(() => refused ?? problemOf(text, names), [refused, text, names]);
  const input = useRef<HTMLInputElement>(null);
  const completion = useCompletion(text, names, (next, at) => {
    setText(next);
    requestAnimationFrame(() => input.current?.setSelectionRange(at, at));
  });
  const { word, options, chosen, setCursor, take, close } = completion;
  useEffect(() => onWord(word), [onWord, word]);
  const submit = (wanted: string) => {
    close();
    setText(wanted);
    if (problemOf(wanted, names)) return;
    const { filter, taken } = readFilter(wanted, names);
    const full = printFilter(filter);
    setText(printFilter(filter, names.labelOf));
    if (full !== value || fault) onChange(full, taken);
  };
  const isSaid = problem !== null && !completion.isEditing;
  return (
    <div className="relative min-w-0 flex-1 md:max-w-110 md:min-w-56">
      <Search aria-hidden className="absolute top-2 left-2.5 size-4 text-muted" />
      <input
        ref={input}
        type="text"
        role="combobox"
        aria-label="Filter runs"
        aria-keyshortcuts="/"
        aria-expanded={options.length > 0}
        aria-controls={`${id}-options`}
        aria-activedescendant={chosen >= 0 ? `${id}-${chosen}` : undefined}
        aria-autocomplete="list"
        aria-invalid={problem ? true : undefined}
        aria-describedby={isSaid ? `${id}-problem` : undefined}
        autoComplete="off"
        spellCheck={false}
        value={text}
        placeholder="A name, or learningRate < 0.01 and tags = baseline"
        className={`${inputClass} pl-8 font-mono text-xs`}
        onChange={(event) => {
          setText(event.target.value);
          setCursor(event.target.selectionStart);
        }}
        onFocus={(event) => completion.moveCursor(event.target.selectionStart)}
        onClick={(event) => completion.moveCursor(event.currentTarget.selectionStart)}
        onBlur={close}
        onKeyDown={(event) => completion.onKeyDown(event, () => submit(text))}
      />
      {options.length > 0 && <Options id={id} options={options} chosen={chosen} onTake={take} />}
      {isSaid && (
        <ProblemLine
          id={`${id}-problem`}
          text={text}
          problem={problem}
          isUnfiltered={refused !== null && value === ""}
          onFix={submit}
        />
      )}
    </div>
  );
}

/** What stands in the field: what is being typed, else the filter in force by the names that people use. */
function useText(value: string, fault: FilterFault | null, names: FilterNames) {
  const given = fault?.text ?? shownFilter(value, names);
  const [text, setText] = useState(given);
  const [from, setFrom] = useState({ value, fault });
  if (from.value !== value || from.fault !== fault) {
    setFrom({ value, fault });
    setText(given);
  }
  const isRefused = fault !== null && text === fault.text;
  const refused = useMemo(() => {
    if (!isRefused || fault === null) return null;
    // what the page can say of the text is more exact, and mends it
    return problemOf(fault.text, names) ?? new FilterError(fault.message, fault.text.length, fault.text.length);
  }, [isRefused, fault, names]);
  return { text, setText, refused };
}

function shownFilter(value: string, names: FilterNames): string {
  if (value === "") return "";
  try {
    return printFilter(parseFilter(value), names.labelOf);
  } catch {
    return value;
  }
}

type Option = { text: string; hint: string };

/** What may stand at the cursor. `onText` hears the text with an option taken over, and where the cursor is then. */
function useCompletion(text: string, names: FilterNames, onText: (text: string, cursor: number) => void) {
  const [cursor, moveCursor] = useState<number | null>(null);
  const [chosen, setChosen] = useState(-1);
  const offer = useMemo(() => (cursor === null ? null : completeFilter(text, cursor, names)), [text, cursor, names]);
  const options: Option[] = offer?.options ?? [];
  const setCursor = (at: number | null) => {
    moveCursor(at);
    setChosen(-1);
  };
  const take = (index: number) => {
    const option = options[index];
    if (!offer || !option) return;
    const at = offer.start + option.text.length + 1;
    onText(`${text.slice(0, offer.start)}${option.text} ${text.slice(offer.end).trimStart()}`, at);
    setCursor(at);
  };
  const close = () => setCursor(null);
  const onKeyDown = (event: KeyboardEvent, submit: () => void) => {
    if (event.key === "Escape") return cursor === null ? (event.target as HTMLElement).blur() : close();
    if (event.key === "Enter" && chosen < 0) return submit();
    if (options.length === 0) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const by = event.key === "ArrowDown" ? 1 : -1;
      setChosen((before) => (before + by + options.length + (before < 0 && by < 0 ? 1 : 0)) % options.length);
    } else if (chosen >= 0 && (event.key === "Enter" || event.key === "Tab")) {
      event.preventDefault();
      take(chosen);
    }
  };
  const word = offer && cursor !== null ? text.slice(offer.start, cursor) : "";
  return { word, options, chosen, isEditing: cursor !== null, moveCursor, setCursor, take, close, onKeyDown };
}

type OptionsProps = { id: string; options: Option[]; chosen: number; onTake: (index: number) => void };

const Options = ({ id, options, chosen, onTake }: OptionsProps) => (
  <div
    id={`${id}-options`}
    role="listbox"
    aria-label="What may stand here"
    className="absolute top-9 left-0 z-40 max-h-72 max-w-full min-w-full overflow-y-auto rounded-lg bg-raised p-1 shadow-float"
  >
    {options.map(({ text, hint }, index) => (
      <div
        key={text}
        tabIndex={-1}
        id={`${id}-${index}`}
        role="option"
        aria-selected={index === chosen}
        className={`flex h-7 cursor-pointer items-center justify-between gap-4 rounded-md px-2 font-mono text-xs ${
          index === chosen ? "bg-hover" : "hover:bg-hover"
        }`}
        // a click would come after the field has lost the focus, and closed the list
        onPointerDown={(event) => {
          event.preventDefault();
          onTake(index);
        }}
      >
        <span className="min-w-0 shrink-0 truncate">{text}</span>
        <span className="min-w-0 truncate font-sans text-muted">{hint}</span>
      </div>
    ))}
  </div>
);

type ProblemLineProps = {
  id: string;
  text: string;
  problem: FilterError;
  /** The table shows all runs in place of those that were asked for. */
  isUnfiltered: boolean;
  onFix: (text: string) => void;
};

/** What is wrong with the filter, where in it, and what may have been meant, each a click away. */
const ProblemLine = ({ id, text, problem, isUnfiltered, onFix }: ProblemLineProps) => (
  <div className="mt-1 text-xs">
    <p id={id} role="alert" className="text-danger">
      {problem.message}
      {problem.start < text.length && (
        <>
          :{" "}
          <code className="font-mono">
            {text.slice(Math.max(0, problem.start - 12), problem.start)}
            <mark className="bg-danger-soft text-danger">{text.slice(problem.start, problem.end)}</mark>
          </code>
        </>
      )}
      {isUnfiltered && <span className="text-muted"> No filter is in force.</span>}
    </p>
    {problem.fixes.length > 0 && (
      <ul className="mt-1 flex flex-wrap items-center gap-1.5" aria-label="What may have been meant">
        <li aria-hidden className="text-muted">
          Did you mean
        </li>
        {problem.fixes.map((fix) => (
          <li key={fix.label}>
            <button
              type="button"
              onClick={() => onFix(fix.text)}
              className="min-h-6 rounded-md border border-line-strong bg-raised px-2 text-left font-mono hover:bg-hover"
            >
              {fix.label}
            </button>
          </li>
        ))}
      </ul>
    )}
  </div>
);

function problemOf(text: string, names: FilterNames): FilterError | null {
  try {
    readFilter(text, names);
    return null;
  } catch (error) {
    if (error instanceof FilterError) return error;
    throw error;
  }
}
