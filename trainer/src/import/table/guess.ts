/** Guesses what the columns of a table are, by their names and by what stands in them. */
import path from "node:path";
import type { Json } from "../../../../lib/wire/base/config.ts";
import { numberIn } from "../python.ts";
import { type Column, type Mapping, type Role, soleRoles } from "./mapping.ts";
import { isBlank, isEmpty, isMedia, openTable } from "./rows.ts";
import { timeOf } from "./times.ts";
import { chartColumns } from "./wandb-chart.ts";

/** What stands in a column. */
type Facts = {
  present: number;
  numbers: number;
  times: number;
  media: number;
  /** Whether two rows of one run differ in it. */
  varies: boolean;
  /** Of each of the first runs the value that it had first; given up where it varies. */
  firsts: Map<string, string>;
  /** Cells of these runs. */
  compared: number;
};

/** What a name says, without case and signs; of two columns the one whose word stands first. */
const words: Record<(typeof soleRoles)[number], readonly string[]> = {
  run: ["runhash", "runid", "run", "trialid", "trial", "sysid"],
  name: ["runname", "displayname", "name", "sysname"],
  step: ["step", "globalstep", "steps", "iteration", "iter", "it", "batch", "epoch"],
  time: ["timestamp", "walltime", "time", "datetime", "date"],
  "metric-name": ["metricname", "metric", "tag", "key", "series", "attributepath"],
  value: ["value", "metricvalue", "floatvalue"],
  split: ["split", "subset", "phase", "stage", "metriccontextsubset", "contextsubset"],
  status: ["state", "status", "runstate"],
  notes: ["notes", "note", "description", "sysdescription"],
  started: ["created", "createdat", "starttime", "startedat", "syscreationtime"],
  ended: ["endtime", "endedat", "finishedat"],
};
/** What is said of a run, and isn't set by who tunes it. */
const factWords = ["user", "tags", "sweep", "sysowner", "systags", "host", "hostname", "project"];
const indexWords = ["column1", "idx", "index", "unnamed0"];
const wordOf = (name: string): string => name.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, "");

/** Words in the names of what is measured: in a table of one row a run nothing else tells a metric from a config. */
const measured =
  /(^|[^a-z])(loss|acc|accuracy|auc|auroc|f1|precision|recall|error|err|score|mse|mae|rmse|r2|perplexity|ppl|bleu|rouge|wer|cer|iou|dice|reward|return|metrics?|val|valid|validation|eval|test)([^a-z]|$)/i;
export const isMeasured = (name: string): boolean => measured.test(name);

/** Reads the whole file. `runColumn`: the one that somebody said is the run. */
export async function guessMapping(file: string, runColumn: string | null = null): Promise<Mapping> {
  const { names, rows } = openTable(file);
  const facts: Facts[] = [];
  const runs = new Set<string>();
  let runAt = -1;
  let count = 0;
  let last = "";
  let isGrouped = true;
  for await (const row of rows) {
    if (row.fault !== null || isBlank(row.cells)) continue;
    if (count++ === 0) runAt = runColumn === null ? guessRun(names) : names.indexOf(runColumn);
    const run = String(row.cells[runAt] ?? "");
    if (run !== last && runs.has(run)) isGrouped = false;
    runs.add(run);
    last = run;
    for (const [at, cell] of row.cells.entries()) {
      if (isEmpty(cell)) continue;
      const fact = facts[at] ?? noFacts();
      facts[at] = fact;
      addFact(fact, runs.size <= RUNS_COMPARED ? run : null, cell!);
    }
  }
  const told = names.map((_, at) => facts[at] ?? noFacts());
  const columns = guessColumns(names, told, { rows: count, runs: runs.size });
  return { title: path.basename(file, path.extname(file)), columns, rows: count, isGrouped };
}

const noFacts = (): Facts => ({
  present: 0,
  numbers: 0,
  times: 0,
  media: 0,
  varies: false,
  firsts: new Map(),
  compared: 0,
});

/** Of more runs each value would take more memory than a guess is worth. */
const RUNS_COMPARED = 2_000;

/** `run`: null where it isn't compared with its other rows. */
function addFact(facts: Facts, run: string | null, cell: Json): void {
  facts.present++;
  if (numberIn(cell) !== null) facts.numbers++;
  if (timeOf(cell) !== null) facts.times++;
  if (isMedia(cell)) facts.media++;
  if (run === null) return;
  facts.compared++;
  if (facts.varies) return;
  const text = typeof cell === "string" ? cell : JSON.stringify(cell);
  const first = facts.firsts.get(run);
  if (first === undefined) facts.firsts.set(run, text);
  else if (first !== text) {
    facts.varies = true;
    facts.firsts.clear();
  }
}

function guessRun(names: string[]): number {
  const isCalled = (word: string) => names.findIndex((name) => wordOf(name) === word);
  return [...words.run, ...words.name].map(isCalled).find((at) => at >= 0) ?? -1;
}

type Extent = { rows: number; runs: number };

function guessColumns(names: string[], facts: Facts[], counted: Extent): Column[] {
  const roles = soleRolesOf(names, facts, counted);
  const isRowARun = isRunsTable(roles) && ![...roles.values()].includes("run");
  const extent = isRowARun ? { rows: counted.rows, runs: counted.rows } : counted;
  const chart = chartColumns(names);
  const isLong = [...roles.values()].includes("metric-name");
  const isAim = names.includes("run.hash");
  return names.map((name, at): Column => {
    const base = { name, as: name, run: "", why: "", present: facts[at]!.present, isSaid: false };
    const role = roles.get(at);
    if (role !== undefined) return { ...base, role };
    const curve = chart.get(name);
    if (curve === "bound") return { ...base, role: "nothing", why: "a bound of a curve that the chart had sampled" };
    if (curve) return { ...base, role: "metric", as: curve.metric, run: curve.run };
    if (chart.size > 0) return { ...base, role: "nothing", why: "no curve of the chart, and not its step" };
    const guessed = guessOther(name, facts[at]!, isLong, extent);
    const as = isAim && guessed.role === "config" ? name.replace(/^run\./, "") : name;
    return { ...base, as, ...guessed };
  });
}

/** Which column has which of the roles that one alone may have. */
function soleRolesOf(names: string[], facts: Facts[], extent: Extent): Map<number, Role> {
  const fits: Partial<Record<Role, (facts: Facts) => boolean>> = {
    step: ({ present, numbers }) => present > 0 && numbers === present,
    time: ({ present, times }) => present > 0 && times === present,
    started: ({ present, times }) => present > 0 && times === present,
    ended: ({ present, times }) => present > 0 && times === present,
    value: ({ present, numbers }) => numbers > present / 2,
    "metric-name": ({ present, numbers }) => present > 0 && numbers === 0,
    split: ({ present, numbers }) => present > 0 && numbers === 0,
  };
  const taken = new Map<number, Role>();
  const find = (role: (typeof soleRoles)[number]): number | undefined =>
    words[role]
      .flatMap((word) => names.flatMap((name, at) => (wordOf(name) === word ? [at] : [])))
      .find((at) => !taken.has(at) && (fits[role]?.(facts[at]!) ?? true));
  for (const role of soleRoles) {
    const at = find(role);
    if (at !== undefined) taken.set(at, role);
  }
  const roleAt = (role: Role) => [...taken].find(([, one]) => one === role)?.[0];
  const [metric, value] = [roleAt("metric-name"), roleAt("value")];
  // without the other they are columns like any
  if (metric === undefined && value !== undefined) taken.delete(value);
  if (value === undefined && metric !== undefined) taken.delete(metric);
  // names say which run a row is of, where nothing else does and rows follow one another in steps or names stand once
  const name = roleAt("name");
  const isNamed = extent.rows === extent.runs || (roleAt("step") !== undefined && !isRunsTable(taken));
  if (name !== undefined && roleAt("run") === undefined && isNamed) taken.set(name, "run");
  return taken;
}

/** A list of runs says of each how it ended and when it began. */
const isRunsTable = (roles: Map<number, Role>): boolean =>
  [...roles.values()].includes("status") && [...roles.values()].includes("started");

type Guess = { role: Role; why: string };
const nothing = (why: string): Guess => ({ role: "nothing", why });

function guessOther(name: string, facts: Facts, isLong: boolean, extent: Extent): Guess {
  const { present, numbers, varies, firsts, compared } = facts;
  const isConstant = !varies && (extent.runs > 1 || extent.rows > 1);
  if (present === 0) return nothing("empty");
  if (facts.media > 0) return nothing("media, which the table only names");
  if (indexWords.includes(wordOf(name))) return nothing("an index of the rows");
  if (factWords.includes(wordOf(name)) && numbers < present) return { role: "fact", why: "" };
  if (/^_?runtime$/i.test(name)) return nothing("how long it ran, which times say");
  if (isLong) return isConstant ? { role: "config", why: "" } : nothing("differs between rows of one run");
  const isNumeric = numbers > present / 2;
  if (extent.rows === extent.runs && extent.rows > 0)
    return { role: isNumeric && isMeasured(name) ? "metric" : "config", why: "" };
  // what stands in one row of a run was logged once; what stands in many and never changes was set
  const isLoggedOnce = compared === firsts.size && present < extent.rows;
  if (isNumeric) return { role: isConstant && !isLoggedOnce ? "config" : "metric", why: "" };
  return isConstant ? { role: "config", why: "" } : nothing("texts that differ between rows of one run");
}
