/** Code in tones: what kind of word each is, by the grammar of its language. Loads a language when it is asked for. */
import {
  createCssVariablesTheme,
  createHighlighterCore,
  type HighlighterCore,
  type LanguageRegistration,
} from "shiki/core";
import { createJavaScriptRegexEngine } from "shiki/engine/javascript";

/** What a page colours; the rest is text. */
export const tones = ["text", "keyword", "string", "comment", "constant", "function"] as const;
export type Tone = (typeof tones)[number];
export type ToneSpan = { length: number; tone: Tone };

const loads: Record<string, () => Promise<{ default: LanguageRegistration[] }>> = {
  c: () => import("shiki/langs/c.mjs"),
  cmake: () => import("shiki/langs/cmake.mjs"),
  cpp: () => import("shiki/langs/cpp.mjs"),
  css: () => import("shiki/langs/css.mjs"),
  docker: () => import("shiki/langs/docker.mjs"),
  go: () => import("shiki/langs/go.mjs"),
  html: () => import("shiki/langs/html.mjs"),
  ini: () => import("shiki/langs/ini.mjs"),
  java: () => import("shiki/langs/java.mjs"),
  javascript: () => import("shiki/langs/javascript.mjs"),
  json: () => import("shiki/langs/json.mjs"),
  julia: () => import("shiki/langs/julia.mjs"),
  make: () => import("shiki/langs/make.mjs"),
  markdown: () => import("shiki/langs/markdown.mjs"),
  python: () => import("shiki/langs/python.mjs"),
  r: () => import("shiki/langs/r.mjs"),
  rust: () => import("shiki/langs/rust.mjs"),
  shellscript: () => import("shiki/langs/shellscript.mjs"),
  sql: () => import("shiki/langs/sql.mjs"),
  toml: () => import("shiki/langs/toml.mjs"),
  tsx: () => import("shiki/langs/tsx.mjs"),
  typescript: () => import("shiki/langs/typescript.mjs"),
  yaml: () => import("shiki/langs/yaml.mjs"),
};

const languageOfEnding: Record<string, string> = {
  bash: "shellscript",
  c: "c",
  cc: "cpp",
  cfg: "ini",
  cjs: "javascript",
  cmake: "cmake",
  cpp: "cpp",
  css: "css",
  cu: "cpp",
  cuh: "cpp",
  cxx: "cpp",
  dockerfile: "docker",
  go: "go",
  h: "c",
  hpp: "cpp",
  html: "html",
  ini: "ini",
  ipynb: "json",
  java: "java",
  jl: "julia",
  js: "javascript",
  json: "json",
  jsonl: "json",
  jsx: "tsx",
  makefile: "make",
  md: "markdown",
  mjs: "javascript",
  mk: "make",
  mts: "typescript",
  py: "python",
  pyi: "python",
  pyx: "python",
  r: "r",
  rs: "rust",
  sh: "shellscript",
  sql: "sql",
  toml: "toml",
  ts: "typescript",
  tsx: "tsx",
  yaml: "yaml",
  yml: "yaml",
  zsh: "shellscript",
};

/** By the ending of a file's name, or by the whole of it; null where it is none of those known. */
export function languageOf(file: string): string | null {
  const name = file.slice(file.lastIndexOf("/") + 1).toLowerCase();
  const ending = name.slice(name.lastIndexOf(".") + 1);
  return Object.hasOwn(languageOfEnding, ending) ? languageOfEnding[ending]! : null;
}

const theme = createCssVariablesTheme({ name: "tones", variablePrefix: "--" });
const toneOfColor: Record<string, Tone> = {
  "var(--token-keyword)": "keyword",
  "var(--token-string)": "string",
  "var(--token-string-expression)": "string",
  "var(--token-comment)": "comment",
  "var(--token-constant)": "constant",
  "var(--token-function)": "function",
};
/** A line that takes its grammar longer is told without tones from there on. */
const LINE_MS = 500;

/** Languages whose comments go on for lines that begin with a star. */
const starred = new Set(["c", "cpp", "css", "go", "java", "javascript", "rust", "tsx", "typescript"]);

let highlighter: Promise<HighlighterCore> | null = null;

/**
 * The tones of each line, as spans that make up its length; null where the language isn't known. Lines follow each
 * other, and the first is taken for the beginning of its file.
 */
export async function tonesOf(lines: readonly string[], language: string | null): Promise<ToneSpan[][] | null> {
  if (language === null || lines.length === 0) return null;
  highlighter ??= createHighlighterCore({
    themes: [theme],
    langs: [],
    engine: createJavaScriptRegexEngine({ forgiving: true }),
  });
  const core = await highlighter;
  if (!core.getLoadedLanguages().includes(language)) await core.loadLanguage(loads[language]!());
  // the first line may stand within a comment that began before it
  const isInComment = /^\s*\*(?:[\s/]|$)/.test(lines[0]!) && starred.has(language);
  const tokens = core.codeToTokensBase((isInComment ? ["/*", ...lines] : lines).join("\n"), {
    lang: language,
    theme: "tones",
    tokenizeTimeLimit: LINE_MS,
  });
  if (isInComment) tokens.shift();
  // a carriage return within the text makes a line of its own there
  if (tokens.length !== lines.length) return null;
  return tokens.map((line) =>
    joined(line.map(({ content, color = "" }) => ({ length: content.length, tone: toneOfColor[color] ?? "text" }))),
  );
}

function joined(spans: ToneSpan[]): ToneSpan[] {
  const all: ToneSpan[] = [];
  for (const { length, tone } of spans) {
    const last = all.at(-1);
    if (last?.tone === tone) last.length += length;
    else if (length > 0) all.push({ length, tone });
  }
  return all;
}
