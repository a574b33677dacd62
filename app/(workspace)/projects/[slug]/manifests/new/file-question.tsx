"use client";
/** What a file leaves open, asked of a person: what a column is whose name is nearly a known one, and whether blanks are cut. */
import { SelectField } from "@/app/_ui/parts/field.tsx";
import { type ColumnAnswer, resembles } from "@/lib/wire/alike/table-columns.ts";

/** What was answered so far; it goes along when the file is sent again. */
export type FileAnswers = { columns: Record<string, ColumnAnswer>; trim: boolean };
export const noAnswers: FileAnswers = { columns: {}, trim: false };

export type FileQuestion = { kind: "column"; name: string; like: ColumnAnswer } | { kind: "blanks" };

/** Columns whose cells tell whether the name means what it says: days of a treatment may be called `time` too. */
const doubtful = ["time", "split", "sealed"] as const;

/** The question that a refused field comes to; null: it is none that can be answered here. */
export function questionIn(field: string | null): FileQuestion | null {
  if (field === "blanks") return { kind: "blanks" };
  const known = doubtful.find((name) => name === field);
  if (known) return { kind: "column", name: known, like: known };
  const name = /^columns\.(.*)$/s.exec(field ?? "")?.[1];
  const like = name === undefined ? null : resembles(name);
  return name === undefined || like === null ? null : { kind: "column", name, like };
}

/** The format and the answers, as the address of an upload has them. */
export function uploadQuery(format: string, { columns, trim }: FileAnswers): URLSearchParams {
  const said = Object.entries(columns).map(
    ([name, answer]) => `${name.replaceAll("%", "%25").replaceAll(",", "%2C")}:${answer}`,
  );
  const query = new URLSearchParams({ format });
  if (said.length > 0) query.set("columns", said.join(","));
  if (trim) query.set("blanks", "trim");
  return query;
}

type Props = { question: FileQuestion; answers: FileAnswers; onAnswer: (answers: FileAnswers) => void };

export function AskFile({ question, answers, onAnswer }: Props) {
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
