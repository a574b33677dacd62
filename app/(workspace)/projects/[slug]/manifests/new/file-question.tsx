"use client";
/** Asks a person what a file leaves open: what a column is whose name is nearly a known one, and whether blanks are cut. */
import { SelectField } from "@/app/_ui/parts/field.tsx";
import { answerText, type ColumnAnswer, resembles } from "@/lib/wire/alike/table-columns.ts";
import type { UploadFault } from "./send-file.ts";

/** What was answered so far; it goes along when the file is sent again. */
export type FileAnswers = { columns: Record<string, ColumnAnswer>; trim: boolean };
export const noAnswers: FileAnswers = { columns: {}, trim: false };

/** What the page asks, and the words that lead to it. */
export type FileQuestion = { words: string } & (
  | { kind: "column"; name: string; like: ColumnAnswer }
  | { kind: "blanks" }
);

/** Columns whose cells tell whether the name means what it says: days of a treatment may be called `time` too. */
const doubtful = ["time", "split", "sealed"] as const;

/** The question that a fault of a file comes to; null: it is none that can be answered here. */
export function questionIn({ field, detail }: UploadFault): FileQuestion | null {
  if (field === "blanks") return { kind: "blanks", words: `${detail}, or have them cut below.` };
  const known = doubtful.find((name) => name === field);
  if (known)
    return { kind: "column", name: known, like: known, words: `${known}, ${detail}, or say below what the column is.` };
  const name = /^columns\.(.*)$/s.exec(field)?.[1];
  const like = name === undefined ? null : resembles(name);
  if (name === undefined || like === null) return null;
  return { kind: "column", name, like, words: `${detail}, or say below what it is.` };
}

/** The format and the answers, as the address of an upload has them. */
export function uploadQuery(format: string, { columns, trim }: FileAnswers): URLSearchParams {
  const said = Object.entries(columns).map(([name, answer]) => answerText(name, answer));
  const query = new URLSearchParams({ format });
  if (said.length > 0) query.set("columns", said.join(","));
  if (trim) query.set("blanks", "trim");
  return query;
}

type AskFileProps = { question: FileQuestion; answers: FileAnswers; onAnswer: (answers: FileAnswers) => void };

export function AskFile({ question, answers, onAnswer }: AskFileProps) {
  if (question.kind === "blanks")
    return (
      <label className="flex items-start gap-2 text-sm">
        <input
          type="checkbox"
          checked={answers.trim}
          onChange={(event) => onAnswer({ ...answers, trim: event.target.checked })}
          className="mt-0.5 accent-accent"
        />
        <span>Cut the blanks round keys, labels and groups, and upload again.</span>
      </label>
    );
  const { name, like } = question;
  const take = (answer: string) => {
    const { [name]: _, ...others } = answers.columns;
    onAnswer({ ...answers, columns: answer === "" ? others : { ...others, [name]: answer as ColumnAnswer } });
  };
  return (
    <SelectField
      label={name === like ? `What is the column ${name}?` : `The column ${JSON.stringify(name)} looks like ${like}`}
      name="answer"
      options={[
        ["", "choose, and upload again"],
        [like, `take it as ${like}`],
        ["feature", "take it as a feature"],
        ["nothing", "leave it out"],
      ]}
      value={answers.columns[name] ?? ""}
      onChange={(event) => take(event.target.value)}
    />
  );
}
