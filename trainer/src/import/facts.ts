/** Words of a source, cut to what a run's fields hold; whole they are in the run's `import/KIND.json`. */
import { type Config, configSchema, type Json } from "../../../lib/wire/base/config.ts";
import { label, longText } from "../../../lib/wire/base/text.ts";
import type { LeftOut } from "./imported.ts";

const FACTS_MAX = 200;
const NAME_MAX = 200;
const nameOfFact = label(100);

/** Entries of an environment, the first ones where there are too many. Null and empty words say nothing. */
export function factsOf(entries: readonly (readonly [string, string | number | null | undefined])[]) {
  const told = entries.flatMap(([name, value]): [string, string][] => {
    const words = value === null || value === undefined ? "" : cut(String(value).replaceAll("\u0000", ""), 2000);
    return words !== "" && nameOfFact.safeParse(name).success ? [[name, words]] : [];
  });
  return Object.fromEntries(told.slice(0, FACTS_MAX));
}

/** A run's name of one line; `fallback` where nothing is left. */
export const nameOf = (given: string, fallback: string): string =>
  cut(given.replaceAll(/\p{Cc}+/gu, " ").trim(), NAME_MAX) || cut(fallback, NAME_MAX);

export const notesOf = (given: string): string =>
  longText.safeParse(given).data ?? cut(given.replaceAll("\u0000", ""), 90_000);

/** Milliseconds since 1970 as people and programs read them; null for what is no time. */
export const timeWords = (ms: number | null): string | null =>
  ms !== null && Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : null;

/** A config of what a source says by key; what can't stand in one is named. */
export function configOf(given: [string, Json][], place: string): { config: Config; leftOut: LeftOut[] } {
  const leftOut: LeftOut[] = [];
  const config: Config = {};
  for (const [key, value] of given) {
    const fault = configSchema.safeParse({ [key]: value }).error?.issues[0]?.message;
    if (fault === undefined) config[key] = value;
    else
      leftOut.push({
        unit: "other",
        count: 1,
        where: `${place}: ${key.slice(0, 100)}`,
        why: `no entry of a config: ${fault}`,
      });
  }
  const fault = configSchema.safeParse(config).error?.issues[0]?.message;
  if (fault === undefined) return { config, leftOut };
  const why = `the config is left out as a whole: ${fault}`;
  return { config: {}, leftOut: [...leftOut, { unit: "other", count: given.length, where: place, why }] };
}

/** A text that is a number, so that the runs table sorts by it; the others stay as they came. */
export function valueOfText(text: string): Json {
  const isNumber = /^-?(0|[1-9]\d*)(\.\d+)?(e[+-]?\d+)?$/i.test(text);
  const number = Number(text);
  return isNumber && Number.isFinite(number) && Math.abs(number) <= Number.MAX_SAFE_INTEGER ? number : text;
}

/** Never through the middle of a character. */
const cut = (text: string, max: number): string =>
  text
    .toWellFormed()
    .slice(0, max)
    .replace(/[\ud800-\udbff]$/, "");
