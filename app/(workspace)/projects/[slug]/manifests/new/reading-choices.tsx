"use client";
/** What else a person says of a file: what means 'missing', blanks, decimals, and how rows without a key are called. */
import type { TablePreview } from "@/lib/wire/data/table-preview.ts";
import { countWords } from "@/lib/words/numbers.ts";
import { columnOf, type UploadPlan } from "./upload-plan.ts";

type ReadingChoicesProps = { preview: TablePreview; plan: UploadPlan; onPlan: (plan: UploadPlan) => void };

export function ReadingChoices({ preview, plan, onPlan }: ReadingChoicesProps) {
  const hasKey = columnOf(preview, plan, "key") !== null;
  const words = [...new Set([...preview.missing.map(({ word }) => word), ...plan.missing])];
  const toggle = (word: string, isMissing: boolean) =>
    onPlan({ ...plan, missing: isMissing ? [...plan.missing, word] : plan.missing.filter((one) => one !== word) });
  return (
    <div className="grid gap-3 text-sm">
      <fieldset className="grid gap-1">
        <legend className="float-left mb-1 w-full">
          Missing is an empty cell, and <Word>NA</Word>, <Word>NaN</Word>, <Word>null</Word>, <Word>None</Word> and
          their like.{words.length > 0 && " Does this mean missing, too?"}
        </legend>
        {words.map((word) => (
          <Choice key={word} checked={plan.missing.includes(word)} onChange={(checked) => toggle(word, checked)}>
            <Word>{word}</Word> {whereWords(preview, word)}
          </Choice>
        ))}
      </fieldset>
      {(preview.trim || plan.trim) && (
        <Choice checked={plan.trim} onChange={(trim) => onPlan({ ...plan, trim })}>
          Cut the blanks round keys, labels and groups
        </Choice>
      )}
      {(preview.decimalComma || plan.decimalComma) && (
        <Choice checked={plan.decimalComma} onChange={(decimalComma) => onPlan({ ...plan, decimalComma })}>
          <Word>1,5</Word> is the number 1.5
        </Choice>
      )}
      {!hasKey && (
        <Choice checked={plan.byLine} onChange={(byLine) => onPlan({ ...plan, byLine })}>
          No column names the rows: call each by its line, as <Word>row/2</Word>
        </Choice>
      )}
    </div>
  );
}

function whereWords({ missing }: TablePreview, word: string): string {
  const found = missing.find((one) => one.word === word);
  return found ? `(${countWords(found.rows, "cell")}, such as in ${found.column})` : "(as in the version before)";
}

const Word = ({ children }: { children: string }) => <code className="rounded-sm bg-hover px-1">{children}</code>;

type ChoiceProps = { checked: boolean; onChange: (checked: boolean) => void; children: React.ReactNode };

export const Choice = ({ checked, onChange, children }: ChoiceProps) => (
  <label className="flex items-start gap-2 text-sm">
    <input
      type="checkbox"
      checked={checked}
      onChange={(event) => onChange(event.target.checked)}
      className="mt-0.5 accent-accent"
    />
    <span>{children}</span>
  </label>
);
