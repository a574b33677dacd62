"use client";
/** The field of a comment: Markdown, in which `@` and the first letters complete to a member's name. */
import { type KeyboardEvent, useId, useRef, useState, useTransition } from "react";
import { Button } from "../../parts/button.tsx";
import { inputClass } from "../../parts/field.tsx";
import type { ActionOutcome } from "../../parts/outcome.ts";

const OFFERED = 6;

type CommentFieldProps = {
  label: string;
  /** The word on the button that sends it. */
  send: string;
  names: string[];
  action: (text: string) => Promise<ActionOutcome>;
  onDone?: () => void;
  /** Left out: it can't be left. */
  onCancel?: () => void;
  initial?: string;
  autoFocus?: boolean;
};

export function CommentField({
  label,
  send,
  names,
  action,
  onDone,
  onCancel,
  initial = "",
  autoFocus,
}: CommentFieldProps) {
  const [text, setText] = useState(initial);
  const [error, setError] = useState<string | null>(null);
  const [pending, startTransition] = useTransition();
  const field = useRef<HTMLTextAreaElement>(null);
  const mention = useMention(field, names, setText);
  const id = useId();
  const submit = () =>
    startTransition(async () => {
      const outcome = await action(text);
      setError(outcome.ok ? null : outcome.error);
      if (!outcome.ok) return;
      setText("");
      onDone?.();
    });
  const onKey = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (mention.onKey(event)) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && text.trim() !== "") submit();
  };
  return (
    <div className="grid gap-2">
      <textarea
        ref={field}
        aria-label={label}
        placeholder={label}
        aria-autocomplete="list"
        aria-controls={mention.offered.length > 0 ? id : undefined}
        aria-activedescendant={mention.offered.length > 0 ? `${id}-${mention.at}` : undefined}
        // biome-ignore lint/a11y/noAutofocus: the reader asked to write
        autoFocus={autoFocus}
        rows={3}
        maxLength={20_000}
        value={text}
        onChange={({ target }) => {
          setText(target.value);
          mention.follow(target);
        }}
        onKeyDown={onKey}
        onBlur={mention.close}
        className={`${inputClass} h-auto py-1.5`}
      />
      {mention.offered.length > 0 && (
        <div
          id={id}
          role="listbox"
          aria-label="Members"
          className="w-fit max-w-full rounded-md border border-line bg-raised"
        >
          {mention.offered.map((name, at) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the keys
            // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus
            <div
              key={name}
              id={`${id}-${at}`}
              role="option"
              aria-selected={at === mention.at}
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => mention.take(name)}
              className="cursor-pointer px-2.5 py-1 text-sm aria-selected:bg-hover"
            >
              {name}
            </div>
          ))}
        </div>
      )}
      {error && (
        <p role="alert" className="text-sm text-danger">
          {error}
        </p>
      )}
      <div className="flex items-center gap-2">
        <span className="mr-auto text-xs text-muted">Markdown, @ names a member</span>
        {onCancel && <Button onClick={onCancel}>Cancel</Button>}
        <Button look="primary" onClick={submit} disabled={pending || text.trim() === ""} aria-busy={pending}>
          {send}
        </Button>
      </div>
    </div>
  );
}

/** What is typed behind the last `@` before the caret; null: no name is being typed. */
function typedName(text: string, caret: number): string | null {
  const before = text.slice(0, caret);
  const at = before.lastIndexOf("@");
  if (at < 0 || /[\p{L}\p{N}_]$/u.test(before.slice(0, at))) return null;
  const typed = before.slice(at + 1);
  return typed.length > 60 || typed.includes("\n") ? null : typed;
}

function useMention(
  field: React.RefObject<HTMLTextAreaElement | null>,
  names: string[],
  setText: (text: string) => void,
) {
  const [typed, setTyped] = useState<string | null>(null);
  const [at, setAt] = useState(0);
  const isBegun = (name: string) => name.toLowerCase().startsWith((typed ?? "").toLowerCase()) && name !== typed;
  const offered = typed === null ? [] : names.filter(isBegun).slice(0, OFFERED);
  const close = () => setTyped(null);
  const follow = ({ value, selectionStart }: HTMLTextAreaElement) => {
    setTyped(typedName(value, selectionStart));
    setAt(0);
  };
  const take = (name: string) => {
    const box = field.current;
    if (!box) return;
    const begin = box.selectionStart - (typed ?? "").length;
    const text = `${box.value.slice(0, begin)}${name} ${box.value.slice(box.selectionStart)}`;
    setText(text);
    close();
    const caret = begin + name.length + 1;
    // once the field has the text
    requestAnimationFrame(() => box.setSelectionRange(caret, caret));
  };
  /** Whether the key was for the list. */
  const onKey = (event: KeyboardEvent): boolean => {
    const name = offered[at];
    if (name === undefined) return false;
    const moves: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
    const by = moves[event.key];
    if (by !== undefined) setAt((at + by + offered.length) % offered.length);
    else if (event.key === "Enter" || event.key === "Tab") take(name);
    else if (event.key === "Escape") close();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };
  return { offered, at, follow, take, close, onKey };
}
