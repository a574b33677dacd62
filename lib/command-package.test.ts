import path from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { unpackTar } from "modern-tar";
import { expect, test } from "vitest";
import { readCommandPackage } from "./command-package.ts";

/** What a source imports, at once or when it is needed. */
const importsOf = (source: string): string[] =>
  [...source.matchAll(/^(?:import|export)[^;]*? from "([^"]+)"|^import "([^"]+)"|import\("([^"]+)"\)/gm)].map(
    ([, ...names]) => names.find((name) => name !== undefined)!,
  );

test("the package that the server offers has all that its sources import, and no test", async () => {
  const entries = await unpackTar(new Uint8Array(await promisify(gunzip)(await readCommandPackage())));
  const files = new Map(entries.map(({ header, data }) => [header.name, Buffer.from(data ?? []).toString()]));
  const manifest = JSON.parse(files.get("package/package.json")!) as Record<string, Record<string, string>>;
  const { dependencies, optionalDependencies, bin } = manifest;
  expect(manifest).not.toHaveProperty("private");
  expect(files.has(path.posix.join("package", bin!.holdout!))).toBe(true);
  const installed = Object.keys({ ...dependencies, ...optionalDependencies });
  const missing: string[] = [];
  for (const [file, source] of files) {
    expect(file).not.toMatch(/\.test\.ts$/);
    if (!/\.(ts|mjs)$/.test(file)) continue;
    for (const name of importsOf(source)) {
      const isThere = name.startsWith(".")
        ? files.has(path.posix.join(path.posix.dirname(file), name))
        : name.startsWith("node:") || installed.some((one) => name === one || name.startsWith(`${one}/`));
      if (!isThere) missing.push(`${file}: ${name}`);
    }
  }
  expect(missing).toEqual([]);
  expect(files.size).toBeGreaterThan(150);
});
