/** The production build, made again when what it was made from has changed. */
import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Refusal } from "../../db/refusal.ts";
import { root } from "../../db/root.ts";
import { buildPrograms, programSources } from "./built-programs.ts";

/** What the build is made from, beside Node and the packages that the lockfile names. */
export const sources = [
  "app",
  "lib",
  "db",
  "public",
  "instrumentation.ts",
  "proxy.ts",
  "next.config.ts",
  "postcss.config.mjs",
  "tsconfig.json",
  "package.json",
  "package-lock.json",
  ...programSources,
];
const stampFile = path.join(root, ".next", "holdout-stamp");

/** Whether the build on disk is the one that the sources make. */
export function isBuilt(): boolean {
  return existsSync(stampFile) && readFileSync(stampFile, "utf8") === stampOf(root);
}

/** Makes the build where it isn't the one that the sources make, and says so. */
export async function buildIfStale(say: (line: string) => void, signal: AbortSignal): Promise<void> {
  if (isBuilt()) return;
  const startedAt = Date.now();
  say("Building the pages, once for this version (about half a minute) …");
  await build(say, signal);
  say(`Built in ${Math.round((Date.now() - startedAt) / 1000)} s.`);
}

/** What the build is at, by words that Next prints as it begins with it. */
const stages = [
  ["Creating an optimized production build", "compiling"],
  ["Collecting page data", "reading the pages"],
  ["Generating static pages", "writing what needs no request"],
  ["Finalizing page optimization", "putting it together"],
] as const;
const SAY_AGAIN_MS = 10_000;

/** Runs `next build`, says how far it is, and throws with its output where it fails. `signal` ends it. */
export async function build(say: (line: string) => void = () => {}, signal?: AbortSignal): Promise<void> {
  const stamp = stampOf(root);
  const startedAt = Date.now();
  let stage: string = stages[0][1];
  const sayStage = () => say(`  ${stage} … ${Math.round((Date.now() - startedAt) / 1000)} s`);
  const timer = setInterval(sayStage, SAY_AGAIN_MS);
  const onOutput = (text: string) => {
    const begun = stages.findLast(([words]) => text.includes(words))?.[1] ?? stage;
    if (begun === stage) return;
    stage = begun;
    sayStage();
  };
  const { code, output } = await runNext(["build"], onOutput, signal).finally(() => clearInterval(timer));
  signal?.throwIfAborted();
  if (code !== 0) throw new Refusal(`The build failed:\n${output.trim()}`);
  await buildPrograms();
  writeFileSync(stampFile, stamp);
}

/** A hash over the sources' paths and contents and the major version of Node. */
function stampOf(folder: string): string {
  const hash = createHash("sha256").update(`node ${process.versions.node.split(".")[0]}\n`);
  for (const file of sources.flatMap((source) => filesIn(folder, source)))
    hash.update(
      `${file} ${createHash("sha256")
        .update(readFileSync(path.join(folder, file)))
        .digest("hex")}\n`,
    );
  return hash.digest("hex");
}

function filesIn(folder: string, source: string): string[] {
  const full = path.join(folder, source);
  if (!existsSync(full)) return [];
  const entries = path.extname(source) ? null : readdirSync(full, { recursive: true, withFileTypes: true });
  if (!entries) return [source];
  return entries
    .filter((entry) => entry.isFile() && !entry.name.includes(".test."))
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();
}

function runNext(
  args: string[],
  onOutput: (text: string) => void,
  signal?: AbortSignal,
): Promise<{ code: number | null; output: string }> {
  const next = path.join(root, "node_modules", "next", "dist", "bin", "next");
  const { DATABASE_URL: _owner, DATABASE_APP_URL: _app, ...environment } = process.env;
  return new Promise((resolve, reject) => {
    const child: ChildProcess = spawn(process.execPath, [next, ...args], {
      cwd: root,
      env: { ...environment, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
      stdio: ["ignore", "pipe", "pipe"],
      signal,
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream?.on("data", (chunk: Buffer) => {
        output += chunk;
        onOutput(String(chunk));
      });
    child.on("error", (error) => (signal?.aborted ? resolve({ code: null, output }) : reject(error)));
    child.on("close", (code) => resolve({ code, output }));
  });
}
