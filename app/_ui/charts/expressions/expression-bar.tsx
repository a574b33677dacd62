"use client";
/** Where expressions of metrics are written: each that can be read has a chart. */
import { Plus, X } from "lucide-react";
import { type FormEvent, useId, useMemo, useState } from "react";
import type { SeriesName } from "@/lib/wire/points/series-name.ts";
import { Button } from "../../parts/button.tsx";
import { inputClass } from "../../parts/field.tsx";
import type { NamedExpression } from "./evaluate.ts";
import { EXPRESSION_CHARACTERS_MAX, ExpressionError, parseExpression } from "./parse.ts";

type Read = { tree: NamedExpression["tree"]; error: null } | { tree: null; error: ExpressionError };

function read(text: string, known: readonly SeriesName[]): Read {
  try {
    return { tree: parseExpression(text, known), error: null };
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return { tree: null, error };
  }
}

/** Those of the texts that can be read. */
export function useExpressions(texts: string[], known: readonly SeriesName[]): NamedExpression[] {
  return useMemo(
    () =>
      texts.flatMap((text) => {
        const { tree } = read(text, known);
        return tree ? [{ text, tree }] : [];
      }),
    [texts, known],
  );
}

type ExpressionBarProps = {
  texts: string[];
  onTexts: (texts: string[]) => void;
  known: readonly SeriesName[];
};

export function ExpressionBar({ texts, onTexts, known }: ExpressionBarProps) {
  const id = useId();
  const [text, setText] = useState("");
  const [error, setError] = useState<ExpressionError | null>(null);
  const wanted = text.trim();
  const add = (event: FormEvent) => {
    event.preventDefault();
    if (texts.includes(wanted)) return setText("");
    const { error } = read(wanted, known);
    setError(error);
    if (error) return;
    onTexts([...texts, wanted]);
    setText("");
  };
  return (
    <div className="min-w-0 flex-1 basis-72">
      <div className="flex flex-wrap items-center gap-2">
        <form onSubmit={add} className="flex min-w-56 max-w-96 flex-1 gap-1">
          <input
            value={text}
            onChange={(event) => {
              setText(event.target.value);
              setError(null);
            }}
            maxLength={EXPRESSION_CHARACTERS_MAX}
            spellCheck={false}
            autoComplete="off"
            placeholder="Expression, such as 1 - accuracy"
            aria-label="Expression of metrics"
            aria-invalid={error !== null}
            aria-describedby={`${id}-help`}
            title="+ − × ÷, parentheses, abs, log, exp, sqrt, min, max; train/loss names one split, loss each"
            className={inputClass}
          />
          <Button icon type="submit" look="ghost" aria-label="Chart this expression" disabled={wanted === ""}>
            <Plus aria-hidden />
          </Button>
        </form>
        {texts.map((one) => (
          <ExpressionChip
            key={one}
            text={one}
            error={read(one, known).error}
            onRemove={() => onTexts(texts.filter((other) => other !== one))}
          />
        ))}
      </div>
      <p
        id={`${id}-help`}
        role={error ? "alert" : undefined}
        className={error ? "pt-1 text-xs text-danger" : "sr-only"}
      >
        {error ? <WrongPart text={wanted} error={error} /> : "+ − × ÷, parentheses, abs, log, exp, sqrt, min, max"}
      </p>
    </div>
  );
}

type ExpressionChipProps = { text: string; error: ExpressionError | null; onRemove: () => void };

/** One that a shared address has and these runs can't give says why. */
const ExpressionChip = ({ text, error, onRemove }: ExpressionChipProps) => (
  <span className="inline-flex min-h-7 max-w-full items-center gap-x-2 rounded-md border border-line pl-2 text-xs">
    <code className="max-w-60 min-w-12 truncate" title={text}>
      {text}
    </code>
    {error && <span className="py-1 text-danger">{error.message}</span>}
    <button
      type="button"
      aria-label={`Remove the chart of ${text}`}
      onClick={onRemove}
      className="ml-auto flex size-6 shrink-0 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-text"
    >
      <X aria-hidden className="size-3.5" />
    </button>
  </span>
);

/** The message, and the text with the place marked. */
function WrongPart({ text, error }: { text: string; error: ExpressionError }) {
  const characters = [...text];
  return (
    <>
      {error.message}{" "}
      <code aria-hidden className="pl-2 text-muted">
        {characters.slice(0, error.at - 1).join("")}
        <mark className="bg-danger-soft text-danger underline">{characters[error.at - 1] ?? "␣"}</mark>
        {characters.slice(error.at).join("")}
      </code>
    </>
  );
}
