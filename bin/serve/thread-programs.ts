/**
 * The programs of threads, each in one file beside the pages' build. Of the sources a thread reads hundreds, through a
 * loader with a thread of its own: the three of a server took more than a third of a start's processor time.
 */
import path from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { root } from "../../db/root.ts";

export type ThreadProgram = "jobs-worker" | "upkeep-worker";
const programs: ThreadProgram[] = ["jobs-worker", "upkeep-worker"];

// one folder below the checkout, as `db` is, by which `db/root.ts` finds it
const folder = path.join(root, ".next");

/** What they are made from beside what pages are made from. */
export const threadSources = ["bin/serve", ...programs.map((name) => `bin/${name}.ts`)];

/** Makes them in a folder. Packages stay as they are. */
export async function buildThreads(outdir = folder): Promise<void> {
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
