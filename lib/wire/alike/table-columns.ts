/** What each column of a table is: what a sample is called, what is said of it, or a feature. Pure. */

/** Columns that say something of a sample; `text` is its content. The others are features. */
export const knownColumns = [
  "key",
  "label",
  "group",
  "time",
  "split",
  "sealed",
  "byte_hash",
  "content_hash",
  "text",
] as const;
export type KnownColumn = (typeof knownColumns)[number];
/** What a person says that a column is, where its name leaves that open. */
export const columnAnswers = [...knownColumns, "feature", "nothing"] as const;
export type ColumnAnswer = (typeof columnAnswers)[number];

export type TableOptions = {
  /** The column to be told, which is the samples' label; null: `label`, or else `target`. */
  target: string | null;
  /** Columns by name, blanks round it aside, that are what a person says. */
  columns: Record<string, ColumnAnswer>;
  /** Blanks round a key, label or group are cut; false: they are refused. */
  trim: boolean;
};
export const plainOptions: TableOptions = { target: null, columns: {}, trim: false };

export type ColumnPlan = {
  /** Known columns by what they say, with the names that they have in the file, without blanks round them. */
  known: Partial<Record<KnownColumn, string>>;
  features: string[];
  /** What a person should know of it. */
  remarks: string[];
};

/** A file that a person can mend, or answer for. */
type TableErrorOptions = ErrorOptions & {
  /** What a person may say in place of mending the file, with the parameter that says it: a page asks in its own words. */
  answer?: string | undefined;
};

export class TableError extends Error {
  readonly answer: string | undefined;

  constructor(
    /** `columns.NAME` or `blanks` where a person may answer; else a column or `file`. */
    readonly field: string,
    readonly detail: string,
    readonly at: { row: number; line: number } | null = null,
    { answer, ...options }: TableErrorOptions = {},
  ) {
    const words = withAnswer(detail, answer);
    super(at ? `row ${at.row}, ${field}: ${words}` : field === "file" ? words : `${field}: ${words}`, options);
    this.name = "TableError";
    this.answer = answer;
  }

  /** What is wrong, what would be right, and what may be answered instead. */
  get words(): string {
    return withAnswer(this.detail, this.answer);
  }
}

const withAnswer = (detail: string, answer: string | undefined): string =>
  answer === undefined ? detail : `${detail}, or ${answer}`;

/** Row numbers that pandas and R save beside the data. */
const rowNumbers = /^(|Unnamed: \d+|__index_level_\d+__|rownames)$/;
const shown = (names: string[]): string => names.map((name) => JSON.stringify(name)).join(", ");
const skeleton = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, "")
    .replace(/s$/, "");

/** The known column that a name is, but for case, blanks, hyphens or a plural; null: none, or exactly that. */
export function resembles(name: string): KnownColumn | null {
  const like = knownColumns.find((one) => skeleton(one) === skeleton(name));
  return like === undefined || like === name ? null : like;
}

/** Throws `TableError` for names that stand twice, and for those that resemble a known one, unless `columns` says what it is. */
export function planColumns(given: readonly string[], options: TableOptions): ColumnPlan {
  const names = given.map((name) => name.trim());
  refuseSeparators(names);
  for (const [at, name] of names.entries())
    if (name !== "" && names.indexOf(name) < at)
      throw new TableError(
        "file",
        `the column ${JSON.stringify(name)} stands twice; one name for each column is right`,
      );
  const answers = new Map(Object.entries(options.columns).map(([name, answer]) => [name.trim(), answer]));
  for (const name of answers.keys())
    if (!names.includes(name))
      throw new TableError("columns", `there is no column ${JSON.stringify(name)}; the columns are ${shown(names)}`);
  const target =
    options.target ?? ["label", "target"].find((name) => names.includes(name) && !answers.has(name)) ?? null;
  if (target !== null && !names.includes(target))
    throw new TableError("target", `there is no column ${JSON.stringify(target)}; the columns are ${shown(names)}`);
  const plan: ColumnPlan = { known: {}, features: [], remarks: [] };
  const leftOut: string[] = [];
  for (const name of names) {
    const said = name === target ? "label" : (answers.get(name) ?? meaningOf(name, names));
    if (said === "nothing") leftOut.push(name);
    else if (said === "feature") plan.features.push(name);
    else if (plan.known[said] !== undefined)
      throw new TableError(
        `columns.${name}`,
        `${JSON.stringify(plan.known[said])} is ${said} already; feature or nothing is right`,
      );
    else plan.known[said] = name;
  }
  const answered = [...answers.values()].filter((answer) => answer === "nothing").length;
  if (leftOut.length > answered)
    plan.remarks.push(`left out, as it names or numbers rows: the column ${shown(leftOut)}`);
  return plan;
}

/** By the name alone. Where there is a column to be told, `label` beside it is a feature. */
function meaningOf(name: string, names: string[]): ColumnAnswer {
  if (rowNumbers.test(name)) return "nothing";
  if (name === "id") return names.includes("key") ? "nothing" : "key";
  if (name === "label") return "feature";
  if ((knownColumns as readonly string[]).includes(name)) return name as KnownColumn;
  const like = resembles(name);
  if (like === null) return "feature";
  throw new TableError(
    `columns.${name}`,
    `the column ${JSON.stringify(name)} looks like ${like}; call it ${like}`,
    null,
    {
      answer:
        `say that it is ${like}, a feature or nothing ` +
        `(columns=${answerText(name, like)}, ${answerText(name, "feature")} or ${answerText(name, "nothing")})`,
    },
  );
}

/** A name and what it is, as `parseAnswers` reads it. */
export const answerText = (name: string, answer: ColumnAnswer): string =>
  `${name.replaceAll("%", "%25").replaceAll(",", "%2C")}:${answer}`;

function refuseSeparators(names: string[]): void {
  const [only] = names;
  if (names.length !== 1 || only === undefined) return;
  for (const [separator, word] of [
    [";", "semicolons"],
    ["\t", "tabs"],
    ["|", "bars"],
  ] as const)
    if (only.includes(separator))
      throw new TableError(
        "file",
        `its columns are divided by ${word} (${JSON.stringify(only.slice(0, 80))}); commas are right`,
      );
  if (/\s/.test(only))
    throw new TableError(
      "file",
      `it has the one column ${JSON.stringify(only.slice(0, 80))}; if blanks divide its columns, commas are right`,
    );
}

const answersForm = /^\s*(.*?)\s*:\s*(\w+)\s*$/s;
/** `Group:group,Size:feature` as options have it. Throws `TableError` for what is none of the answers. */
export function parseAnswers(text: string): Record<string, ColumnAnswer> {
  const entries = text.split(",").filter((part) => part.trim() !== "");
  return Object.fromEntries(
    entries.map((part) => {
      // a name may hold a comma where it is percent-encoded
      const [, written, answer] = answersForm.exec(part) ?? [];
      const name = written?.replaceAll("%2C", ",").replaceAll("%25", "%");
      if (name === undefined || !columnAnswers.includes(answer as ColumnAnswer))
        throw new TableError(
          "columns",
          `${JSON.stringify(part)} is given; NAME:ANSWER with one of ${columnAnswers.join(", ")} is right`,
        );
      return [name, answer as ColumnAnswer];
    }),
  );
}
