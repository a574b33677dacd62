/** npm run bench: how fast this version is on this machine, row by row. `--help` says what may be asked of it. */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { asOwner, type BenchApp, startBenchApp } from "../bench/app.ts";
import { type Context, type Judgement, judge, type Mode, measuredIn, type Row, shown } from "../bench/harness.ts";
import { type Measured, measureYardsticks, slowerOf } from "../bench/yardstick.ts";
import { closeConnections } from "../db/connection.ts";
import { Refusal } from "../db/refusal.ts";
import { root } from "../db/root.ts";
import { runCommand } from "./serve/command.ts";

type Group = { name: string; rows: string; run: (context: Context) => Promise<Row[]> };

const groups: Group[] = [
  { name: "ingest", rows: "1", run: async (context) => (await import("../bench/rows/ingest.ts")).throughput(context) },
  {
    name: "servers",
    rows: "servers-ingest",
    run: async (context) => (await import("../bench/servers/ingest.ts")).twoServers(context),
  },
  { name: "small", rows: "2", run: async (context) => (await import("../bench/rows/ingest.ts")).smallBatches(context) },
  {
    name: "series",
    rows: "3, 5",
    run: async (context) => (await import("../bench/rows/charts.ts")).longSeries(context),
  },
  { name: "curves", rows: "4", run: async (context) => (await import("../bench/rows/charts.ts")).manyCurves(context) },
  { name: "retry", rows: "6", run: async (context) => (await import("../bench/rows/ingest.ts")).retries(context) },
  { name: "live", rows: "7", run: async (context) => (await import("../bench/rows/live.ts")).run(context) },
  { name: "draw", rows: "10", run: async (context) => (await import("../bench/rows/draw.ts")).run(context) },
  {
    name: "statistics",
    rows: "20",
    run: async (context) => (await import("../bench/rows/statistics.ts")).run(context),
  },
  {
    name: "search",
    rows: "search-tpe, search-process",
    run: async (context) => (await import("../bench/studies/search.ts")).run(context),
  },
  { name: "look", rows: "18", run: async (context) => (await import("../bench/rows/look.ts")).run(context) },
  { name: "page", rows: "11", run: async (context) => (await import("../bench/rows/page.ts")).run(context) },
  {
    name: "compare",
    rows: "compare-a … compare-d",
    run: async (context) => (await import("../bench/rows/compare.ts")).run(context),
  },
  {
    name: "studies-page",
    rows: "studies-page-a, studies-page-b",
    run: async (context) => (await import("../bench/rows/studies-page.ts")).run(context),
  },
  {
    name: "queue",
    rows: "studies-claims-a … studies-stop",
    run: async (context) => (await import("../bench/rows/queue.ts")).run(context),
  },
  {
    name: "rulings",
    rows: "studies-ruling",
    run: async (context) => (await import("../bench/studies/rulings.ts")).run(context),
  },
  { name: "disk", rows: "8", run: async (context) => (await import("../bench/rows/disk.ts")).run(context) },
  {
    name: "files",
    rows: "files-a … files-c",
    run: async (context) => (await import("../bench/files/files.ts")).run(context),
  },
  { name: "sizes", rows: "size", run: async (context) => (await import("../bench/sizes/sizes.ts")).run(context) },
  { name: "log", rows: "9", run: async (context) => (await import("../bench/rows/log.ts")).run(context) },
  { name: "table", rows: "12", run: async (context) => (await import("../bench/rows/table.ts")).run(context) },
  { name: "manifests", rows: "14", run: async (context) => (await import("../bench/rows/manifests.ts")).run(context) },
  { name: "images", rows: "17", run: async (context) => (await import("../bench/rows/images.ts")).run(context) },
  {
    name: "predictions",
    rows: "19",
    run: async (context) => (await import("../bench/rows/predictions.ts")).run(context),
  },
  {
    name: "mlflow",
    rows: "mlflow-batch-a … mlflow-history",
    run: async (context) => (await import("../bench/mlflow/mlflow.ts")).run(context),
  },
  {
    name: "mlflow-import",
    rows: "mlflow-import-a, mlflow-import-b",
    run: async (context) => (await import("../bench/mlflow/import.ts")).run(context),
  },
  { name: "trainer", rows: "15", run: async (context) => (await import("../bench/rows/trainer.ts")).run(context) },
  { name: "stalls", rows: "16", run: async (context) => (await import("../bench/rows/stalls/stalls.ts")).run(context) },
  { name: "calm", rows: "13", run: async (context) => (await import("../bench/rows/calm.ts")).run(context) },
];

type Judged = Row & { judged: Judgement };

const help = `npm run bench -- [--quick | --full] [--only NAME[,NAME]] [--json FILE] [--seed N]

  --quick       everything in five minutes, on less data
  --full        the long rows too: ten minutes of load
  --only NAME   of ${groups.map(({ name }) => name).join(", ")}
  --json FILE   the rows as { id, name, value, unit, bar, against, samples, judged: { bar, ok } }
  --seed N      of the generated data; 1 where nothing is said
  --readme      writes the table into README.md
`;

await runCommand(async () => {
  const { values } = parseArgs({
    options: {
      quick: { type: "boolean", default: false },
      full: { type: "boolean", default: false },
      only: { type: "string" },
      json: { type: "string" },
      seed: { type: "string", default: "1" },
      readme: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(help);
  const mode: Mode = values.quick ? "quick" : values.full ? "full" : "usual";
  const seed = Number(values.seed);
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw new Refusal(`--seed is ${values.seed}; an integer from 0 is right`);
  const { rows, measuredOn } = await runGroups(chosen(values.only), mode, seed);
  console.log(`\n${tableOf(rows)}`);
  if (values.readme) writeReadme(`\`\`\`\n${measuredOn}\n\`\`\`\n\n${tableOf(rows)}`);
  if (values.json) writeFileSync(values.json, `${JSON.stringify(rows, null, 2)}\n`);
});

function chosen(only: string | undefined): Group[] {
  if (only === undefined) return groups;
  return only.split(",").map((name) => {
    const group = groups.find((one) => one.name === name);
    if (!group)
      throw new Refusal(`--only ${name}: there is no such row; ${groups.map((one) => one.name).join(", ")} are`);
    return group;
  });
}

/** A group that fails is said, and makes the process end with 1; the others run all the same. */
async function runGroups(some: Group[], mode: Mode, seed: number): Promise<{ rows: Judged[]; measuredOn: string }> {
  const startedAt = Date.now();
  const say = (line: string) => console.log(`  ${line}`);
  console.log("Starting the app of the bench …");
  const app = await startBenchApp();
  const rows: Judged[] = [];
  let measuredOn = "";
  try {
    measuredOn = await conditions(app, mode, seed);
    console.log(measuredOn);
    const context = await contextOf(app, mode, seed, say);
    for (const { name, rows: ids, run } of some) {
      const begunAt = Date.now();
      console.log(`\n${name} (row ${ids})`);
      try {
        const before = await measureYardsticks(context);
        const measured = await run(context);
        const yardsticks = slowerOf(before, await measureYardsticks(context));
        say(yardstickWords(yardsticks));
        rows.push(...judgedBy(yardsticks, measured, say));
      } catch (error) {
        process.exitCode = 1;
        console.error(`  ${name} could not be measured:`, error);
      }
      say(`took ${Math.round((Date.now() - begunAt) / 1000)} s`);
    }
    console.log(`\nDone in ${Math.round((Date.now() - startedAt) / 1000)} s.`);
  } finally {
    await closeConnections();
    await app.stop();
  }
  return { rows, measuredOn };
}

function yardstickWords(yardsticks: Measured): string {
  return Object.values(yardsticks)
    .map(({ name, measured, unit, quiet }) => `${name}: ${shown(measured)} ${unit} (${quiet} where it's quiet)`)
    .join(", ");
}

function judgedBy(yardsticks: Measured, rows: Row[], say: Context["say"]): Judged[] {
  return rows.map((row) => {
    const judged = judge(row, yardsticks);
    const verdict = judged ? `, ${judged.bar}: ${judged.ok ? "met" : "MISSED"}` : "";
    say(`${row.id} ${row.name}: ${measuredIn(row)}${verdict}`);
    return { ...row, judged };
  });
}

async function contextOf(app: BenchApp, mode: Mode, seed: number, say: Context["say"]): Promise<Context> {
  const { createProject } = await import("../lib/projects/projects.ts");
  const { createToken } = await import("../lib/access/tokens.ts");
  const { systemActor } = await import("../lib/access/actor.ts");
  const project = await createProject(systemActor, { name: "Bench" });
  const tokenOf = async (scope: "ingest" | "read") =>
    (await createToken(systemActor, project.id, { name: `bench ${scope}`, scope })).secret;
  return { app, mode, seed, project, tokens: { ingest: await tokenOf("ingest"), read: await tokenOf("read") }, say };
}

/** Machine, versions, durability and seed. */
async function conditions(app: BenchApp, mode: Mode, seed: number): Promise<string> {
  const settings = ["server_version", "fsync", "synchronous_commit", "full_page_writes", "shared_buffers"];
  const shown = await asOwner(app.ownerUrl, async (sql) => {
    const values: string[] = [];
    for (const name of settings)
      values.push(`${name}=${(await sql`select current_setting(${name}) as value`)[0]!.value}`);
    return values;
  });
  const next = JSON.parse(readFileSync(path.join(root, "node_modules/next/package.json"), "utf8")) as {
    version: string;
  };
  const commit = git("rev-parse", "--short", "HEAD");
  const changed = git("status", "--porcelain", "--untracked-files=no") === "" ? "" : " with changes";
  const [cpu] = cpus();
  return [
    `Machine     ${cpu?.model.trim()}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform}`,
    `Versions    Holdout ${commit || "without git"}${changed}, Node ${process.version}, Next ${next.version}`,
    `PostgreSQL  ${shown.join(", ")}`,
    `Data        seed ${seed}, ${mode}; app, database, load and browser share the machine`,
  ].join("\n");
}

function git(...args: string[]): string {
  return spawnSync("git", args, { cwd: root, encoding: "utf8" }).stdout?.trim() ?? "";
}

/** Puts the text between the two marks of the README. */
function writeReadme(text: string): void {
  const file = path.join(root, "README.md");
  const [begin, end] = ["<!-- bench:begin -->", "<!-- bench:end -->"];
  const readme = readFileSync(file, "utf8");
  const [before, after] = [readme.split(begin)[0], readme.split(end)[1]];
  if (after === undefined)
    throw new Refusal(`README.md lacks the marks ${begin} and ${end}, between which the table goes`);
  writeFileSync(file, `${before}${begin}\n${text}\n${end}${after}`);
}

/** Markdown, as the README has it. */
function tableOf(rows: Judged[]): string {
  const lines = rows.map(({ judged, ...row }) => {
    const verdict = judged ? (judged.ok ? "met" : "**missed**") : "";
    return `| ${row.id} | ${row.name} | ${measuredIn(row)} | ${judged?.bar ?? ""} | ${verdict} | ${row.against} |`;
  });
  return ["| # | work | measured | bar | | against |", "| --- | --- | --- | --- | --- | --- |", ...lines].join("\n");
}
