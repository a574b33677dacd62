/** The registry of an MLflow store: models under their names, their versions, and names that point to these. */
import path from "node:path";
import { artifactPathSchema } from "../../../../lib/wire/base/text.ts";
import { notesOf, timeWords } from "../facts.ts";
import type { ImportedModel, LeftOut } from "../imported.ts";
import { foldersIn } from "../walk.ts";
import { type Meta, metaOf, numberOf, readKeyed, readMeta, textOf } from "./meta.ts";
import type { Sqlite } from "./sqlite.ts";

type Version = ImportedModel["versions"][number];
type Stage = NonNullable<Version["stage"]>;
type Registry = { models: ImportedModel[]; leftOut: LeftOut[] };

/** As MLflow marks a version that was deleted: its number stays used. */
const DELETED = "deleted_internal";
const stages: readonly string[] = ["none", "staging", "production", "archived"] satisfies Stage[];

/** Of a store of files: `models/NAME/version-N`. */
export async function readRegistryFolder(store: string): Promise<Registry> {
  const registry: Registry = { models: [], leftOut: [] };
  for (const folder of await foldersIn(path.join(store, "models"))) {
    const place = `models/${folder}`;
    const { meta, fault } = await readMeta(path.join(store, place));
    if (meta === null) {
      registry.leftOut.push({ unit: "other", count: 1, where: place, why: `a registered model: ${fault}` });
      continue;
    }
    const versions: Version[] = [];
    for (const one of await foldersIn(path.join(store, place))) {
      if (!one.startsWith("version-")) continue;
      const at = `${place}/${one}`;
      const read = await readMeta(path.join(store, at));
      if (read.meta) add(versions, read.meta, await textsIn(store, `${at}/tags`, registry), at, registry);
      else registry.leftOut.push({ unit: "other", count: 1, where: at, why: `a version of a model: ${read.fault}` });
    }
    const aliases = Object.entries(await textsIn(store, `${place}/aliases`, registry));
    registry.models.push(
      modelOf(meta, {
        name: textOf(meta.name) || folder,
        tags: await textsIn(store, `${place}/tags`, registry),
        versions,
        aliases: aliases.flatMap(([alias, version]) => {
          const number = numberOf(version.trim());
          return number === null ? [] : [{ alias, version: number }];
        }),
      }),
    );
  }
  return registry;
}

async function textsIn(store: string, at: string, registry: Registry): Promise<Record<string, string>> {
  const { values, leftOut } = await readKeyed(path.join(store, at), at);
  registry.leftOut.push(...leftOut);
  return Object.fromEntries(values);
}

/** Of a store of tables. */
export function readRegistryTables(store: Sqlite): Registry {
  const registry: Registry = { models: [], leftOut: [] };
  if (!store.has("registered_models")) return registry;
  for (const row of store.rows("select * from registered_models order by name")) {
    const meta = metaOf(row);
    const name = String(row.name);
    const versions: Version[] = [];
    for (const one of store.rows("select * from model_versions where name = ? order by version", name)) {
      const tags = textsOf(store, "model_version_tags", "name = ? and version = ?", [name, Number(one.version)]);
      add(versions, metaOf(one), tags, `models/${name}/version-${one.version}`, registry);
    }
    // stores before version 2.3 have no names for versions
    const named = store.has("registered_model_aliases")
      ? store.rows("select alias, version from registered_model_aliases where name = ? order by alias", name)
      : [];
    const aliases = Array.from(named, ({ alias, version }) => ({ alias: String(alias), version: Number(version) }));
    const tags = textsOf(store, "registered_model_tags", "name = ?", [name]);
    registry.models.push(modelOf(meta, { name, tags, versions, aliases }));
  }
  return registry;
}

function textsOf(store: Sqlite, table: string, where: string, of: (string | number)[]): Record<string, string> {
  if (!store.has(table)) return {};
  const rows = store.rows(`select key, value from ${table} where ${where} order by key`, ...of);
  return Object.fromEntries(Array.from(rows, ({ key, value }) => [String(key), String(value ?? "")]));
}

type Parts = Pick<ImportedModel, "name" | "tags" | "versions" | "aliases">;

const modelOf = (meta: Meta, parts: Parts): ImportedModel => ({
  ...parts,
  description: notesOf(textOf(meta.description)),
  createdAt: timeWords(numberOf(meta.creation_timestamp) ?? numberOf(meta.creation_time)),
});

/** Adds a version, or names it among what is left out. */
function add(versions: Version[], meta: Meta, tags: Record<string, string>, at: string, registry: Registry): void {
  const stage = textOf(meta.current_stage).toLowerCase() || "none";
  const version = numberOf(meta.version);
  const why =
    stage === DELETED
      ? "a version that was deleted there"
      : version === null || version < 1
        ? `a version without a number: ${JSON.stringify(meta.version)}`
        : null;
  if (why !== null) {
    registry.leftOut.push({ unit: "other", count: 1, where: at, why });
    return;
  }
  const source = textOf(meta.source);
  const sourceRun = textOf(meta.run_id) || null;
  const user = textOf(meta.user_id);
  versions.push({
    version: version!,
    sourceRun,
    source,
    files: sourceRun === null ? null : filesIn(source, sourceRun),
    description: notesOf(textOf(meta.description)),
    tags: { ...tags, ...(user === "" ? {} : { "mlflow.user": user }) },
    stage: stages.includes(stage) ? (stage as Stage) : "none",
    createdAt: timeWords(numberOf(meta.creation_timestamp) ?? numberOf(meta.creation_time)),
  });
}

/** Where among a run's files a source leads; null: elsewhere. */
function filesIn(source: string, run: string): string | null {
  if (!/^[0-9a-f]{32}$/.test(run)) return null;
  const at = source.replaceAll("\\", "/").replace(/^runs:\/+/, "runs:/");
  for (const marker of [`runs:/${run}`, `/${run}/artifacts`]) {
    const [, ...after] = at.split(marker);
    const rest = after.join(marker);
    if (after.length === 0 || (rest !== "" && !rest.startsWith("/"))) continue;
    const found = rest
      .split("/")
      .filter((part) => part !== "")
      .join("/");
    if (found === "" || artifactPathSchema.safeParse(found).success) return found;
  }
  return null;
}
