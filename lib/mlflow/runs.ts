/** Runs: made, read, changed, deleted, found. */
import type { z } from "zod";
import type { TokenActor } from "../access/actor.ts";
import { findRuns } from "../interop/find-runs.ts";
import { removeProperty } from "../interop/properties.ts";
import { readRun, readRuns } from "../interop/read-runs.ts";
import { createClientRun, type RunWords, setStatus, tellRun } from "../interop/run-acts.ts";
import { setTimes } from "../interop/run-ends.ts";
import { deleteRun as hideRun, restoreRun as unhideRun } from "../runs/deleted.ts";
import { locateRun } from "../runs/runs.ts";
import type { Code } from "../wire/runs.ts";
import { DEFAULT_ID, findDefault, projectToLogTo } from "./experiments.ts";
import { infoOf, NAME_TAG, NOTE_TAG, runOf, type Tag } from "./run-shape.ts";
import { offsetOf, pageToken } from "./search/pages.ts";
import { runConditions, runOrders, uuidsOf } from "./search/run-question.ts";
import { runIdOf, type schemas } from "./wire.ts";
import { invalidValue, missing } from "./words/errors.ts";
import { uuidOf } from "./words/ids.ts";

type Asked<Name extends keyof typeof schemas> = z.output<(typeof schemas)[Name]>;
type NamesRun = { run_id?: string | undefined; run_uuid?: string | undefined };

const noRun = (id: string) => missing(`Run with id=${id.slice(0, 100)} not found`);

/** The id of the run that a request names, which is there for the token; deleted ones too. */
export async function runToRead(actor: TokenActor, asked: NamesRun): Promise<string> {
  return (await placeOf(actor, asked, "runs.read")).id;
}

/** The same, for a request that changes what the run holds. Throws for a deleted one. */
export async function runToChange(actor: TokenActor, asked: NamesRun): Promise<{ id: string; projectId: string }> {
  const place = await placeOf(actor, asked, "runs.log");
  if (place.isDeleted)
    throw invalidValue(`The run ${runIdOf(asked)} must be in the 'active' state. Current state is deleted.`);
  return place;
}

async function placeOf(actor: TokenActor, asked: NamesRun, permission: "runs.read" | "runs.log" | "runs.delete") {
  const named = runIdOf(asked);
  const id = uuidOf(named);
  if (id === null) throw noRun(named);
  const { projectId, deletedAt } = await locateRun(actor, id, permission).catch((error: unknown) => {
    if ((error as { kind?: string }).kind === "not-found") throw noRun(named);
    throw error;
  });
  return { id, projectId, isDeleted: deletedAt !== null };
}

/** Our names hold at most 200 characters, and none that can't be shown. */
const nameFrom = (name: string): string =>
  name
    .replace(/\p{Cc}/gu, " ")
    .slice(0, 200)
    .toWellFormed()
    .trim();

/** What tags say of the run itself, and the rest, which is kept as it came. */
export function wordsOf(tags: Tag[]): RunWords {
  const named = tags.findLast(({ key }) => key === NAME_TAG)?.value;
  const notes = tags.findLast(({ key }) => key === NOTE_TAG)?.value;
  const name = named === undefined ? "" : nameFrom(named);
  return {
    ...(name ? { name } : {}),
    ...(notes === undefined ? {} : { notes }),
    properties: tags.filter(({ key }) => key !== NAME_TAG && key !== NOTE_TAG),
  };
}

export async function createRun(actor: TokenActor, asked: Asked<"createRun">) {
  const keys = asked.tags.map(({ key }) => key);
  const twice = keys.find((key, at) => keys.indexOf(key) !== at);
  if (twice !== undefined) throw invalidValue(`Duplicate tag keys have been submitted: ['${twice}'].`);
  const { name: tagged, notes, properties = [] } = wordsOf(asked.tags);
  const given = asked.run_name ? nameFrom(asked.run_name) : "";
  if (given && tagged && given !== tagged)
    throw invalidValue(
      `Both 'run_name' argument and '${NAME_TAG}' tag are specified, but with different values (run_name='${given}', ${NAME_TAG}='${tagged}').`,
    );
  const name = given || tagged;
  const project = await projectToLogTo(actor, asked.experiment_id);
  const tag = new Map(properties.map(({ key, value }) => [key, value]));
  const manifest = tag.get("holdout.manifest");
  const id = await createClientRun(actor, {
    run: {
      project,
      ...(name ? { name } : {}),
      ...(notes ? { notes } : {}),
      ...(manifest ? { manifest } : {}),
      code: codeOf(tag),
    },
    properties,
    startedAt: asked.start_time ? new Date(asked.start_time) : null,
    environment: environmentOf(tag),
  });
  return { run: runOf(await readRun(actor, id)) };
}

/** What the client captured of the code; null: nothing. */
function codeOf(tag: Map<string, string>): Code | null {
  const text = (key: string, max: number) => tag.get(key)?.slice(0, max).toWellFormed() || null;
  const commit = text("mlflow.source.git.commit", 64);
  const command = text("mlflow.source.name", 10_000);
  if (!commit && !command) return null;
  return {
    repository: text("mlflow.source.git.repoURL", 500),
    commit,
    branch: text("mlflow.source.git.branch", 250),
    dirty: tag.get("mlflow.source.git.dirty")?.toLowerCase() === "true",
    diff: text("mlflow.source.git.diff", 2_000_000) ?? "",
    untracked: [],
    command: command ?? "",
  };
}

function environmentOf(tag: Map<string, string>): Record<string, string> {
  const facts = { user: "mlflow.user", "source type": "mlflow.source.type" };
  const known = Object.entries(facts).flatMap(([name, key]) => {
    const value = tag.get(key)?.slice(0, 2000).toWellFormed();
    return value ? [[name, value]] : [];
  });
  return { client: "MLflow", ...Object.fromEntries(known) };
}

export async function getRun(actor: TokenActor, asked: Asked<"run">) {
  return { run: runOf(await readRun(actor, await runToRead(actor, asked))) };
}

export async function updateRun(actor: TokenActor, asked: Asked<"updateRun">) {
  const { id } = await runToChange(actor, asked);
  const name = asked.run_name ? nameFrom(asked.run_name) : "";
  if (name) await tellRun(actor, id, { name });
  const endedAt = asked.end_time === undefined ? undefined : new Date(asked.end_time);
  const to = asked.status && asked.status !== "SCHEDULED" ? statusOf[asked.status] : undefined;
  if (to) await setStatus(actor, id, to, endedAt ?? null);
  else if (endedAt) await setTimes(actor, id, { endedAt });
  return { run_info: infoOf(await readRun(actor, id)) };
}

const statusOf = { RUNNING: "running", FINISHED: "finished", FAILED: "failed", KILLED: "killed" } as const;

export async function deleteRun(actor: TokenActor, asked: Asked<"run">) {
  await hideRun(actor, (await placeOf(actor, asked, "runs.delete")).id);
  return {};
}

export async function restoreRun(actor: TokenActor, asked: Asked<"run">) {
  await unhideRun(actor, (await placeOf(actor, asked, "runs.delete")).id);
  return {};
}

const views = { ACTIVE_ONLY: "kept", DELETED_ONLY: "deleted", ALL: "all" } as const;

export async function searchRuns(actor: TokenActor, asked: Asked<"searchRuns">) {
  const conditions = runConditions(asked.filter);
  const order = runOrders(asked.order_by);
  const offset = offsetOf(asked.page_token);
  const projectIds = await projectsOf(actor, asked.experiment_ids);
  const which = views[asked.run_view_type];
  const found = await findRuns(actor, { projectIds, which, conditions, order, offset, limit: asked.max_results + 1 });
  const page = await readRuns(actor, found.slice(0, asked.max_results));
  return {
    ...(page.length > 0 ? { runs: page.map(runOf) } : {}),
    ...(found.length > asked.max_results ? { next_page_token: pageToken(offset + asked.max_results) } : {}),
  };
}

/** The projects of experiments that are there for the token: of the others nothing is found. */
export async function projectsOf(actor: TokenActor, ids: string[]): Promise<string[]> {
  const own = actor.projectId;
  if (own !== null) return ids.some((id) => id === DEFAULT_ID || uuidOf(id) === own) ? [own] : [];
  const known = ids.includes(DEFAULT_ID) ? await findDefault(actor) : null;
  return known === null ? uuidsOf(ids) : uuidsOf([...ids, known]);
}

export async function setTag(actor: TokenActor, { key, value, ...asked }: Asked<"setTag">) {
  const { id } = await runToChange(actor, asked);
  await tellRun(actor, id, wordsOf([{ key, value }]));
  return {};
}

export async function deleteTag(actor: TokenActor, { key, ...asked }: Asked<"deleteTag">) {
  const { id } = await runToChange(actor, asked);
  // a run has a name whatever its tags say
  if (key === NAME_TAG) return {};
  if (key === NOTE_TAG) {
    await tellRun(actor, id, { notes: "" });
    return {};
  }
  if (!(await removeProperty(actor, id, key)))
    throw missing(`No tag with name: ${key} in run with id ${runIdOf(asked)}`);
  return {};
}
