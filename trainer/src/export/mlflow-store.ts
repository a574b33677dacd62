/**
 * An export as an MLflow file store (`mlruns`), in the layout that its versions 2 and 3 read: a folder a run, a file a param,
 * tag and metric. Tried with 3.17, which wants `MLFLOW_ALLOW_FILE_STORE=true` for any such store.
 */
import { createHash } from "node:crypto";
import { appendFile, mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { stringify } from "yaml";
import { fromWireFloat, type RunStatus } from "../../../lib/wire/base/words.ts";
import type { ExportLineOf } from "../../../lib/wire/exports.ts";
import { type SeriesName, seriesKey } from "../../../lib/wire/points/series-name.ts";
import type { Head, Line } from "./exported-lines.ts";
import { flatConfig } from "./flat-config.ts";
import { KeyFiles } from "./key-files.ts";

type RunLine = ExportLineOf<"run">;

/** MLflow's numbers; a run that fell silent is running to it. */
const statuses: Record<RunStatus, number> = { running: 1, lost: 1, queued: 2, finished: 3, failed: 4, killed: 5 };

/** Takes an export's lines in their order. `location`: where the store will lie, which its own files say. */
export class MlflowStore {
  /** Keys that MLflow's tools couldn't read as they are, by what they are and their run. */
  readonly renamed: { where: string; key: string; as: string }[] = [];
  readonly #experiment: string;
  #run: { folder: string; metrics: KeyFiles; names: Map<string, string>; told: number } | null = null;

  private constructor(
    readonly folder: string,
    readonly location: string,
    project: Head["project"],
  ) {
    this.#experiment = numberOf(project.id);
  }

  static async begin(folder: string, location: string, { project }: Head): Promise<MlflowStore> {
    const store = new MlflowStore(folder, location, project);
    const createdAt = Date.parse(project.createdAt);
    await mkdir(path.join(folder, store.#experiment, "tags"), { recursive: true });
    await writeMeta(path.join(folder, store.#experiment), {
      artifact_location: store.#urlOf(store.#experiment),
      creation_time: createdAt,
      experiment_id: store.#experiment,
      last_update_time: createdAt,
      lifecycle_stage: "active",
      name: project.name,
    });
    if (project.description !== "")
      await writeFile(path.join(folder, store.#experiment, "tags", "mlflow.note.content"), project.description);
    return store;
  }

  async take(line: Line): Promise<void> {
    if (line.kind === "run") await this.#takeRun(line);
    else if (line.kind === "series") this.#run!.names.set(seriesKey(line), line.name ?? plainKey(line));
    else if (line.kind === "points") await this.#takePoints(line);
    else if (line.kind === "override") await this.#tell("", "holdout.overrides", line);
    else await this.#tell(line.run, `holdout.${line.kind}s`, line.kind === "evaluation" ? withoutTests(line) : line);
  }

  /** A tag of a run, or of the experiment, an object a line: MLflow has no place for it. */
  async #tell(run: string, tag: string, { kind: _, ...told }: Exclude<Line, { kind: "run" }>): Promise<void> {
    const tags = path.join(this.folder, this.#experiment, run.replaceAll("-", ""), "tags");
    const { run: __, ...rest } = { run, ...told };
    await appendFile(path.join(tags, tag), `${JSON.stringify(rest)}\n`);
  }

  async #takeRun(run: RunLine): Promise<void> {
    const id = run.id.replaceAll("-", "");
    const folder = path.join(this.folder, this.#experiment, id);
    for (const part of ["metrics", "params", "tags", "artifacts"])
      await mkdir(path.join(folder, part), { recursive: true });
    await writeMeta(folder, {
      artifact_uri: this.#urlOf(this.#experiment, id, "artifacts"),
      end_time: timeOf(run.endedAt),
      entry_point_name: "",
      experiment_id: this.#experiment,
      lifecycle_stage: "active",
      run_id: id,
      run_name: run.name,
      run_uuid: id,
      source_name: "",
      source_type: 4,
      source_version: "",
      start_time: timeOf(run.startedAt ?? run.createdAt),
      status: statuses[run.status],
      tags: [],
      user_id: run.properties["mlflow.user"] ?? run.user,
    });
    await this.#writeKeyed(run.id, folder, "params", paramsOf(run));
    await this.#writeKeyed(run.id, folder, "tags", tagsOf(run));
    for (const input of run.inputs) await this.#writeInput(folder, id, input);
    this.#run = { folder, metrics: new KeyFiles(), names: new Map(), told: 0 };
  }

  async #writeKeyed(run: string, folder: string, part: string, entries: [string, string][]): Promise<void> {
    const files = new KeyFiles();
    for (const [key, text] of entries) await write(path.join(folder, part), files.pathOf(key), text);
    for (const one of files.renamed) this.renamed.push({ where: `${run} ${part}`, ...one });
  }

  /** A line a point: time, value, step. */
  async #takePoints({ run: id, split, metric, steps, times, values }: ExportLineOf<"points">): Promise<void> {
    const run = this.#run!;
    const key = run.names.get(seriesKey({ split, metric })) ?? plainKey({ split, metric });
    const file = run.metrics.pathOf(key);
    const rows = steps.map(
      (step, at) => `${Math.round(times[at]!)} ${pythonFloat(fromWireFloat(values[at]!))} ${step}\n`,
    );
    await write(path.join(run.folder, "metrics"), file, rows.join(""));
    for (const one of run.metrics.renamed.slice(run.told)) this.renamed.push({ where: `${id} metrics`, ...one });
    run.told = run.metrics.renamed.length;
  }

  async #writeInput(folder: string, run: string, { tags, sourceType, ...input }: RunLine["inputs"][number]) {
    const dataset = createHash("md5").update(`${input.name} ${input.digest}`).digest("hex");
    const described = path.join(this.folder, this.#experiment, "datasets", dataset);
    await mkdir(described, { recursive: true });
    await writeMeta(described, { ...input, profile: null, schema: null, source_type: sourceType });
    const used = path.join(folder, "inputs", dataset);
    await mkdir(used, { recursive: true });
    const link = { source_id: dataset, source_type: "DATASET", destination_id: run, destination_type: "RUN" };
    await writeMeta(used, { ...link, tags });
  }

  readonly #urlOf = (...parts: string[]): string => pathToFileURL(path.join(this.location, ...parts)).href;
}

/** Eighteen digits, as MLflow's ids of experiments are: the same for the same project. */
const numberOf = (id: string): string =>
  String(10n ** 17n + (BigInt(`0x${id.replaceAll("-", "")}`) % (9n * 10n ** 17n)));

const timeOf = (time: string | null): number | null => (time === null ? null : Date.parse(time));

/** Whoever reads a run reads its tags: they hold no test number, as a quarantined metric's file does. */
const withoutTests = (line: ExportLineOf<"evaluation">): ExportLineOf<"evaluation"> =>
  line.split === "test" ? { ...line, report: null } : line;

const plainKey = ({ split, metric }: SeriesName): string => (split === null ? metric : `${split}/${metric}`);

/** As Python's `float` reads it. */
function pythonFloat(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  return Object.is(value, -0) ? "-0.0" : String(value);
}

const paramsOf = ({ config, configTexts }: RunLine): [string, string][] =>
  flatConfig(config).map(([key, value]) => [key, configTexts[key] ?? String(value)]);

/** What its client said, then what is known here and MLflow has a tag for; the rest stands in tags of our own. */
function tagsOf(run: RunLine): [string, string][] {
  const { code, parent } = run;
  const told: Record<string, string | null | undefined> = {
    ...run.properties,
    "mlflow.runName": run.name,
    "mlflow.note.content": run.notes || null,
    "mlflow.user": run.properties["mlflow.user"] ?? run.user,
    "mlflow.source.name": run.properties["mlflow.source.name"] ?? code?.command,
    "mlflow.source.git.commit": run.properties["mlflow.source.git.commit"] ?? code?.commit,
    "mlflow.source.git.branch": run.properties["mlflow.source.git.branch"] ?? code?.branch,
    "mlflow.source.git.repoURL": run.properties["mlflow.source.git.repoURL"] ?? code?.repository,
    "holdout.run": run.id,
    "holdout.status": run.status,
    "holdout.seed": run.seed === null ? null : String(run.seed),
    "holdout.manifest": run.manifest,
    "holdout.parent": parent && `${parent.run} ${parent.checkpoint}`,
    "holdout.tags": run.tags.length > 0 ? JSON.stringify(run.tags) : null,
    "holdout.environment": JSON.stringify(run.environment),
    "holdout.failure": run.failure && JSON.stringify(run.failure),
  };
  return Object.entries(told).flatMap(([key, text]): [string, string][] => (text ? [[key, text]] : []));
}

/** Texts in quotes: Python reads YAML 1.1, to which many words are numbers, dates or booleans. */
const writeMeta = (folder: string, meta: object): Promise<void> =>
  writeFile(
    path.join(folder, "meta.yaml"),
    stringify(meta, { defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "PLAIN", lineWidth: 0 }),
  );

async function write(folder: string, file: string, text: string): Promise<void> {
  if (file.includes("/")) await mkdir(path.join(folder, path.posix.dirname(file)), { recursive: true });
  await appendFile(path.join(folder, file), text);
}
