/** For tests: the trainer in one file, made once a test run. A start through tsx reads a hundred, and takes four times as long. */
import { copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { build } from "esbuild";

/** Where `startTrainer` finds it, through the environment. */
export const BUILT_TRAINER = "HOLDOUT_TEST_TRAINER";

const source = path.join(import.meta.dirname, "..");
const root = path.join(source, "../..");

/** Vitest's global setup. What is built finds packages and its own files as the sources do; the answer removes it. */
export default async function setup(): Promise<() => Promise<void>> {
  const folder = path.join(root, "node_modules", ".cache", `holdout-trainer-${process.pid}`);
  const inside = path.join(folder, "src", "client");
  await mkdir(inside, { recursive: true });
  await build({
    entryPoints: [path.join(source, "main.ts")],
    outfile: path.join(inside, "main.mjs"),
    bundle: true,
    packages: "external",
    format: "esm",
    platform: "node",
    target: "node20",
  });
  await copyFile(path.join(source, "client", "spool-thread.mjs"), path.join(inside, "spool-thread.mjs"));
  const program = path.join(folder, "bin.mjs");
  await writeFile(program, 'await import("./src/client/main.mjs");\n');
  process.env[BUILT_TRAINER] = program;
  return () => rm(folder, { recursive: true, force: true });
}
