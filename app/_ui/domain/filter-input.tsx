"use client";
/** A filter as text, with what may stand at the cursor, what is wrong with it, and its parts as chips. */
import { Search, X } from "lucide-react";
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import { type CompletionColumn, completeFilter } from "@/lib/table/filter-completion.ts";
import { chipsOf, FilterError, joinChips, parseFilter, printFilter } from "@/lib/table/filter-language.ts";
import { inputClass } from "../parts/field.tsx";

type FilterInputProps = {
  /** The filter that is in force. */
  value: string;
  columns: CompletionColumn[];
  /** There are more columns than those: the server says whether one exists. */
  isCut: boolean;
  /** Hears the word at the cursor. */
  onWord: (word: string) => void;
  onChange: (filter: string) => void;
};

export function FilterInput({ value, columns, isCut, onWord, onChange }: FilterInputProps) {
  const id = useId();
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const problem = useMemo(() => problemOf(text, isCut ? undefined : columns), [text, columns, isCut]);
  const input = useRef<HTMLInputElement>(null);
  const completion = useCompletion(text, columns, (next, at) => {
    setText(next);
    requestAnimationFrame(() => input.current?.setSelectionRange(at, at));
  });
  const { word, options, chosen, setCursor, take, close } = completion;
  useEffect(() => onWord(word), [onWord, word]);
  const submit = () => {
    if (problem) return;
    close();
    if (text.trim() !== value) onChange(text.trim());
  };
  return (
    <div className="relative w-full md:w-auto md:min-w-72 md:flex-1 md:max-w-110">
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
        aria-describedby={problem ? `${id}-problem` : undefined}
        autoComplete="off"
        spellCheck={false}
        value={text}
        placeholder="A name, or config.learningRate > 0.01 and tags = baseline"
        className={`${inputClass} pl-8 font-mono text-xs`}
        onChange={(event) => {
          setText(event.target.value);
          setCursor(event.target.selectionStart);
        }}
        onFocus={(event) => completion.moveCursor(event.target.selectionStart)}
        onClick={(event) => completion.moveCursor(event.currentTarget.selectionStart)}
        onBlur={close}
        onKeyDown={(event) => completion.onKeyDown(event, submit)}
      />
      {options.length > 0 && <Options id={id} options={options} chosen={chosen} onTake={take} />}
      {problem && !completion.isEditing && <ProblemLine id={`${id}-problem`} text={text} problem={problem} />}
    </div>
  );
}

type Option = { text: string; hint: string };

/** What may stand at the cursor. `onText` hears the text with an option taken over, and where the cursor is then. */
function useCompletion(text: string, columns: CompletionColumn[], onText: (text: string, cursor: number) => void) {
  const [cursor, moveCursor] = useState<number | null>(null);
  const [chosen, setChosen] = useState(-1);
  const offer = useMemo(
    () => (cursor === null ? null : completeFilter(text, cursor, columns)),
    [text, cursor, columns],
  );
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
    className="absolute top-9 left-0 z-40 max-h-72 min-w-full overflow-y-auto rounded-lg bg-raised p-1 shadow-float"
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
        {text}
        <span className="font-sans text-muted">{hint}</span>
      </div>
    ))}
  </div>
);

/** What is wrong with the filter, and where in it. */
const ProblemLine = ({ id, text, problem }: { id: string; text: string; problem: FilterError }) => (
  <p id={id} role="alert" className="mt-1 text-xs text-danger">
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
  </p>
);

function problemOf(text: string, columns: CompletionColumn[] | undefined): FilterError | null {
  try {
    parseFilter(text, columns);
    return null;
  } catch (error) {
    if (error instanceof FilterError) return error;
    throw error;
  }
}

type FilterChipsProps = { value: string; onChange: (filter: string) => void };

/** The parts of the filter in force that must all hold; each can be taken away. */
export function FilterChips({ value, onChange }: FilterChipsProps) {
  const chips = useMemo(() => {
    try {
      return chipsOf(parseFilter(value));
    } catch {
      return [];
    }
  }, [value]);
  if (value === "" || chips.length === 0) return null;
  return (
    <ul className="flex flex-wrap gap-1.5" aria-label="Filters in force">
      {chips.map(({ text }, index) => (
        <li
          key={text}
          className="flex h-6 items-center gap-1 rounded-md bg-accent-soft pr-1 pl-2 font-mono text-xs text-accent"
        >
          <span className="max-w-60 truncate" title={text}>
            {text}
          </span>
          <button
            type="button"
            aria-label={`Take away the filter ${text}`}
            className="rounded-sm hover:bg-hover"
            onClick={() =>
              onChange(printFilter(joinChips(chips.filter((_, at) => at !== index).map((one) => one.filter))))
            }
          >
            <X aria-hidden className="size-3.5" />
          </button>
        </li>
      ))}
    </ul>
  );
}
