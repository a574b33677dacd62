/**
 * What the server says of itself: lines for people, or one JSON object a line (`HOLDOUT_LOG=json`). What tokens, links and
 * addresses of shares look like is blotted out, and no parameter of a statement is said.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { inspect } from "node:util";

/** The request that is being answered. */
export type RequestContext = { id: string; method: string; route: string };
type Level = "info" | "warn" | "error";
type Fields = { status?: number; durationMs?: number };

// one a process, also where a bundler loads this module more than once
const cache = globalThis as { holdoutRequest?: AsyncLocalStorage<RequestContext> };
cache.holdoutRequest ??= new AsyncLocalStorage();
const storage = cache.holdoutRequest;

/** Does `work`; what is said meanwhile names the request. */
export const duringRequest = <Result>(context: RequestContext, work: () => Result): Result =>
  storage.run(context, work);

/** The request that is being answered here; undefined: none, or nobody said so. */
export const currentRequest = (): RequestContext | undefined => storage.getStore();

/** Whether the log is for programs. Read each time: settings come from `.env` after this module. */
export const isJsonLog = (): boolean => process.env.HOLDOUT_LOG === "json";

/** Says a failure, which nobody may have been answered; `error` is shown with its stack and causes. */
export const logError = (message: string, error?: unknown): void => say("error", message, error);

/** Says what is worth knowing, in the log for programs alone. */
export function logEvent(level: Level, message: string, fields: Fields = {}): void {
  if (isJsonLog()) writeJson(level, message, fields);
}

function say(level: Level, message: string, error: unknown): void {
  if (isJsonLog()) {
    writeJson(level, message, {}, error);
    return;
  }
  const request = currentRequest();
  const words = `holdout: ${blotted(message)}${request ? ` (request ${request.id})` : ""}`;
  if (error === undefined) console.error(words);
  else console.error(`${words}:`, typeof error === "string" ? blotted(error) : shownError(error));
}

function writeJson(level: Level, message: string, fields: Fields, error?: unknown): void {
  const request = currentRequest();
  const line = {
    time: new Date().toISOString(),
    level,
    message: blotted(message),
    ...(request ? { request: request.id, method: request.method, route: request.route } : {}),
    ...fields,
    ...(error === undefined ? {} : { error: nameOf(error), stack: shownError(error) }),
  };
  process.stderr.write(`${JSON.stringify(line)}\n`);
}

/** From now on whatever this thread says by `console`, libraries too, is a JSON object a line, where that is set. */
export function takeConsole(): void {
  if (!isJsonLog()) return;
  const levels = { log: "info", info: "info", debug: "info", warn: "warn", error: "error" } as const;
  for (const [method, level] of Object.entries(levels) as [keyof typeof levels, Level][])
    console[method] = (...said: unknown[]) => {
      const error = said.find((one) => one instanceof Error);
      const words = said.filter((one) => one !== error).map((one) => (typeof one === "string" ? one : inspect(one)));
      writeJson(level, words.join(" ").trim() || nameOf(error), {}, error);
    };
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error);

const CAUSES_MAX = 5;

/** Stack and code of an error and of its causes, without what else hangs on them: a statement's values among it. */
function shownError(error: unknown): string {
  const parts: string[] = [];
  for (let at: unknown = error; at !== undefined && parts.length < CAUSES_MAX; ) {
    if (!(at instanceof Error)) {
      parts.push(String(at));
      break;
    }
    const { code } = at as { code?: unknown };
    const stack = at.stack ?? String(at);
    parts.push(typeof code === "string" ? `${stack}\n    code: ${code}` : stack);
    at = at.cause;
  }
  return blotted(parts.join("\n  caused by "));
}

/** What opens something: tokens, sessions, links, shares, passwords in addresses; and the values of a failed statement. */
const secrets: [RegExp, string][] = [
  [/^params: [\s\S]*?(?=\n\s+at |$(?![\s\S]))/gm, "params: …"],
  [/\bhold_[\w-]+/g, "hold_…"],
  [/\b(bearer|basic)\s+[\w.~+/=-]+/gi, "$1 …"],
  [/\/shared\/[^/\s?#"'`]+/g, "/shared/…"],
  [/\/link(\?[^\s#"'`]*)?#[^\s"'`]+/g, "/link#…"],
  [/(\w+:\/\/[^\s:/@]+):[^\s@/]+@/g, "$1:…@"],
  [/(session_token|holdout\.browser)=[^;\s"'`]+/g, "$1=…"],
];

/** `text` without secrets. */
export const blotted = (text: string): string =>
  secrets.reduce((left, [pattern, instead]) => left.replace(pattern, instead), text);
