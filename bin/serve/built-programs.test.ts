import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { builtinModules } from "node:module";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { root } from "../../db/root.ts";
import { buildPrograms } from "./built-programs.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(root, "node_modules", ".cache", "holdout-programs-"));
  await buildPrograms(folder);
});
afterAll(() => rm(folder, { recursive: true }));

test("a built program reads packages and no source, so that it needs nothing that reads TypeScript", async () => {
  expect((await readdir(folder)).sort()).toEqual(["jobs-worker.mjs", "start.mjs", "upkeep-worker.mjs"]);
  const { dependencies } = JSON.parse(await readFile(path.join(root, "package.json"), "utf8")) as {
    dependencies: Record<string, string>;
  };
  for (const file of await readdir(folder)) {
    const text = await readFile(path.join(folder, file), "utf8");
    const read = [...text.matchAll(/^\s*import (?:[^"';]* from )?"([^"]+)";|\bimport\("([^"]+)"\)/gm)].map(
      ([, named, lazy]) => named ?? lazy!,
    );
    expect(read.length).toBeGreaterThan(10);
    const packages = read.filter((name) => !name.startsWith("node:") && !builtinModules.includes(name));
    const names = packages.map((name) => /^(@[^/]+\/)?[^/]+/.exec(name)![0]);
    expect([...new Set(names)].filter((name) => !(name in dependencies))).toEqual([]);
    // what a source says of its own place isn't so in the built file, save for the one that names its folder's folder and those
    // by which packages are found
    const places = text.match(/.*import\.meta.*/g) ?? [];
    const isRight =
      /import\.meta\.dirname, "\.\."\);$|createRequire\d*\(import\.meta\.url\);$|import\.meta\.resolve\("[^.]/;
    expect(places.filter((place) => !isRight.test(place))).toEqual([]);
  }
});
