/** One run of an MLflow file store. */
import path from "node:path";
import { seriesOfKey } from "../../../../lib/wire/points/key-rule.ts";
import { configOf, factsOf, nameOf, notesOf, timeWords, valueOfText } from "../facts.ts";
import type { Found, ImportedRun, LeftOut } from "../imported.ts";
import { Intake } from "../series.ts";
import { filesBelow, foldersIn, readBytes, runFilesBelow } from "../walk.ts";
import { type Meta, numberOf, readKeyed, readMeta, textOf } from "./meta.ts";
import { addMetricLines } from "./metric-lines.ts";

export type Experiment = { id: string; name: string; folder: string; place: string; isDeleted: boolean };

/** MLflow's numbers of a status; a run without one is running. */
const statuses: Record<string, string> = { 1: "RUNNING", 2: "SCHEDULED", 3: "FINISHED", 4: "FAILED", 5: "KILLED" };

export async function readRun(experiment: Experiment, id: string): Promise<Found> {
  const folder = path.join(experiment.folder, id);
  const place = `${experiment.place}/${id}`;
  const { meta, fault } = await readMeta(folder);
  if (fault !== null) return { run: null, leftOut: await wholeLeftOut(folder, place, fault) };
  const params = await readKeyed(path.join(folder, "params"), `${place}/params`);
  const tags = await readKeyed(path.join(folder, "tags"), `${place}/tags`);
  const points = await readMetrics(folder, place);
  const files = await runFilesBelow(path.join(folder, "artifacts"), `${place}/artifacts`);
  const inputs = await readLinks(path.join(folder, "inputs"));
  const outputs = await readLinks(path.join(folder, "outputs"));
  const datasets = await datasetsOf(experiment, inputs);
  const read = { experiment, id, meta, params: params.values, tags: tags.values, inputs, outputs, datasets };
  const found = runFrom({ ...read, place, series: points.series, files: files.files });
  return { run: found.run, leftOut: [params, tags, points, files, found].flatMap((part) => part.leftOut) };
}

/** All that a store has of a run, wherever it keeps that. Values of `meta` and of datasets are texts. */
export type StoredRun = Pick<ImportedRun, "series" | "files"> & {
  experiment: Pick<Experiment, "id" | "name" | "isDeleted">;
  id: string;
  place: string;
  meta: Meta;
  params: [string, string][];
  tags: [string, string][];
  inputs: Meta[];
  outputs: Meta[];
  datasets: Meta[];
};

export function runFrom(stored: StoredRun): { run: ImportedRun; leftOut: LeftOut[] } {
  const { experiment, id, meta, params, tags, inputs, outputs, datasets, series, files } = stored;
  const config = configOf(
    params.map(([key, text]) => [key, valueOfText(text)]),
    `${stored.place}/params`,
  );
  const tag = new Map(tags);
  const run: ImportedRun = {
    kind: "mlflow",
    sourceId: id,
    name: nameOf(tag.get("mlflow.runName") || textOf(meta.run_name), id),
    notes: notesOf(tag.get("mlflow.note.content") ?? ""),
    config: config.config,
    facts: factsOfRun(experiment, meta, id, tag, datasets),
    code: codeOf(tag),
    isDeleted: isDeleted(experiment, meta),
    startedAt: numberOf(meta.start_time),
    ran: { startedAt: numberOf(meta.start_time), endedAt: numberOf(meta.end_time) },
    end: endOf(meta),
    series,
    files,
    original: {
      experiment: { id: experiment.id, name: experiment.name },
      meta,
      params: Object.fromEntries(params),
      tags: Object.fromEntries(tags),
      inputs,
      outputs,
      datasets,
    },
  };
  return { run, leftOut: config.leftOut };
}

async function readMetrics(folder: string, place: string) {
  const intake = new Intake(seriesOfKey);
  const { files, links } = await filesBelow(path.join(folder, "metrics"));
  const bad = links.map((at) => [at, "a link, which isn't followed"]);
  for (const key of files) {
    const { read, fault } = readBytes(path.join(folder, "metrics", key));
    if (read === null) bad.push([key, fault]);
    else addMetricLines(intake, key, read);
  }
  const { series, leftOut } = intake.taken(`${place}/metrics`);
  const unread = bad.map(
    ([at, why = ""]): LeftOut => ({
      unit: "other",
      count: 1,
      where: `${place}/metrics/${at}`,
      why: `a metric: ${why}`,
    }),
  );
  return { series, leftOut: [...leftOut, ...unread] };
}

/** A run whose meta file is damaged has no id, no start and no end: its points and files are counted with it. */
async function wholeLeftOut(folder: string, place: string, fault: string): Promise<LeftOut[]> {
  const { series, leftOut } = await readMetrics(folder, place);
  const files = await filesBelow(path.join(folder, "artifacts"));
  const why = `its run is left out: ${fault}`;
  const points = series.reduce((sum, { count }) => sum + count, 0);
  const count = files.files.length + files.links.length;
  return [
    { unit: "run", count: 1, where: place, why: fault },
    ...leftOut,
    ...(points > 0 ? [{ unit: "point" as const, count: points, where: place, why }] : []),
    ...(count > 0 ? [{ unit: "file" as const, count, where: place, why }] : []),
  ];
}

/** The meta files in a folder of links: `inputs`, `outputs`. One that is damaged tells nothing. */
async function readLinks(folder: string): Promise<Meta[]> {
  const metas = await Promise.all((await foldersIn(folder)).map((name) => readMeta(path.join(folder, name))));
  return metas.flatMap(({ meta }) => (meta === null ? [] : [meta]));
}

/** The datasets that a run's inputs name, each with what the input says of its use. */
async function datasetsOf({ folder }: Experiment, inputs: Meta[]): Promise<Meta[]> {
  const used: Meta[] = [];
  for (const { source_id, source_type, tags } of inputs) {
    if (source_type !== "DATASET" || !/^[\w-]+$/.test(textOf(source_id))) continue;
    const { meta } = await readMeta(path.join(folder, "datasets", textOf(source_id)));
    if (meta !== null) used.push({ ...meta, context: textOf((tags as Meta | null)?.["mlflow.data.context"]) });
  }
  return used;
}

function factsOfRun(
  experiment: StoredRun["experiment"],
  meta: Meta,
  sourceId: string,
  tags: Map<string, string>,
  datasets: Meta[],
): Record<string, string> {
  return factsOf([
    ["mlflow run", sourceId],
    ["mlflow experiment", `${experiment.name} (${experiment.id})`],
    ["mlflow user", tags.get("mlflow.user") || textOf(meta.user_id)],
    ["mlflow status", statusOf(meta)],
    ["mlflow started", timeWords(numberOf(meta.start_time))],
    ["mlflow ended", timeWords(numberOf(meta.end_time))],
    ["mlflow deleted", isDeleted(experiment, meta) ? (timeWords(numberOf(meta.deleted_time)) ?? "yes") : null],
    ["mlflow source", tags.get("mlflow.source.name")],
    ["mlflow parent run", tags.get("mlflow.parentRunId")],
    ...datasets.map(({ name, digest, context }) => {
      const use = textOf(context);
      return [`mlflow dataset ${textOf(name)}`, `${textOf(digest)}${use ? `, ${use}` : ""}`] as const;
    }),
    ...[...tags].flatMap(([key, value]) => (key.startsWith("mlflow.") ? [] : [[`mlflow tag ${key}`, value] as const])),
  ]);
}

const isDeleted = (experiment: StoredRun["experiment"], { lifecycle_stage }: Meta): boolean =>
  experiment.isDeleted || lifecycle_stage === "deleted";

/** Old stores have its name. */
const statusOf = ({ status }: Meta): string => statuses[textOf(status)] ?? (textOf(status) || "RUNNING");

function endOf(meta: Meta): ImportedRun["end"] {
  const status = statusOf(meta);
  if (status === "FINISHED") return { status: "finished" };
  const failure = { reason: "other", message: `MLflow has it as ${status} and doesn't say why` } as const;
  if (status === "FAILED") return { status: "failed", failure };
  return status === "KILLED" ? { status: "killed", failure } : null;
}

function codeOf(tags: Map<string, string>): ImportedRun["code"] {
  const commit = tags.get("mlflow.source.git.commit");
  if (commit === undefined) return null;
  const cut = (key: string, max: number) => tags.get(key)?.replaceAll("\u0000", "").slice(0, max) || null;
  return {
    commit: cut("mlflow.source.git.commit", 64),
    branch: cut("mlflow.source.git.branch", 250),
    repository: cut("mlflow.source.git.repoURL", 500),
    dirty: tags.get("mlflow.git.dirty") === "True",
    command: cut("mlflow.source.name", 10_000) ?? "",
  };
}
