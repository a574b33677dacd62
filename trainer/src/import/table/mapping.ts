/** What each column of a table is: guessed, then corrected by who imports. */
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { Miscalled } from "../../../../lib/wire/tools/tool.ts";

/** Roles that one column alone may have. */
export const soleRoles = [
  "run",
  "name",
  "step",
  "time",
  "metric-name",
  "value",
  "split",
  "status",
  "notes",
  "started",
  "ended",
] as const;
/** Roles of as many columns as there are. `metric`: its cells are points; `prefix`: its texts stand before the name of a metric. */
export const manyRoles = ["metric", "config", "fact", "prefix", "nothing"] as const;
export type Role = (typeof soleRoles)[number] | (typeof manyRoles)[number];

export type Column = {
  name: string;
  role: Role;
  /** Of a metric or config the name that it gets here. */
  as: string;
  /** The run whose points a column holds, where each run has columns of its own; else empty. */
  run: string;
  /** Why a column is nothing; empty where it is something. */
  why: string;
  /** Cells that hold something. */
  present: number;
  isSaid: boolean;
};

export type Mapping = {
  /** Name of the file without its ending: the run where no column names one, and a part of each run's id. */
  title: string;
  columns: Column[];
  rows: number;
  /** Whether the rows of a run stand together: it can then be sent before the next is read. */
  isGrouped: boolean;
};

export type Correction = { role: Role; as: string; run: string };

const roles: readonly string[] = [...soleRoles, ...manyRoles];
const roleForm = `one of ${roles.join(", ")}; metric:NAME, config:NAME, and metric:NAME@RUN for a column of one run`;

/** `COLUMN=ROLE` of flags, and `@FILE` of YAML or JSON that holds roles by column. Throws `Miscalled`. */
export function correctionsOf(given: readonly string[]): Map<string, Correction> {
  const corrections = new Map<string, Correction>();
  for (const one of given)
    if (one.startsWith("@"))
      for (const [column, role] of entriesOf(one.slice(1))) corrections.set(column, correctionOf(column, role));
    else {
      // a column's name may hold the sign itself
      const [, column, role] = new RegExp(`^(.+)=((?:${roles.join("|")})(?::.*)?)$`, "s").exec(one) ?? [];
      if (column === undefined || role === undefined)
        throw new Miscalled(`--map ${one}: expected COLUMN=ROLE or @FILE; the role is ${roleForm}`);
      corrections.set(column, correctionOf(column, role));
    }
  return corrections;
}

function entriesOf(file: string): [string, unknown][] {
  let read: unknown;
  try {
    read = parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new Miscalled(`--map @${file}: ${(cause as Error).message.split("\n")[0]}`, { cause });
  }
  if (read === null || typeof read !== "object" || Array.isArray(read))
    throw new Miscalled(`--map @${file}: expected columns and their roles, as "loss: metric"`);
  return Object.entries(read);
}

function correctionOf(column: string, given: unknown): Correction {
  const [, role, rest = ""] = /^([a-z-]+)(?::(.*))?$/s.exec(String(given)) ?? [];
  const refuse = (why: string) => new Miscalled(`--map ${column}: ${why}, received ${JSON.stringify(given)}`);
  if (role === undefined || !roles.includes(role)) throw refuse(`expected ${roleForm}`);
  if (rest !== "" && role !== "metric" && role !== "config") throw refuse("only a metric and a config take a name");
  const at = role === "metric" ? rest.lastIndexOf("@") : -1;
  return { role: role as Role, as: at < 0 ? rest : rest.slice(0, at), run: at < 0 ? "" : rest.slice(at + 1) };
}

/** Puts what was said over what was guessed; a column that only a guess gave a sole role loses it. Throws `Miscalled`. */
export function corrected(mapping: Mapping, corrections: Map<string, Correction>): Mapping {
  const names = mapping.columns.map(({ name }) => name);
  for (const column of corrections.keys())
    if (!names.includes(column))
      throw new Miscalled(`--map ${column}: there is no such column; there are ${names.map(quoted).join(", ")}`);
  const taken = new Set([...corrections.values()].map(({ role }) => role));
  const columns = mapping.columns.map((column): Column => {
    const said = corrections.get(column.name);
    if (said) {
      const why = said.role === "nothing" ? "left out, as was said" : "";
      return { ...column, ...said, as: said.as || column.name, why, isSaid: true };
    }
    const isLost = isSole(column.role) && taken.has(column.role);
    return isLost ? { ...column, role: "nothing", why: `another column is the ${column.role}` } : column;
  });
  checkRoles(columns);
  return { ...mapping, columns };
}

const quoted = (name: string): string => JSON.stringify(name);
const isSole = (role: Role): boolean => (soleRoles as readonly string[]).includes(role);

function checkRoles(columns: Column[]): void {
  for (const role of soleRoles) {
    const having = columns.filter((column) => column.role === role);
    if (having.length > 1)
      throw new Miscalled(
        `--map: ${having.map(({ name }) => quoted(name)).join(" and ")} are both the ${role}; one is right`,
      );
  }
  const has = (role: Role) => columns.some((column) => column.role === role);
  if (has("metric-name") !== has("value"))
    throw new Miscalled(
      "--map: metric-name and value go together: one column names the metric, the other holds its number",
    );
  if (!has("value") && !has("metric") && !has("config"))
    throw new Miscalled(
      `no column is a metric, a value or a config: say which with --map COLUMN=ROLE; there are ${columns.map(({ name }) => quoted(name)).join(", ")}`,
    );
}
