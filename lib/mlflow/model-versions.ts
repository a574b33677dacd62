/** Versions of registered models: where a client says that their files are, and what it says of them since. */
import type { z } from "zod";
import type { TokenActor } from "../access/actor.ts";
import { findByAlias } from "../interop/model-aliases.ts";
import {
  addVersion,
  describeVersion,
  listVersions,
  moveToStage as moveVersion,
  removeVersion,
  requireVersion,
} from "../interop/model-versions.ts";
import { findModel, type LoggedModel } from "../interop/models.ts";
import { requireRegistered } from "../interop/registered-models.ts";
import { modelFilesUri } from "./models.ts";
import { requireAttribute, textsOf } from "./registered-models.ts";
import type { registrySchemas } from "./registry-wire.ts";
import { type Clause, type Identifier, parseFilter, parseOrder } from "./search/filter.ts";
import { offsetOf, pageOf } from "./search/pages.ts";
import { numberPasses, numberTest, passes, textTest } from "./search/tests.ts";
import { invalidValue, missing } from "./words/errors.ts";
import { hexOf, modelUuidOf, uuidOf } from "./words/ids.ts";
import { registryError, stageOf, type VersionShape, versionOf, versionShape } from "./words/registry.ts";

type Asked<Name extends keyof typeof registrySchemas> = z.output<(typeof registrySchemas)[Name]>;

/** A prompt is registered as a model without files. */
const PROMPT_TAG = "mlflow.prompt.is_prompt";

export async function createVersion(actor: TokenActor, asked: Asked<"createVersion">) {
  const { name, source, tags, description = "", run_link: runLink = null } = asked;
  const registered = await requireRegistered(actor, name, "runs.log").catch(registryError(name));
  const { filesAt, model } =
    registered.tags[PROMPT_TAG]?.toLowerCase() === "true"
      ? { filesAt: source, model: null }
      : await placeOf(actor, source, asked.model_id);
  const runWord = asked.run_id || (model?.runId ? hexOf(model.runId) : null);
  const version = await addVersion(actor, name, {
    runId: runWord === null ? null : uuidOf(runWord),
    modelProjectId: model?.projectId ?? null,
    runWord,
    modelWord: asked.model_id || modelIn(source),
    source,
    filesAt,
    runLink,
    description,
    tags: textsOf(tags),
  });
  return { model_version: versionShape(version) };
}

/** The id in `models:/m-…`; null: the source is another. */
const modelIn = (source: string): string | null => /^models:\/+(m-[0-9a-f]{32})$/.exec(source)?.[1] ?? null;

/** Where a source leads, and the logged model that it or the request names. Throws for a place on the client's machine. */
async function placeOf(
  actor: TokenActor,
  source: string,
  modelId: string | undefined,
): Promise<{ filesAt: string; model: LoggedModel | null }> {
  const inSource = modelIn(source);
  const id = modelUuidOf(modelId ?? inSource ?? "");
  const model = id ? await findModel(actor, id) : null;
  if (inSource) {
    if (!model) throw missing(`Logged model with ID '${inSource}' not found.`);
    return { filesAt: modelFilesUri(model), model };
  }
  const copied = /^models:\/+([^/@]+)(?:\/(\d+)|@([\w-]+))$/.exec(source);
  if (copied) return { filesAt: await filesOf(actor, copied), model };
  if (!isElsewhere(source))
    throw invalidValue(
      `Invalid model version source: '${source.slice(0, 500)}'. A source is an address such as runs:/RUN/PATH, models:/MODEL or mlflow-artifacts:/…; a path of the client's machine leads nowhere here.`,
    );
  return { filesAt: source, model };
}

async function filesOf(actor: TokenActor, [, name = "", version, alias]: RegExpExecArray): Promise<string> {
  if (version !== undefined) {
    const found = requireVersion(actor, name, versionOf(version), "runs.read");
    return (await found.catch(registryError(name, version))).filesAt;
  }
  const found = await findByAlias(actor, name, alias!).catch(registryError(name));
  if (!found) throw invalidValue(`Registered model alias ${alias} not found.`);
  return found.filesAt;
}

function isElsewhere(source: string): boolean {
  const [, scheme, path = ""] = /^([a-z][a-z0-9+.-]*):(.*)$/is.exec(source) ?? [];
  if (!scheme || scheme.length === 1 || /^file$/i.test(scheme)) return false;
  return !/(^|[/\\])\.\.([/\\]|$)/.test(
    path.replaceAll(/%2e/gi, ".").replaceAll(/%2f/gi, "/").replaceAll(/%5c/gi, "/"),
  );
}

export async function getVersion(actor: TokenActor, { name, version }: Asked<"version">) {
  const found = requireVersion(actor, name, versionOf(version), "runs.read");
  return { model_version: versionShape(await found.catch(registryError(name, version))) };
}

export async function getDownloadUri(actor: TokenActor, { name, version }: Asked<"version">) {
  const found = requireVersion(actor, name, versionOf(version), "runs.read");
  return { artifact_uri: (await found.catch(registryError(name, version))).filesAt };
}

export async function updateVersion(actor: TokenActor, { name, version, description }: Asked<"updateVersion">) {
  const said = description === undefined ? {} : { description };
  const changed = describeVersion(actor, name, versionOf(version), said);
  return { model_version: versionShape(await changed.catch(registryError(name, version))) };
}

export async function moveToStage(actor: TokenActor, asked: Asked<"moveToStage">) {
  const { name, version, archive_existing_versions: archives } = asked;
  const stage = stageOf(asked.stage);
  if (archives && stage !== "staging" && stage !== "production")
    throw invalidValue("Existing versions can be archived where the stage is Staging or Production");
  const moved = moveVersion(actor, name, versionOf(version), { stage, archives });
  return { model_version: versionShape(await moved.catch(registryError(name, version))) };
}

export async function deleteVersion(actor: TokenActor, { name, version }: Asked<"version">) {
  await removeVersion(actor, name, versionOf(version)).catch(registryError(name, version));
  return {};
}

const setTag = async (actor: TokenActor, { name, version, key }: Asked<"versionTagKey">, value: string | null) => {
  const changed = describeVersion(actor, name, versionOf(version), { tags: { [key]: value } });
  await changed.catch(registryError(name, version));
  return {};
};

export const setVersionTag = (actor: TokenActor, asked: Asked<"versionTag">) => setTag(actor, asked, asked.value);
export const deleteVersionTag = (actor: TokenActor, asked: Asked<"versionTagKey">) => setTag(actor, asked, null);

export async function searchVersions(actor: TokenActor, asked: Asked<"searchVersions">) {
  const clauses = parseFilter(asked.filter);
  const orders = asked.order_by.map(parseOrder).map(orderOf);
  const all = (await listVersions(actor, namedBy(clauses))).map(versionShape);
  const found = all.filter((version) => clauses.every((clause) => matches(version, clause)));
  // where nothing is asked for they stay as they came: the last changed first
  const ties = orders.length > 0 ? [orderBy("name", false), orderBy("version_number", true)] : [];
  found.sort((a, b) => [...orders, ...ties].reduce((sum, order) => sum || order(a, b), 0));
  const { page, ...next } = pageOf(found, offsetOf(asked.page_token), asked.max_results);
  return { ...(page.length > 0 ? { model_versions: page } : {}), ...next };
}

/** The one name that a filter asks for, so that no other model's versions are read. */
function namedBy(clauses: Clause[]): { name?: string } {
  const clause = clauses.find(({ key, comparator, entity }) => key === "name" && comparator === "=" && entity === null);
  return clause?.value?.kind === "text" ? { name: clause.value.text } : {};
}

const texts = new Map<string, "name" | "run_id" | "source">([
  ["name", "name"],
  ["run_id", "run_id"],
  ["source_path", "source"],
]);

function matches(version: VersionShape, clause: Clause): boolean {
  const { entity, key } = clause;
  if (entity === "tag" || entity === "tags") {
    const text = version.tags.find((tag) => tag.key === key)?.value ?? null;
    return passes(text, textTest(clause, "tag"));
  }
  requireAttribute(entity);
  if (key === "version_number") return numberPasses(Number(version.version), numberTest(clause, "attribute"));
  const text = texts.get(key);
  if (!text)
    throw invalidValue(
      `Invalid attribute key '${key}' specified. Valid keys are 'name', 'run_id', 'source_path', 'version_number'`,
    );
  return passes(version[text], textTest(clause, "attribute", key === "run_id" ? ["IN", "NOT IN"] : []));
}

function orderOf({ entity, key, isDescending }: Identifier & { isDescending: boolean }) {
  requireAttribute(entity);
  return orderBy(key, isDescending);
}

function orderBy(key: string, isDescending: boolean) {
  const sign = isDescending ? -1 : 1;
  if (key === "name")
    return (a: VersionShape, b: VersionShape) => sign * (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
  if (key === "version_number") return (a: VersionShape, b: VersionShape) => sign * (+a.version - +b.version);
  if (key === "creation_timestamp" || key === "last_updated_timestamp")
    return (a: VersionShape, b: VersionShape) => sign * (a[key] - b[key]);
  throw invalidValue(
    `Invalid order by key '${key}' specified. Valid keys are 'name', 'version_number', 'creation_timestamp', 'last_updated_timestamp'`,
  );
}
