/** The command `holdout` as a package that npm installs from this server: its sources as they are here, so that it fits. */
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { packTar, type TarEntry } from "modern-tar";
import { z } from "zod";

/** What the trainer may import, and itself. */
const folders = ["trainer/src", "lib/wire", "lib/tables", "lib/splitting", "lib/sending", "lib/agents"];
const files = ["trainer/bin.mjs", "LICENSE"];
const isTest = (file: string): boolean => /(^|\/)test(\/|-[^/]*$)|\.test\.ts$|^trainer\/src\/reference\.ts$/.test(file);

/** The file for `npm install`: the same bytes as long as the sources are. */
export function readCommandPackage(): Promise<Uint8Array> {
  packed ??= pack(process.cwd());
  packed.catch(() => {
    packed = undefined;
  });
  return packed;
}
let packed: Promise<Uint8Array> | undefined;

async function pack(root: string): Promise<Uint8Array> {
  const names = [...files, ...(await Promise.all(folders.map((folder) => sourcesIn(root, folder)))).flat()];
  const entries: TarEntry[] = [entryOf("package.json", Buffer.from(await manifestText(root)))];
  for (const name of names.sort()) entries.push(entryOf(name, await readFile(path.join(root, name))));
  return promisify(gzip)(await packTar(entries), { level: 9 });
}

/** npm takes the first folder off. A file that is older than 1985 is one whose time says nothing. */
const entryOf = (name: string, body: Buffer): TarEntry => ({
  header: {
    name: `package/${name}`,
    size: body.length,
    type: "file",
    mode: name.endsWith("bin.mjs") ? 0o755 : 0o644,
    mtime: new Date("1985-10-26T08:15:00Z"),
  },
  body,
});

async function sourcesIn(root: string, folder: string): Promise<string[]> {
  const found = await readdir(path.join(root, folder), { recursive: true });
  return found
    .map((name) => `${folder}/${name.split(path.sep).join("/")}`)
    .filter((name) => /\.(ts|mjs)$/.test(name) && !isTest(name));
}

const manifestSchema = z.object({
  name: z.string(),
  version: z.string(),
  license: z.string(),
  type: z.string(),
  engines: z.record(z.string(), z.string()),
  dependencies: z.record(z.string(), z.string()),
  optionalDependencies: z.record(z.string(), z.string()),
});

/** The trainer's, whose program lies one folder deeper here. */
async function manifestText(root: string): Promise<string> {
  const own = manifestSchema.parse(JSON.parse(await readFile(path.join(root, "trainer/package.json"), "utf8")));
  const bin = { holdout: "trainer/bin.mjs", "holdout-trainer": "trainer/bin.mjs" };
  return `${JSON.stringify({ ...own, description: "The command of a Holdout server", bin }, null, 2)}\n`;
}
