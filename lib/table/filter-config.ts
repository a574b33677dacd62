/** What a filter asks of a config key, as SQL over a row `v` of run_values. */
import { type SQL, sql } from "drizzle-orm";
import { jsonText } from "../runs/json-text.ts";
import { shownPart } from "../runs/long-text.ts";
import type { Json } from "../wire/base/config.ts";
import type { Filter, FilterValue } from "./language/filter-tree.ts";

export type ConfigTest = Exclude<Filter, { kind: "and" | "or" | "not" | "words" }>;

/** Numbers are compared with numbers, all else as text, and a text as a whole. */
export function configTest(filter: ConfigTest): SQL {
  if (filter.kind === "null") return sql`(v.number is not null or v.text is not null)`;
  if (filter.kind === "digest")
    return sql`coalesce(v.digest, sha256(convert_to(v.text, 'UTF8'))) = decode(${filter.sha256}, 'hex')`;
  if (filter.kind === "match")
    return sql`coalesce(v.whole, v.text, v.number::text) ${filter.negated ? sql`!~` : sql`~`} ${filter.pattern}`;
  const values = filter.kind === "in" ? filter.values : [filter.value];
  const numbers = values.filter(isNumber).map(({ value }) => value);
  const texts = values.filter((value) => !isNumber(value)).map(({ value }) => String(value));
  const [text] = texts;
  if (filter.kind === "in" || filter.op === "=") return anyConfig(numbers, texts);
  if (filter.op === "!=") return sql`((${anyConfig(numbers, texts)}) is not true)`;
  return text === undefined ? sql`v.number ${sql.raw(filter.op)} ${numbers[0]!}` : beyondText(text, filter.op);
}

function anyConfig(numbers: number[], texts: string[]): SQL {
  const tests = [
    ...(numbers.length > 0 ? [sql`v.number = any(${sql.param(numbers)}::float8[])`] : []),
    ...(texts.length > 0 ? equalTexts(texts.flatMap(formsOf)) : []),
  ];
  return tests.length === 1 ? tests[0]! : sql`(${sql.join(tests, sql` or `)})`;
}

/** What an index of beginnings finds, and by its digest whether the rest is the same. */
function equalTexts(texts: string[]): SQL[] {
  const short = texts.filter((text) => shownPart(text) === text);
  const long = texts.filter((text) => shownPart(text) !== text);
  return [
    ...(short.length > 0 ? [sql`(v.text = any(${sql.param(short)}::text[]) and v.digest is null)`] : []),
    ...long.map((text) => sql`(v.text = ${shownPart(text)} and v.digest = sha256(convert_to(${text}, 'UTF8')))`),
  ];
}

/** A list is stored as PostgreSQL prints it, however somebody has written it. */
function formsOf(text: string): string[] {
  if (!text.startsWith("[")) return [text];
  try {
    return [...new Set([text, jsonText(JSON.parse(text) as Json)])];
  } catch {
    return [text];
  }
}

/** The whole text is read where there is more of it than its beginning. */
function beyondText(text: string, op: string): SQL {
  const whole = sql`(case when v.digest is null then v.text
    else (select w.whole from run_values w where w.run_id = v.run_id and w.key = v.key) end)`;
  return sql`(v.text ${sql.raw(`${op[0]}=`)} ${shownPart(text)} and ${whole} ${sql.raw(op)} ${text})`;
}

const isNumber = (value: FilterValue): value is FilterValue & { type: "number"; value: number } =>
  value.type === "number";
