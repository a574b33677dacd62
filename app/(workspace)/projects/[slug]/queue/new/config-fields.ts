/** A config as fields of a form, each of the kind that its value is, and back. Pure. */
import type { Config, Json } from "@/lib/wire/base/config.ts";

export type FieldKind = "number" | "text" | "boolean" | "json";
export type ConfigField = {
  /** Stays while the form is open. */
  id: string;
  path: string[];
  kind: FieldKind;
  typed: string;
};

const isGroup = (value: Json | undefined): value is { [key: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length > 0;

/** A field for each value, in the order of the config. Lists, null and empty objects are JSON. */
export function fieldsOf(config: Config, above: string[] = []): ConfigField[] {
  return Object.entries(config).flatMap(([key, value]): ConfigField[] => {
    const path = [...above, key];
    return isGroup(value) ? fieldsOf(value, path) : [fieldOf(path, value)];
  });
}

export function fieldOf(path: string[], value: Json): ConfigField {
  const id = JSON.stringify(path);
  if (typeof value === "number") return { id, path, kind: "number", typed: String(value) };
  if (typeof value === "string") return { id, path, kind: "text", typed: value };
  if (typeof value === "boolean") return { id, path, kind: "boolean", typed: String(value) };
  return { id, path, kind: "json", typed: JSON.stringify(value) };
}

/** What a new key's value is: JSON where it reads as such, else a text. */
export function newField(name: string, typed: string): ConfigField {
  const path = name.split(".");
  try {
    return fieldOf(path, JSON.parse(typed) as Json);
  } catch {
    return fieldOf(path, typed);
  }
}

/** What is wrong with a field; null: nothing. */
export function errorOf({ kind, typed }: ConfigField): string | null {
  if (kind === "number" && (typed.trim() === "" || !Number.isFinite(Number(typed))))
    return `expected a number, such as 0.001 or 1e-3; ${typed.trim() === "" ? "nothing is written" : `${JSON.stringify(typed)} is none`}`;
  if (kind !== "json") return null;
  try {
    JSON.parse(typed);
    return null;
  } catch {
    return "expected JSON, such as [8, 16], null or {}";
  }
}

export function readField({ kind, typed }: ConfigField): Json {
  if (kind === "number") return Number(typed);
  if (kind === "boolean") return typed === "true";
  return kind === "json" ? (JSON.parse(typed) as Json) : typed;
}

/** The config that the fields make; a later one of the same path counts. Fields without an error alone. */
export function configOf(fields: readonly ConfigField[]): Config {
  const config: Config = {};
  for (const field of fields) {
    let at: { [key: string]: Json } = config;
    for (const key of field.path.slice(0, -1)) {
      const inner = Object.hasOwn(at, key) ? at[key] : undefined;
      const next: { [key: string]: Json } =
        typeof inner === "object" && inner !== null && !Array.isArray(inner) ? inner : {};
      define(at, key, next);
      at = next;
    }
    define(at, field.path.at(-1)!, readField(field));
  }
  return config;
}

/** As a key of its own, whatever it is called. */
const define = (into: object, key: string, value: Json): void =>
  void Object.defineProperty(into, key, { value, enumerable: true, configurable: true, writable: true });

export type ConfigChange = { name: string; from: string | null; to: string | null };

/** How the fields differ from the original's. Null: there is no such key. */
export function changesOf(original: readonly ConfigField[], fields: readonly ConfigField[]): ConfigChange[] {
  const [before, now] = [byId(original), byId(fields)];
  return [...new Set([...before.keys(), ...now.keys()])].flatMap((id) => {
    const [from, to] = [before.get(id), now.get(id)];
    if (from !== undefined && to !== undefined && textOf(from) === textOf(to)) return [];
    const name = (from ?? to)!.path.join(".");
    return [{ name, from: from ? textOf(from) : null, to: to ? textOf(to) : null }];
  });
}

const byId = (fields: readonly ConfigField[]) => new Map(fields.map((field) => [field.id, field]));

/** As JSON; what is no JSON as it stands there. */
const textOf = (field: ConfigField): string =>
  errorOf(field) === null ? JSON.stringify(readField(field)) : field.typed;
