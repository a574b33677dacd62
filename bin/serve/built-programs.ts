/**
 * What a server runs beside its pages, each program in one file beside the pages' build. Of the sources it would read hundreds,
 * and every package, through a loader with a thread of its own: most of what a start and the first page cost.
 */
import path from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../../db/root.ts";

export type ThreadProgram = "jobs-worker" | "upkeep-worker";
const programs: ("start" | ThreadProgram)[] = ["start", "jobs-worker", "upkeep-worker"];

// one folder below the checkout, as `db` is, by which `db/root.ts` finds it
const folder = path.join(root, ".next");

/** What they are made from beside what pages are made from. */
export const programSources = ["bin/serve", ...programs.map((name) => `bin/${name}.ts`)];

/** Makes them in a folder. Packages stay as they are. */
export async function buildPrograms(outdir = folder): Promise<void> {
  // a start that finds everything built needs none of it
  const { build } = await import("esbuild");
  await build({
    entryPoints: programs.map((name) => path.join(root, "bin", `${name}.ts`)),
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    packages: "external",
    format: "esm",
    platform: "node",
    target: "node20",
  });
}

/** What a thread imports: the file that the build made, or the source. */
export const urlOf = (name: ThreadProgram, isBuilt: boolean): string =>
  pathToFileURL(isBuilt ? path.join(folder, `${name}.mjs`) : path.join(root, "bin", `${name}.ts`)).href;
