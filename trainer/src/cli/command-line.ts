/** A command line, read by the table of tools: words name the tool, the rest its input. */
import { readFileSync } from "node:fs";
import { z } from "zod";
import type { Tool } from "../../../lib/wire/tools/tool.ts";
import { tools } from "../../../lib/wire/tools/tools.ts";
import { Misused } from "./exits.ts";

export type NamedTool = Tool & { name: string };

/** Those that a terminal has. */
export const terminalTools: NamedTool[] = Object.entries(tools as Record<string, Tool>)
  .filter(([, { onlyMcp }]) => !onlyMcp)
  .map(([name, tool]) => ({ name, ...tool }));

/** As it is typed: `runs list`. */
export const wordsOf = ({ name }: NamedTool): string => name.replaceAll("_", " ");

/** The tools that these first words begin: one where they name it whole, all of a group, or none. */
export function findTools(argv: readonly string[]): { found: NamedTool[]; rest: string[] } {
  for (const count of [2, 1]) {
    const words = argv.slice(0, count);
    if (words.length < count || words.some((word) => word.startsWith("-"))) continue;
    const whole = terminalTools.find((tool) => wordsOf(tool) === words.join(" "));
    if (whole) return { found: [whole], rest: argv.slice(count) };
  }
  return { found: terminalTools.filter((tool) => tool.name.startsWith(`${argv[0]}_`)), rest: argv.slice(1) };
}

/** What every tool takes beside its input. */
export type Common = { json: boolean; help: boolean; url?: string; token?: string };

export type Read = { common: Common; input: Record<string, unknown> };

/** Reads flags and words. Throws `Misused` that names what is wrong; whether the values are right, the tool's schema says. */
export function readInput(tool: Pick<Tool, "input" | "positional">, argv: readonly string[]): Read {
  const kinds = kindsOf(tool.input);
  const common: Common = { json: false, help: false };
  const texts = new Map<string, string[]>();
  const words: string[] = [];
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at]!;
    if (word === "--") {
      words.push(...argv.slice(at + 1));
      break;
    }
    if (word === "-h" || word === "--help") common.help = true;
    else if (word === "--json") common.json = true;
    else if (!word.startsWith("--")) words.push(word);
    else {
      const [, name = "", inline] = /^--([^=]*)(?:=(.*))?$/s.exec(word)!;
      const isOwn = name === "url" || name === "token";
      if (!isOwn && !Object.hasOwn(kinds, name))
        throw new Misused(`--${name}: there is no such flag here; ${listed(kinds)}`);
      const isSwitch = kinds[name] === "boolean" && inline === undefined;
      const value = inline ?? (isSwitch ? "true" : argv[++at]);
      if (value === undefined) throw new Misused(`--${name} needs a value`);
      if (isOwn) common[name as "url" | "token"] = value;
      else texts.set(name, [...(texts.get(name) ?? []), value]);
    }
  }
  placeWords(tool.positional, kinds, words, texts);
  const input = Object.fromEntries([...texts].map(([name, given]) => [name, readValue(name, kinds[name]!, given)]));
  return { common, input };
}

const listed = (kinds: Record<string, Kind>): string =>
  [...Object.keys(kinds), "json", "url", "token", "help"].map((name) => `--${name}`).join(", ");

function placeWords(
  positional: readonly string[],
  kinds: Record<string, Kind>,
  words: string[],
  texts: Map<string, string[]>,
): void {
  const open = positional.filter((name) => !texts.has(name));
  for (const name of open) {
    if (words.length === 0) return;
    texts.set(name, kinds[name] === "list" ? words.splice(0) : [words.shift()!]);
  }
  if (words.length > 0)
    throw new Misused(`${JSON.stringify(words[0])}: expected ${positional.length} words at most here`);
}

/** What a text becomes before the schema judges it. `json`: parsed, of a file where it begins with @. */
export type Kind = "text" | "number" | "boolean" | "list" | "json";

export const kindsOf = (input: z.ZodObject): Record<string, Kind> =>
  Object.fromEntries(Object.entries(input.shape).map(([name, field]) => [name, kindOf(field as z.ZodType)]));

type JsonSchema = { type?: string; anyOf?: JsonSchema[]; items?: JsonSchema; enum?: unknown[] };

function kindOf(field: z.ZodType): Kind {
  const schema = z.toJSONSchema(field, { io: "input", unrepresentable: "any" }) as JsonSchema;
  const { type, items } = schema.anyOf?.find((one) => one.type !== "null") ?? schema;
  if (type === "number" || type === "integer") return "number";
  if (type === "boolean") return "boolean";
  if (type === "string") return "text";
  return type === "array" && items?.type === "string" ? "list" : "json";
}

function readValue(name: string, kind: Kind, texts: string[]): unknown {
  const last = texts.at(-1)!;
  if (kind === "list") return texts.length === 1 && last.startsWith("[") ? parsed(name, last) : texts;
  if (texts.length > 1) throw new Misused(`--${name} stands ${texts.length} times; it takes one value`);
  if (kind === "text") return last;
  if (kind === "json") return parsed(name, last.startsWith("@") ? readFileSync(last.slice(1), "utf8") : last);
  if (kind === "boolean") return last === "true" ? true : last === "false" ? false : last;
  return last.trim() === "" || Number.isNaN(Number(last)) ? last : Number(last);
}

function parsed(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Misused(`--${name}: expected JSON, or @FILE that holds some; ${(cause as Error).message}`, { cause });
  }
}
