/** Experiments: each is a project. A token of a project sees its own alone, by its name, as `Default`, and by the id 0. */
import type { z } from "zod";
import type { TokenActor } from "../access/actor.ts";
import { listProjectProperties, type Property, setProjectProperty } from "../interop/properties.ts";
import { ProblemError } from "../problem.ts";
import { deleteProject, listDeletedProjects, restoreProject } from "../projects/deleted.ts";
import { createProject, getProject, listProjects } from "../projects/projects.ts";
import { updateProject } from "../settings/project-settings.ts";
import { type Clause, type Identifier, parseFilter, parseOrder } from "./search/filter.ts";
import { offsetOf, pageOf } from "./search/pages.ts";
import { numberPasses, numberTest, passes, textTest } from "./search/tests.ts";
import type { schemas } from "./wire.ts";
import { invalidValue, MlflowError, missing } from "./words/errors.ts";
import { hexOf, uuidOf } from "./words/ids.ts";

type Asked<Name extends keyof typeof schemas> = z.output<(typeof schemas)[Name]>;

/** The id and the name of the experiment that a client logs to where it names none. */
export const DEFAULT_ID = "0";
const DEFAULT_NAME = "Default";
const NOTE_TAG = "mlflow.note.content";

type Experiment = {
  id: string;
  name: string;
  description: string;
  createdAt: number;
  isDeleted: boolean;
};

/** Those that the token may know of, deleted ones too where it may restore them; the newest first. */
async function listExperiments(actor: TokenActor): Promise<Experiment[]> {
  const living = (await listProjects(actor)).map(({ id, name, description, createdAt }) => ({
    id,
    name,
    description,
    createdAt: Date.parse(createdAt),
    isDeleted: false,
  }));
  return [...living, ...(await listDeleted(actor))];
}

async function listDeleted(actor: TokenActor): Promise<Experiment[]> {
  if (actor.scope !== "workspace") return [];
  return (await listDeletedProjects(actor)).map(({ id, name, deletedAt }) => ({
    id,
    name,
    description: "",
    createdAt: Date.parse(deletedAt),
    isDeleted: true,
  }));
}

const noExperiment = (id: string) => missing(`No Experiment with id=${id.slice(0, 100)} exists`);

/** The experiment of an id. Throws `RESOURCE_DOES_NOT_EXIST`. */
async function findExperiment(actor: TokenActor, id: string): Promise<Experiment> {
  const uuid = id === DEFAULT_ID ? actor.projectId : uuidOf(id);
  if (id === DEFAULT_ID && uuid === null) return findByName(actor, DEFAULT_NAME);
  if (uuid === null) throw noExperiment(id);
  const project = await getProject(actor, uuid);
  if (project) {
    const { name, description, createdAt } = project;
    return { id: project.id, name, description, createdAt: Date.parse(createdAt), isDeleted: false };
  }
  const deleted = (await listDeleted(actor)).find((one) => one.id === uuid);
  if (!deleted) throw noExperiment(id);
  return deleted;
}

/**
 * The experiment of a name: of several projects of one name the oldest, and those that are there before deleted ones. To a
 * token of a project `Default` is its own.
 */
async function findByName(actor: TokenActor, name: string): Promise<Experiment> {
  const all = await listExperiments(actor);
  const found = all.findLast((one) => one.name === name && !one.isDeleted) ?? all.find((one) => one.name === name);
  if (found) return found;
  if (name === DEFAULT_NAME && actor.projectId !== null && all[0]) return all[0];
  throw missing(`Could not find experiment with name '${name.slice(0, 200)}'`);
}

/** The id of the experiment 0, where there is one. */
export async function findDefault(actor: TokenActor): Promise<string | null> {
  const found = await findExperiment(actor, DEFAULT_ID).catch(noneIfMissing);
  return found && !found.isDeleted ? found.id : null;
}

function noneIfMissing(error: unknown): null {
  if (error instanceof MlflowError && error.code === "RESOURCE_DOES_NOT_EXIST") return null;
  throw error;
}

/** The project that a run goes to. Where a token of the workspace names none, one named Default is made. */
export async function projectToLogTo(actor: TokenActor, id: string | undefined): Promise<string> {
  const asked = id || DEFAULT_ID;
  const finding = findExperiment(actor, asked);
  const found = asked === DEFAULT_ID ? await finding.catch(noneIfMissing) : await finding;
  if (!found) return create(actor, DEFAULT_NAME);
  if (!found.isDeleted) return found.id;
  throw invalidValue(`The experiment ${asked} must be in the 'active' state. Current state is deleted.`);
}

async function create(actor: TokenActor, name: string): Promise<string> {
  if (actor.projectId !== null) throw await boundElsewhere(actor);
  try {
    return (await createProject(actor, { name }, { isAlone: true })).id;
  } catch (error) {
    if (!(error instanceof ProblemError) || error.kind !== "conflict") throw error;
    throw new MlflowError("RESOURCE_ALREADY_EXISTS", `Experiment(name=${name}) already exists. ${error.detail}`);
  }
}

async function boundElsewhere(actor: TokenActor): Promise<MlflowError> {
  const [own] = await listExperiments(actor);
  const name = JSON.stringify(own?.name ?? DEFAULT_NAME);
  return new MlflowError(
    "PERMISSION_DENIED",
    `This token is of one project, and creates no others. Log to the experiment ${name}, or leave the experiment unset; a token of the workspace creates experiments.`,
  );
}

export async function createExperiment(
  actor: TokenActor,
  { name, artifact_location, tags }: Asked<"createExperiment">,
) {
  if (artifact_location && !artifact_location.startsWith("mlflow-artifacts:"))
    throw invalidValue(
      "Invalid value for parameter 'artifact_location': files of runs are kept by Holdout; leave it out",
    );
  if (actor.projectId !== null) {
    const [own] = await listExperiments(actor);
    if (own?.name === name)
      throw new MlflowError("RESOURCE_ALREADY_EXISTS", `Experiment(name=${name}) already exists.`);
  }
  const id = await create(actor, name);
  for (const tag of tags) await setTag(actor, id, tag);
  return { experiment_id: hexOf(id) };
}

export async function getExperiment(actor: TokenActor, { experiment_id }: Asked<"experiment">) {
  return { experiment: await shapeOf(await findExperiment(actor, experiment_id)) };
}

export async function getExperimentByName(actor: TokenActor, { experiment_name }: Asked<"experimentByName">) {
  return { experiment: await shapeOf(await findByName(actor, experiment_name)) };
}

export async function updateExperiment(actor: TokenActor, { experiment_id, new_name }: Asked<"updateExperiment">) {
  const found = await findExperiment(actor, experiment_id);
  if (found.isDeleted)
    throw invalidValue("Cannot rename experiment in non-active lifecycle stage. Current stage: deleted");
  if (!new_name || new_name === found.name) return {};
  if ((await listExperiments(actor)).some(({ name }) => name === new_name))
    throw new MlflowError("RESOURCE_ALREADY_EXISTS", `Experiment(name=${new_name}) already exists.`);
  await updateProject(actor, found.id, { name: new_name });
  return {};
}

export async function deleteExperiment(actor: TokenActor, { experiment_id }: Asked<"experiment">) {
  const found = await findExperiment(actor, experiment_id);
  if (found.isDeleted) throw noExperiment(experiment_id);
  await deleteProject(actor, found.id);
  return {};
}

export async function restoreExperiment(actor: TokenActor, { experiment_id }: Asked<"experiment">) {
  const found = await findExperiment(actor, experiment_id);
  if (!found.isDeleted) throw noExperiment(experiment_id);
  await restoreProject(actor, found.id);
  return {};
}

export async function setExperimentTag(actor: TokenActor, { experiment_id, ...tag }: Asked<"setExperimentTag">) {
  const found = await findExperiment(actor, experiment_id);
  if (found.isDeleted)
    throw invalidValue(`The experiment ${experiment_id} must be in the 'active' state. Current state is deleted.`);
  await setTag(actor, found.id, tag);
  return {};
}

export async function deleteExperimentTag(actor: TokenActor, { experiment_id, key }: Asked<"deleteExperimentTag">) {
  const { id } = await findExperiment(actor, experiment_id);
  const wasThere = await setProjectProperty(actor, id, { key, value: null });
  if (!wasThere) throw missing(`No tag with name: ${key} in experiment with id ${experiment_id}`);
  return {};
}

/** The note is the project's description where the token may change it, and a property all the same. */
const setTag = (actor: TokenActor, projectId: string, { key, value }: Property) =>
  setProjectProperty(actor, projectId, { key, value });

async function shapeOf(experiment: Experiment, known?: Map<string, Property[]>) {
  const properties = known ?? (await listProjectProperties([experiment.id]));
  return shape(experiment, properties.get(experiment.id) ?? []);
}

function shape({ id, name, description, createdAt, isDeleted }: Experiment, properties: Property[]) {
  const noted = properties.some(({ key }) => key === NOTE_TAG);
  const tags = description && !noted ? [...properties, { key: NOTE_TAG, value: description }] : properties;
  return {
    experiment_id: hexOf(id),
    name,
    artifact_location: `mlflow-artifacts:/${hexOf(id)}`,
    lifecycle_stage: isDeleted ? "deleted" : "active",
    creation_time: createdAt,
    last_update_time: createdAt,
    ...(tags.length > 0 ? { tags } : {}),
  };
}

export async function searchExperiments(actor: TokenActor, asked: Asked<"searchExperiments">) {
  const clauses = parseFilter(asked.filter);
  const orders = asked.order_by.map(parseOrder).map(orderOf);
  const all = (await listExperiments(actor)).filter(inView(asked.view_type));
  const properties = await listProjectProperties(all.map(({ id }) => id));
  const shapes = all.map((one) => shape(one, properties.get(one.id) ?? []));
  const found = shapes.filter((one) => clauses.every((clause) => matches(one, clause)));
  found.sort((a, b) => orders.reduce((sum, order) => sum || order(a, b), 0) || b.creation_time - a.creation_time);
  const { page, ...next } = pageOf(found, offsetOf(asked.page_token), asked.max_results);
  return { ...(page.length > 0 ? { experiments: page } : {}), ...next };
}

/** What clients from before MLflow 2 ask. */
export async function listExperimentsCall(actor: TokenActor, { view_type }: Asked<"listExperiments">) {
  return searchExperiments(actor, {
    view_type,
    max_results: 1000,
    order_by: [],
    filter: undefined,
    page_token: undefined,
  });
}

const inView = (view: "ACTIVE_ONLY" | "DELETED_ONLY" | "ALL") => (one: Experiment) =>
  view === "ALL" || one.isDeleted === (view === "DELETED_ONLY");

type Shape = ReturnType<typeof shape>;
type NumberField = "creation_time" | "last_update_time";
const numberFields: readonly string[] = ["creation_time", "last_update_time"];

function matches(experiment: Shape, clause: Clause): boolean {
  const { entity, key } = clause;
  if (entity === "tag" || entity === "tags") {
    const value = experiment.tags?.find((tag) => tag.key === key)?.value ?? null;
    return passes(value, textTest(clause, "tag", ["IS NULL", "IS NOT NULL"]));
  }
  if (entity !== null && entity !== "attribute")
    throw invalidValue(`Invalid entity type '${entity}'. Valid values are attribute, tag, tags`);
  if (key === "name") return passes(experiment.name, textTest(clause, "attribute"));
  if (numberFields.includes(key)) return numberPasses(experiment[key as NumberField], numberTest(clause, "attribute"));
  throw unknownKey(key);
}

const unknownKey = (key: string) =>
  invalidValue(`Invalid attribute key '${key}' specified. Valid keys are 'name', 'creation_time', 'last_update_time'`);

function orderOf({ entity, key, isDescending }: Identifier & { isDescending: boolean }) {
  if (entity !== null && entity !== "attribute") throw invalidValue(`Invalid order_by entity '${entity}'`);
  const sign = isDescending ? -1 : 1;
  if (key === "name" || key === "experiment_id")
    return (a: Shape, b: Shape) => sign * (a[key] < b[key] ? -1 : a[key] > b[key] ? 1 : 0);
  if (!numberFields.includes(key)) throw unknownKey(key);
  return (a: Shape, b: Shape) => sign * (a[key as NumberField] - b[key as NumberField]);
}
