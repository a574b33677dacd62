/** Registered models: names that clients take, describe, search for, and let aliases point from. */
import type { z } from "zod";
import type { TokenActor } from "../access/actor.ts";
import { findByAlias, listAliases, removeAlias, setAlias } from "../interop/model-aliases.ts";
import { listLatest } from "../interop/model-versions.ts";
import {
  describeRegistered,
  listRegistered,
  type RegisteredModel,
  register as registerName,
  removeRegistered,
  renameRegistered,
  requireRegistered,
} from "../interop/registered-models.ts";
import type { registrySchemas } from "./registry-wire.ts";
import { type Clause, type Identifier, parseFilter, parseOrder } from "./search/filter.ts";
import { offsetOf, pageOf } from "./search/pages.ts";
import { passes, textTest } from "./search/tests.ts";
import { invalidValue } from "./words/errors.ts";
import {
  nameError,
  type RegisteredShape,
  registeredShape,
  registryError,
  stageOf,
  versionOf,
  versionShape,
} from "./words/registry.ts";

type Asked<Name extends keyof typeof registrySchemas> = z.output<(typeof registrySchemas)[Name]>;

function requireName(name: string): void {
  if (/[/:]/.test(name))
    throw invalidValue(`Invalid model name: '${name}'. A registered model's name holds neither '/' nor ':'.`);
}

async function shapesOf(actor: TokenActor, models: RegisteredModel[]): Promise<RegisteredShape[]> {
  const ids = models.map(({ id }) => id);
  const [latest, aliases] = await Promise.all([listLatest(actor, ids), listAliases(actor, ids)]);
  return models.map((model) => registeredShape(model, latest.get(model.id) ?? [], aliases.get(model.id) ?? []));
}

async function answer(actor: TokenActor, model: RegisteredModel) {
  const [registered_model] = await shapesOf(actor, [model]);
  return { registered_model };
}

/** The name is one of the token's project; of a token of the workspace it comes to the project of its first version. */
export async function register(actor: TokenActor, { name, tags, description = "" }: Asked<"register">) {
  requireName(name);
  const given = { projectId: actor.projectId, name, description, tags: textsOf(tags) };
  return answer(actor, await registerName(actor, given).catch(nameError(name)));
}

export const textsOf = (pairs: { key: string; value: string }[]): Record<string, string> =>
  Object.fromEntries(pairs.map(({ key, value }) => [key, value]));

export async function getRegistered(actor: TokenActor, { name }: Asked<"registered">) {
  return answer(actor, await requireRegistered(actor, name, "runs.read").catch(registryError(name)));
}

export async function updateRegistered(actor: TokenActor, { name, description }: Asked<"updateRegistered">) {
  if (description === undefined) return getRegistered(actor, { name });
  return answer(actor, await describeRegistered(actor, name, { description }).catch(registryError(name)));
}

export async function rename(actor: TokenActor, { name, new_name }: Asked<"rename">) {
  requireName(new_name);
  const renamed = renameRegistered(actor, name, new_name).catch(nameError(new_name)).catch(registryError(name));
  return answer(actor, await renamed);
}

export async function deleteRegistered(actor: TokenActor, { name }: Asked<"registered">) {
  await removeRegistered(actor, name).catch(registryError(name));
  return {};
}

export async function setRegisteredTag(actor: TokenActor, { name, key, value }: Asked<"registeredTag">) {
  await describeRegistered(actor, name, { tags: { [key]: value } }).catch(registryError(name));
  return {};
}

export async function deleteRegisteredTag(actor: TokenActor, { name, key }: Asked<"registeredTagKey">) {
  await describeRegistered(actor, name, { tags: { [key]: null } }).catch(registryError(name));
  return {};
}

/** The newest version of each stage, or of those that are named. */
export async function getLatest(actor: TokenActor, { name, stages }: Asked<"latest">) {
  const wanted = stages.map(stageOf);
  const { id } = await requireRegistered(actor, name, "runs.read").catch(registryError(name));
  const all = (await listLatest(actor, [id])).get(id) ?? [];
  const found = all.filter(({ stage }) => wanted.length === 0 || wanted.includes(stage));
  return found.length > 0 ? { model_versions: found.map(versionShape) } : {};
}

const ALIAS_MAX = 255;

function requireAlias(alias: string): void {
  if (alias.length > ALIAS_MAX || !/^[\w-]+$/.test(alias))
    throw invalidValue(
      `Invalid alias name: '${alias.slice(0, 300)}'. It holds letters, digits, _ and -, at most ${ALIAS_MAX}.`,
    );
  if (/^(latest|v\d+)$/i.test(alias)) throw invalidValue(`'${alias}' can't be an alias: it is reserved.`);
}

/** A name of the client's: it makes no claim, whatever it is. */
export async function setRegisteredAlias(actor: TokenActor, { name, alias, version }: Asked<"setAlias">) {
  requireAlias(alias);
  await setAlias(actor, name, alias, versionOf(version)).catch(registryError(name, version));
  return {};
}

export async function deleteRegisteredAlias(actor: TokenActor, { name, alias }: Asked<"alias">) {
  await removeAlias(actor, name, alias).catch(registryError(name));
  return {};
}

export async function getByAlias(actor: TokenActor, { name, alias }: Asked<"alias">) {
  const found = await findByAlias(actor, name, alias).catch(registryError(name));
  if (!found) throw invalidValue(`Registered model alias ${alias.slice(0, 300)} not found.`);
  return { model_version: versionShape(found) };
}

export async function searchRegistered(actor: TokenActor, asked: Asked<"searchRegistered">) {
  const clauses = parseFilter(asked.filter);
  const orders = asked.order_by.map(parseOrder).map(orderOf);
  const found = (await listRegistered(actor)).filter((model) => clauses.every((clause) => matches(model, clause)));
  found.sort((a, b) => orders.reduce((sum, order) => sum || order(a, b), 0) || (a.name < b.name ? -1 : 1));
  const { page, ...next } = pageOf(found, offsetOf(asked.page_token), asked.max_results);
  if (page.length === 0) return {};
  return { registered_models: await shapesOf(actor, page), ...next };
}

/** Clients add to each search that it be no prompt: a model without the tag is none. */
const PROMPT_TAG = "mlflow.prompt.is_prompt";

function matches(model: RegisteredModel, clause: Clause): boolean {
  const { entity, key, comparator } = clause;
  if (entity === "tag" || entity === "tags") {
    const text = model.tags[key] ?? null;
    return (key === PROMPT_TAG && comparator === "!=" && text === null) || passes(text, textTest(clause, "tag"));
  }
  requireAttribute(entity);
  if (key !== "name") throw invalidValue(`Invalid attribute key '${key}' specified. Valid keys are 'name'`);
  return passes(model.name, textTest(clause, "attribute"));
}

export function requireAttribute(entity: string | null): void {
  if (entity !== null && entity !== "attribute" && entity !== "attributes")
    throw invalidValue(`Invalid entity type '${entity}'. Valid values are attribute, tag, tags`);
}

const times = new Map<string, "createdAt" | "updatedAt">([
  ["timestamp", "updatedAt"],
  ["last_updated_timestamp", "updatedAt"],
  ["creation_timestamp", "createdAt"],
]);

function orderOf({ entity, key, isDescending }: Identifier & { isDescending: boolean }) {
  requireAttribute(entity);
  const sign = isDescending ? -1 : 1;
  if (key === "name")
    return (a: RegisteredModel, b: RegisteredModel) => sign * (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
  const time = times.get(key);
  if (!time) throw invalidValue(`Invalid order by key '${key}' specified. Valid keys are 'name', 'timestamp'`);
  return (a: RegisteredModel, b: RegisteredModel) => sign * (a[time].getTime() - b[time].getTime());
}
