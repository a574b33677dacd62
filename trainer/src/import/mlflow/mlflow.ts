/**
 * MLflow's stores of versions 1 to 3, as folders (`mlruns`) or SQLite files: experiments, their runs, and what was deleted
 * and not yet purged.
 */
import { existsSync, statSync } from "node:fs";
import path from "node:path";
import type { Found, LeftOut } from "../imported.ts";
import { filesBelow, foldersIn } from "../walk.ts";
import { readMlflowDatabase } from "./database.ts";
import { type Meta, readMeta, textOf } from "./meta.ts";
import { readRegistryFolder } from "./registry.ts";
import { type Experiment, readRun } from "./run.ts";

/** Folders of an experiment that are no runs. */
const partsOfExperiment = ["tags", "datasets", "models", "traces"];

export async function* readMlflow(place: string): AsyncGenerator<Found> {
  const database = path.join(place, "mlflow.db");
  if (statSync(place, { throwIfNoEntry: false })?.isFile()) yield* readMlflowDatabase(place);
  else if (existsSync(database) && (await experimentsIn(place)).length === 0) yield* readMlflowDatabase(database);
  else yield* readFileStore(place);
}

async function* readFileStore(folder: string): AsyncGenerator<Found> {
  const experiments = await experimentsIn(folder);
  if (experiments.length === 0)
    throw new Error(`${folder}: no MLflow file store; expected folders of experiments, each with a meta.yaml`);
  yield { run: null, ...(await readRegistryFolder(folder)) };
  for (const experiment of experiments) {
    const { meta, fault } = await readMeta(experiment.folder);
    const named: Experiment = { ...experiment, name: textOf(meta?.name) || experiment.id, isDeleted: isDeleted(meta) };
    const leftOut = await partsLeftOut(named);
    if (fault !== null) leftOut.push({ unit: "other", count: 1, where: named.place, why: `an experiment: ${fault}` });
    yield { run: null, leftOut };
    for (const run of await foldersIn(experiment.folder))
      if (!partsOfExperiment.includes(run)) yield await readRun(named, run);
  }
}

const isDeleted = (meta: Meta | null): boolean => meta?.lifecycle_stage === "deleted";

/** Experiments by their folders, those in the trash last. A folder without runs and without a meta file is none. */
async function experimentsIn(folder: string): Promise<{ id: string; folder: string; place: string }[]> {
  const found: { id: string; folder: string; place: string }[] = [];
  for (const within of ["", ".trash"])
    for (const id of await foldersIn(path.join(folder, within))) {
      if (id === ".trash" || (within === "" && id === "models")) continue;
      const experiment = { id, folder: path.join(folder, within, id), place: path.posix.join(within, id) };
      const hasRuns = (await foldersIn(experiment.folder)).some((name) => /^[0-9a-f]{32}$/.test(name));
      if (hasRuns || (await readMeta(experiment.folder)).fault !== "it has no meta.yaml") found.push(experiment);
    }
  return found;
}

/** Logged models and traces of an experiment: counted, and their files. */
async function partsLeftOut({ folder, place }: Experiment): Promise<LeftOut[]> {
  const leftOut: LeftOut[] = [];
  for (const [part, what] of [
    ["models", "logged models"],
    ["traces", "traces"],
  ] as const) {
    const count = (await foldersIn(path.join(folder, part))).length;
    if (count === 0) continue;
    const { files } = await filesBelow(path.join(folder, part));
    const why = `${what} aren't imported (${files.length} files in all)`;
    leftOut.push({ unit: "other", count, where: `${place}/${part}`, why });
  }
  return leftOut;
}
