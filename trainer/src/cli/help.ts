/** What `help` prints, made of the table of tools. */
import { z } from "zod";
import { kindsOf, type NamedTool, terminalTools, wordsOf } from "./command-line.ts";
import { exitWords } from "./exits.ts";

const WIDTH = 24;
const line = (words: string, about: string): string => `  ${words.padEnd(WIDTH)} ${about}`;

const ownCommands = [
  ["login", "keeps a server's address and token for you (--url; the token is asked for, or read from standard input)"],
  ["logout", "forgets them"],
  ["tail RUN", "prints a run's new points until it ends (--series validation/accuracy)"],
  [
    "import KIND PLACE",
    "brings in runs of MLflow, TensorBoard or W&B, a table of points, or an export, after a preview (--yes)",
  ],
  [
    "export [PROJECT]",
    "a project, or some of its runs, as JSONL, Parquet or an MLflow file store (--format, --run, --filter)",
  ],
  ["mcp", "the same tools for an agent: an MCP server over standard input and output"],
  ["completion bash|zsh", "a script that completes commands and flags"],
] as const;

/** Every command by its line; what trains stands below. */
export const overview = (): string =>
  [
    "holdout COMMAND [words] [--flags]      holdout-trainer is the same command",
    "",
    ...ownCommands.map(([words, about]) => line(words, about)),
    "",
    ...terminalTools.map((tool) => line(wordsOf(tool), tool.summary)),
    "",
    "Every one of these takes --json, --url URL (HOLDOUT_URL), --token TOKEN (HOLDOUT_TOKEN) and --help.",
    "",
    exitWords,
  ].join("\n");

/** Of a group its commands; of one command all that there is to know. */
export const groupHelp = (found: NamedTool[]): string =>
  found.length === 1 ? toolHelp(found[0]!) : found.map((tool) => line(wordsOf(tool), tool.summary)).join("\n");

export function toolHelp(tool: NamedTool): string {
  const kinds = kindsOf(tool.input);
  const words = tool.positional.map((name) => (kinds[name] === "list" ? `${name.toUpperCase()}…` : name.toUpperCase()));
  const flags = Object.entries(tool.input.shape).map(([name, field]) => {
    const value = { text: "TEXT", number: "NUMBER", boolean: "", list: "TEXT, again for more", json: "JSON or @FILE" }[
      kinds[name]!
    ];
    return line(`--${name} ${value}`.trimEnd(), aboutField(field as z.ZodType));
  });
  return [
    `holdout ${[wordsOf(tool), ...words].join(" ")} [--flags]`,
    "",
    `${tool.summary}.`,
    `For tokens of scope ${tool.scopes.join(", ")}.`,
    "",
    ...flags,
    line("--json", "the whole answer as JSON"),
    "",
    `Example:  holdout ${tool.example}`,
    "",
    exitWords,
  ].join("\n");
}

type Told = { description?: string; enum?: unknown[]; default?: unknown };

function aboutField(field: z.ZodType): string {
  const told = z.toJSONSchema(field, { io: "input", unrepresentable: "any" }) as Told;
  const isEmpty = told.default === null || told.default === "" || JSON.stringify(told.default) === "[]";
  return [
    told.description ?? "",
    told.enum ? `one of ${told.enum.join(", ")}` : "",
    told.default === undefined || isEmpty ? "" : `default ${JSON.stringify(told.default)}`,
  ]
    .filter(Boolean)
    .join("; ");
}
