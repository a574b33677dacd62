/** What a tool is: one act of a person at a terminal, or of an agent over MCP, by calls of the API alone. */
import type { z } from "zod";
import type { Route } from "../base/route.ts";
import type { TokenScope } from "../base/words.ts";
import { type RouteName, routes } from "../routes.ts";
import { callerSchema } from "../server.ts";

/** One call of the API. What is undefined in a query is left out; a list is repeated. */
export type ApiCall = {
  route: RouteName;
  params?: Record<string, string>;
  query?: Record<string, string | number | boolean | readonly string[] | undefined>;
  body?: unknown;
  /** A file, in place of a body. */
  bytes?: Uint8Array;
};
/** Makes a call with the caller's token. Answers parsed JSON, or a text where the answer is none; throws for a refusal. */
export type Api = (call: ApiCall) => Promise<unknown>;

/** How a terminal shows an answer; without it, as names and values. */
export type Shown = {
  /** The field that holds the rows; absent: the answer is one thing. */
  list?: string;
  /** Paths within a row, or of the answer: `checkpoint.step`. */
  fields: readonly string[];
};

export type Tool<Input extends z.ZodObject = z.ZodObject> = {
  /** One sentence, for the list of tools and for help. */
  summary: string;
  input: Input;
  /** Fields that a terminal takes without a flag, in order; a list takes all that are left. */
  positional: readonly string[];
  /** A whole line after `holdout`. */
  example: string;
  /** Every route that it may call. */
  calls: readonly RouteName[];
  /** Scopes whose tokens may make every one of these calls. */
  scopes: readonly TokenScope[];
  /** Changes nothing. */
  reads: boolean;
  /** Called again with the same input it adds nothing. */
  repeatable: boolean;
  /** Only MCP has it: a terminal has a command of its own for it. */
  onlyMcp?: boolean;
  shown?: Shown;
  run: (api: Api, input: z.output<Input>) => Promise<unknown>;
};

const everyone = ["ingest", "read", "evaluate", "admin"] as const;
export const loggers = ["ingest", "evaluate", "admin"] as const;

type Reading<Input extends z.ZodObject> = Pick<Tool<Input>, "summary" | "input" | "example"> &
  Partial<Pick<Tool<Input>, "positional" | "scopes" | "shown">> & {
    route: RouteName;
    /** Routes that `call` chooses in its place. */
    also?: readonly RouteName[];
    call: (input: z.output<Input>) => Omit<ApiCall, "route"> & { route?: RouteName };
  };

/** A tool that reads by one call. */
export function reading<Input extends z.ZodObject>({ route, also = [], call, ...tool }: Reading<Input>): Tool {
  return fixed({
    positional: [],
    scopes: everyone,
    ...tool,
    calls: [route, ...also],
    reads: true,
    repeatable: true,
    run: (api, input) => api({ route, ...call(input) }),
  });
}

type OfProject<Input extends z.ZodObject> = Omit<Reading<Input>, "call" | "also"> & {
  call: (input: z.output<Input>, project: string) => Omit<ApiCall, "route">;
};

/** A tool that reads of a project: the one that its input names, or else the token's own. */
export function readingProject<Input extends z.ZodObject>({ route, call, ...tool }: OfProject<Input>): Tool {
  return fixed({
    positional: [],
    scopes: everyone,
    ...tool,
    calls: ["whoami", route],
    reads: true,
    repeatable: true,
    run: async (api, input) => api({ route, ...call(input, await projectOf(api, input)) }),
  });
}

/** Throws where a member's session names none. */
async function projectOf(api: Api, input: { project?: unknown }): Promise<string> {
  if (typeof input.project === "string") return input.project;
  const { project } = callerSchema.parse(await api({ route: "whoami" }));
  if (project) return project.slug;
  throw new Miscalled(
    "project: expected an id or slug, received nothing; a project's token names its own, a member's session and a token of the workspace none",
  );
}

type Changing<Input extends z.ZodObject> = Omit<Tool<Input>, "reads" | "positional" | "scopes"> &
  Partial<Pick<Tool<Input>, "positional" | "scopes">>;

/** A tool that changes something. */
export const changing = <Input extends z.ZodObject>(tool: Changing<Input>): Tool =>
  fixed({ positional: [], scopes: loggers, ...tool, reads: false });

/** Its input is parsed by its own schema before it runs, which the type of a table of tools can't say. */
const fixed = <Input extends z.ZodObject>(tool: Tool<Input>): Tool => tool as unknown as Tool;

/** A call names nothing that can be asked for: the caller's to mend. */
export class Miscalled extends Error {}

export type SentCall = { method: Route["method"]; path: string; body: string | Uint8Array | null };

/** What is sent for a call: its path with everything escaped, and its body. */
export function requestOf({ route, params = {}, query = {}, body, bytes }: ApiCall): SentCall {
  const { method, path }: Route = routes[route];
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = params[name];
    if (value === undefined || value === "") throw new Miscalled(`${name}: expected an id or a name, received nothing`);
    // a file's path keeps its slashes
    const parts = name === "path" ? value.split("/") : [value];
    return parts.map((part) => partOf(name, part)).join("/");
  });
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined) search.append(name, String(one));
  const text = search.toString();
  return {
    method,
    path: text === "" ? filled : `${filled}?${text}`,
    body: bytes ?? (body === undefined ? null : JSON.stringify(body)),
  };
}

/** A part of a path, escaped. One of dots alone climbs to another route, however it is escaped. */
function partOf(name: string, part: string): string {
  if (/^\.{1,2}$/.test(part)) throw new Miscalled(`${name}: expected an id or a name, received ${part}`);
  return encodeURIComponent(part);
}
