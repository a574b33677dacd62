/** What each column of a table is: what a sample is called, what is said of it, or a feature. Pure. */
import { type TimeFormat, timeFormats } from "./time-formats.ts";

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
/** Times in another form than ISO 8601. */
const timeRoles = ["time-day-first", "time-month-first", "time-year-first", "time-milliseconds", "time-year"] as const;
/** What a column may be; `nothing` is left out. */
export const columnRoles = [...knownColumns, ...timeRoles, "feature", "nothing"] as const;
export type ColumnRole = (typeof columnRoles)[number];

/** What a column says of a sample; null: it is a feature, or left out. */
export function knownOf(role: ColumnRole): KnownColumn | null {
  if (role === "feature" || role === "nothing") return null;
  return timeRoles.includes(role as never) ? "time" : (role as KnownColumn);
}

export const timeRole = (format: TimeFormat): ColumnRole => (format === "iso" ? "time" : `time-${format}`);
export const timeFormatOf = (role: ColumnRole): TimeFormat =>
  timeFormats.find((format) => timeRole(format) === role) ?? "iso";

export type TableOptions = {
  /** The column to be told, which is the samples' label; null: `label`, or else `target`. */
  target: string | null;
  /** Columns by name, blanks round it aside, that are what a person says. */
  columns: Record<string, ColumnRole>;
  /** Blanks round a key, label or group are cut; false: they are refused. */
  trim: boolean;
  /** Words that say 'missing', besides those that always do; in every column but key and text. */
  missing: string[];
  /** Whether a row is called by its line, as `row/2`, where no column names it; false: a table without keys is refused. */
  byLine: boolean;
  /** Whether `1,5` is the number 1.5. */
  decimalComma: boolean;
};
/** What is said of how a table is read, whichever its label. */
export type TableReading = Omit<TableOptions, "target">;
export const plainOptions: TableOptions = {
  target: null,
  columns: {},
  trim: false,
  missing: [],
  byLine: false,
  decimalComma: false,
};

export type ColumnPlan = {
  /** Known columns by what they say, with the names that they have in the file, without blanks round them. */
  known: Partial<Record<KnownColumn, string>>;
  timeFormat: TimeFormat;
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
export const rowNumbers = /^(|Unnamed: \d+|__index_level_\d+__|rownames)$/;
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
  refuseBlankSeparated(names);
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
  const usual = ["label", "target"].find((name) => names.includes(name) && !answers.has(name)) ?? null;
  const target = options.target ?? ([...answers.values()].includes("label") ? null : usual);
  if (target !== null && !names.includes(target))
    throw new TableError("target", `there is no column ${JSON.stringify(target)}; the columns are ${shown(names)}`);
  const plan: ColumnPlan = { known: {}, timeFormat: "iso", features: [], remarks: [] };
  const leftOut: string[] = [];
  for (const name of names) {
    const role = name === target ? "label" : (answers.get(name) ?? meaningOf(name, names));
    const said = knownOf(role);
    if (role === "nothing") leftOut.push(name);
    else if (said === null) plan.features.push(name);
    else if (plan.known[said] !== undefined)
      throw new TableError(
        `columns.${name}`,
        `${JSON.stringify(plan.known[said])} is ${said} already; feature or nothing is right`,
      );
    else plan.known[said] = name;
    if (said === "time") plan.timeFormat = timeFormatOf(role);
  }
  const answered = [...answers.values()].filter((answer) => answer === "nothing").length;
  if (leftOut.length > answered)
    plan.remarks.push(`left out, as it names or numbers rows: the column ${shown(leftOut)}`);
  return plan;
}

/** By the name alone. Where there is a column to be told, `label` beside it is a feature. */
function meaningOf(name: string, names: string[]): ColumnRole {
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
        `(columns=${roleText(name, like)}, ${roleText(name, "feature")} or ${roleText(name, "nothing")})`,
    },
  );
}

/** Of all the columns' roles those that `planColumns` wouldn't find by the names alone: what has to be said. */
export function rolesToSay(names: readonly string[], roles: Record<string, ColumnRole>): Record<string, ColumnRole> {
  const isLabelSaid = Object.values(roles).includes("label");
  const usual = (name: string): ColumnRole | null => {
    if (name === "label" || name === "target") return isLabelSaid ? "feature" : "label";
    return resembles(name) === null ? meaningOf(name, [...names]) : null;
  };
  return Object.fromEntries(Object.entries(roles).filter(([name, role]) => role !== usual(name)));
}

/** A comma stands between texts of a list, and so it is percent-encoded inside one. */
const listed = (text: string): string => text.replaceAll("%", "%25").replaceAll(",", "%2C");
const unlisted = (text: string): string => text.replaceAll("%2C", ",").replaceAll("%25", "%");

/** A name and what it is, as `parseRoles` reads it. */
export const roleText = (name: string, role: ColumnRole): string => `${listed(name)}:${role}`;

/** Words as `parseWords` reads them. */
export const wordsText = (words: readonly string[]): string => words.map(listed).join(",");

/** `-,?` as options have it. */
export const parseWords = (text: string): string[] =>
  text
    .split(",")
    .map((word) => unlisted(word).trim())
    .filter((word) => word !== "");

/** What may divide the columns of a text file, where commas don't. */
const separators = [";", "\t", "|"] as const;

/** What divides the columns of a text file by its header; commas where there is one. */
export function separatorIn(header: string): string {
  const bare = header.replace(/"(?:[^"]|"")*"/g, "");
  return bare.includes(",") ? "," : (separators.find((separator) => bare.includes(separator)) ?? ",");
}

function refuseBlankSeparated(names: string[]): void {
  const [only] = names;
  if (names.length === 1 && only !== undefined && /\s/.test(only))
    throw new TableError(
      "file",
      `it has the one column ${JSON.stringify(only.slice(0, 80))}; if blanks divide its columns, commas are right`,
    );
}

const rolesForm = /^\s*(.*?)\s*:\s*([\w-]+)\s*$/s;
/** `Group:group,Size:feature` as options have it. Throws `TableError` for what is none of the roles. */
export function parseRoles(text: string): Record<string, ColumnRole> {
  const entries = text.split(",").filter((part) => part.trim() !== "");
  return Object.fromEntries(
    entries.map((part) => {
      const [, written, role] = rolesForm.exec(part) ?? [];
      const name = written === undefined ? undefined : unlisted(written);
      if (name === undefined || !columnRoles.includes(role as ColumnRole))
        throw new TableError(
          "columns",
          `${JSON.stringify(part)} is given; NAME:ROLE with one of ${columnRoles.join(", ")} is right`,
        );
      return [name, role as ColumnRole];
    }),
  );
}
