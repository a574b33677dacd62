/** One run of W&B, from its `.wandb` files and the folders of files beside them. */
import path from "node:path";
import type { Json } from "../../../../lib/wire/base/config.ts";
import { seriesOfKey } from "../../../../lib/wire/points/key-rule.ts";
import { configOf, factsOf, nameOf, notesOf, timeWords } from "../facts.ts";
import type { Found, ImportedFile, ImportedRun, LeftOut } from "../imported.ts";
import { numberIn } from "../python.ts";
import { Intake } from "../series.ts";
import { runFilesBelow } from "../walk.ts";
import { History } from "./history.ts";
import { type Item, type RunWords, type Said, saidBy } from "./record.ts";
import { wandbRecordsOf } from "./records.ts";

type Nested = { [key: string]: Json };

/** What all records of a run say together. */
type Reading = {
  intake: Intake;
  history: History;
  run: RunWords | null;
  config: Nested;
  summary: Nested;
  environment: Extract<Said, { kind: "environment" }> | null;
  exitCode: number | null;
  console: string[];
  /** How many samples of the machine there were. */
  samples: number;
  others: Map<string, number>;
  leftOut: LeftOut[];
};

export async function readWandbRun(root: string, logs: string[]): Promise<Found> {
  const intake = new Intake(seriesOfKey);
  const reading: Reading = {
    intake,
    history: new History(intake),
    run: null,
    config: {},
    summary: {},
    environment: null,
    exitCode: null,
    console: [],
    samples: 0,
    others: new Map(),
    leftOut: [],
  };
  for (const log of logs) await readLog(reading, path.join(root, log), log);
  const place = logs.at(-1)!;
  if (reading.run === null) {
    const why = "its file names no run";
    const { series, leftOut } = intake.taken(place);
    const points = series.reduce((sum, { count }) => sum + count, 0);
    const without: LeftOut[] = [{ unit: "run", count: 1, where: place, why }, ...reading.leftOut, ...leftOut];
    if (points > 0) without.push({ unit: "point", count: points, where: place, why });
    return { run: null, leftOut: without };
  }
  // while a run goes on, its last step is still to come
  if (reading.exitCode !== null) reading.history.addSummary(reading.summary);
  const files = await filesOf(root, logs, reading);
  const taken = intake.taken(place);
  const config = configOf(Object.entries(reading.config), place);
  const others = [...reading.others].map(
    ([what, count]): LeftOut => ({ unit: "other", count, where: place, why: `${what}: not imported` }),
  );
  const left = [...reading.leftOut, ...others, ...taken.leftOut, ...config.leftOut, ...files.leftOut];
  return {
    run: runOf(reading, reading.run, { config: config.config, series: taken.series, files: files.files }),
    leftOut: left,
  };
}

async function readLog(reading: Reading, file: string, where: string): Promise<void> {
  reading.exitCode = null;
  for await (const { bytes, fault } of wandbRecordsOf(file)) {
    const said = bytes === null ? null : parsed(bytes);
    if (bytes === null || said === "damaged") {
      const why = fault ?? "a record isn't what W&B writes";
      reading.leftOut.push({ unit: "other", count: 1, where, why });
    } else if (said) take(reading, said);
  }
}

function parsed(bytes: Uint8Array): Said | "damaged" {
  try {
    return saidBy(bytes);
  } catch (error) {
    if (error instanceof RangeError || error instanceof SyntaxError) return "damaged";
    throw error;
  }
}

function take(reading: Reading, said: NonNullable<Said>): void {
  if (said.kind === "history") reading.history.add(said.items, said.step);
  else if (said.kind === "stats") {
    const time = said.time ?? Number.NaN;
    for (const { path: at, value } of said.items)
      point(reading.intake, `system/${at.join(".")}`, reading.samples, time, value);
    reading.samples++;
  } else if (said.kind === "run") {
    reading.run = said.run;
    for (const item of said.config) set(reading.config, item);
  } else if (said.kind === "config" || said.kind === "summary") {
    for (const item of said.items) set(reading[said.kind], item);
    for (const at of said.removed) unset(reading[said.kind], at);
  } else if (said.kind === "console") reading.console.push(said.text);
  else if (said.kind === "environment") reading.environment = said;
  else if (said.kind === "exit") reading.exitCode = said.code;
  else reading.others.set(said.what, (reading.others.get(said.what) ?? 0) + 1);
}

function point(intake: Intake, key: string, step: number, time: number, value: Json): void {
  const number = numberIn(value);
  if (number === null) intake.refuse(key, "no number");
  else intake.add(key, step, time, number);
}

/** W&B's own words stand below `_wandb`: they are no config of anybody. */
function set(target: Nested, { path: [first, ...rest], value }: Item): void {
  if (first === undefined || first === "_wandb") return;
  const [next] = rest;
  if (next === undefined) {
    target[first] = value;
    return;
  }
  const within = target[first];
  const inner: Nested = isNested(within) ? within : {};
  target[first] = inner;
  set(inner, { path: rest, value });
}

function unset(target: Nested, [first, ...rest]: string[]): void {
  if (first === undefined) return;
  const within = target[first];
  if (rest.length === 0) delete target[first];
  else if (isNested(within)) unset(within, rest);
}

const isNested = (value: Json | undefined): value is Nested =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Files beside each log; of a run that was resumed the later ones of one name. The console is one, where no file has it. */
async function filesOf(root: string, logs: string[], { console: said }: Reading) {
  const files = new Map<string, ImportedFile>();
  const leftOut: LeftOut[] = [];
  for (const log of logs) {
    const folder = path.posix.join(path.posix.dirname(log), "files");
    const found = await runFilesBelow(path.join(root, folder), folder);
    leftOut.push(...found.leftOut);
    for (const file of found.files) {
      const before = files.get(file.path);
      if (before)
        leftOut.push({
          unit: "file",
          count: 1,
          where: `${folder}/${file.path}`,
          why: "written again when the run was resumed",
        });
      files.set(file.path, file);
    }
  }
  const text = Buffer.from(said.join(""));
  if (text.length > 0 && !files.has("output.log"))
    files.set("output.log", { path: "output.log", file: text, sizeBytes: text.length });
  return { files: [...files.values()], leftOut };
}

function runOf(reading: Reading, run: RunWords, read: Pick<ImportedRun, "config" | "series" | "files">): ImportedRun {
  const { environment, exitCode, history } = reading;
  const startedAt = run.startedAt ?? history.firstAt;
  return {
    kind: "wandb",
    sourceId: [run.project, run.id].filter(Boolean).join("/"),
    name: nameOf(run.name, run.id),
    notes: notesOf(run.notes),
    facts: factsOf([
      ["wandb run", run.id],
      ["wandb project", [run.entity, run.project].filter(Boolean).join("/")],
      ["wandb user", environment?.user],
      ["wandb host", run.host || environment?.host],
      ["wandb started", timeWords(startedAt)],
      ["wandb last point", timeWords(history.lastAt)],
      ["wandb exit code", exitCode],
      ["wandb group", run.group],
      ["wandb job type", run.jobType],
      ["wandb sweep", run.sweep],
      ["wandb tags", run.tags.join(", ")],
    ]),
    code: codeOf(reading, run),
    isDeleted: false,
    startedAt,
    ran: { startedAt, endedAt: history.lastAt },
    end: endOf(exitCode),
    original: { run, config: reading.config, summary: reading.summary, environment, exitCode },
    ...read,
  };
}

function endOf(code: number | null): ImportedRun["end"] {
  if (code === null) return null;
  if (code === 0) return { status: "finished" };
  const message = `W&B has its exit code ${code} and doesn't say why`;
  return { status: "failed", failure: { reason: "other", message } };
}

function codeOf({ environment }: Reading, { commit, remote }: RunWords): ImportedRun["code"] {
  if (commit === "") return null;
  const cut = (text: string, max: number) => text.replaceAll("\u0000", "").slice(0, max);
  const command = environment ? [environment.program, ...environment.args].join(" ") : "";
  return { commit: cut(commit, 64), repository: cut(remote, 500) || null, command: cut(command, 10_000) };
}
