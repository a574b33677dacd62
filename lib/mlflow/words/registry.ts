/** Models of the registry, their versions and stages in MLflow's words. Pure. */
import type { ModelStage, ModelVersion } from "../../interop/model-versions.ts";
import type { RegisteredModel } from "../../interop/registered-models.ts";
import { invalidValue, MlflowError, missing } from "./errors.ts";

export const stageWords: Record<ModelStage, string> = {
  none: "None",
  staging: "Staging",
  production: "Production",
  archived: "Archived",
};

/** A stage in whatever case. Throws for any other word. */
export function stageOf(word: string): ModelStage {
  const stage = word.toLowerCase();
  if (stage in stageWords) return stage as ModelStage;
  const known = Object.values(stageWords).join(", ");
  throw invalidValue(`Invalid Model Version stage: ${word.slice(0, 100)}. Value must be one of ${known}.`);
}

/** Throws for what isn't a number from 1 on. */
export function versionOf(text: string): number {
  const number = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (number < 1) throw invalidValue(`Parameter 'version' must be an integer, got '${text}'.`);
  return number;
}

const pairsOf = (texts: Record<string, string>) => Object.entries(texts).map(([key, value]) => ({ key, value }));

export function versionShape(version: ModelVersion) {
  return {
    name: version.name,
    version: String(version.version),
    creation_timestamp: version.createdAt.getTime(),
    last_updated_timestamp: version.updatedAt.getTime(),
    user_id: version.createdBy,
    current_stage: stageWords[version.stage],
    description: version.description,
    source: version.source,
    run_id: version.runWord ?? "",
    status: "READY",
    ...(version.runLink === null ? {} : { run_link: version.runLink }),
    ...(version.modelWord === null ? {} : { model_id: version.modelWord }),
    tags: pairsOf(version.tags),
    aliases: version.aliases,
  };
}
export type VersionShape = ReturnType<typeof versionShape>;

export function registeredShape(
  model: RegisteredModel,
  latest: ModelVersion[],
  aliases: { alias: string; version: number }[],
) {
  return {
    name: model.name,
    creation_timestamp: model.createdAt.getTime(),
    last_updated_timestamp: model.updatedAt.getTime(),
    user_id: model.createdBy,
    description: model.description,
    latest_versions: latest.map(versionShape),
    tags: pairsOf(model.tags),
    aliases: aliases.map(({ alias, version }) => ({ alias, version: String(version) })),
  };
}
export type RegisteredShape = ReturnType<typeof registeredShape>;

/** What is told of an error about a model or a version of it, in the words that clients look for. */
export function registryError(name: string, version?: string) {
  return (error: unknown): never => {
    const { kind, errors } = error as { kind?: string; errors?: { field: string }[] };
    const field = errors?.[0]?.field;
    if (kind === "not-found" && field === "version")
      throw missing(`Model Version (name=${name}, version=${version}) not found`);
    if (kind === "not-found" && field === "name") throw missing(`Registered Model with name=${name} not found`);
    throw error;
  };
}

/** The same, of a name that shall be taken. */
export function nameError(name: string) {
  return (error: unknown): never => {
    if ((error as { kind?: string }).kind !== "conflict") throw error;
    throw new MlflowError("RESOURCE_ALREADY_EXISTS", `Registered Model (name=${name}) already exists.`);
  };
}
