/** Small files of an MLflow file store: `meta.yaml`, and folders of one file a key. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import type { LeftOut } from "../imported.ts";
import { filesBelow, readBytes } from "../walk.ts";
import type { SqliteRow } from "./sqlite.ts";

export type Meta = Record<string, unknown>;

/**
 * The meta file of a folder, or why it can't be read. Every value is a text: Python writes YAML 1.1, in which a name like
 * `1e5` is none of the numbers that later versions take it for.
 */
export async function readMeta(folder: string): Promise<{ meta: Meta; fault: null } | { meta: null; fault: string }> {
  try {
    const meta: unknown = parse(readFileSync(path.join(folder, "meta.yaml"), "utf8"), { schema: "failsafe" });
    if (meta !== null && typeof meta === "object" && !Array.isArray(meta)) return { meta: meta as Meta, fault: null };
    return { meta: null, fault: "its meta.yaml is damaged: no list of keys and values" };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const fault = code === "ENOENT" ? "it has no meta.yaml" : `its meta.yaml is damaged: ${message.split("\n")[0]}`;
    return { meta: null, fault };
  }
}

/** What stands in a folder of one file a key, where a key may have slashes: `params`, `tags`. */
export async function readKeyed(
  folder: string,
  place: string,
): Promise<{ values: [string, string][]; leftOut: LeftOut[] }> {
  const { files, links } = await filesBelow(folder);
  const why = "a link, which isn't followed";
  const leftOut = links.map((at): LeftOut => ({ unit: "other", count: 1, where: `${place}/${at}`, why }));
  const values: [string, string][] = [];
  for (const at of files) {
    const { read, fault } = readBytes(path.join(folder, at));
    if (read === null) {
      leftOut.push({ unit: "other", count: 1, where: `${place}/${at}`, why: fault });
      continue;
    }
    const text = read.toString("utf8");
    if (text.includes("\uFFFD"))
      leftOut.push({ unit: "other", count: 1, where: `${place}/${at}`, why: "no UTF-8 text" });
    else values.push([at, text]);
  }
  return { values, leftOut };
}

export const textOf = (value: unknown): string =>
  typeof value === "string" && !["null", "~"].includes(value) ? value : "";
export const numberOf = (value: unknown): number | null =>
  /^-?\d+(\.\d+)?$/.test(textOf(value)) ? Number(value) : null;

/** A row as texts, as a store of files has them. */
export const metaOf = (row: SqliteRow): Meta =>
  Object.fromEntries(Object.entries(row).flatMap(([name, value]) => (value === null ? [] : [[name, String(value)]])));
