/** The import of an MLflow folder by the command: points a second, preview and start included, and what it holds in memory. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { root } from "../../db/root.ts";
import { systemActor } from "../../lib/access/actor.ts";
import { createToken } from "../../lib/access/tokens.ts";
import { createProject } from "../../lib/projects/projects.ts";
import { type Context, type Row, rowOf, shown, WrongPoints } from "../harness.ts";
import { watchMemory } from "../memory.ts";
import { lossCurve, timesFrom } from "../series.ts";

const POINTS_A_RUN = 10_000;
const METRICS = 10;
const STEPS = POINTS_A_RUN / METRICS;

export async function run(context: Context): Promise<Row[]> {
  const runs = { quick: 50, usual: 200, full: 1_000 }[context.mode];
  const folder = await mkdtemp(path.join(tmpdir(), "holdout-bench-mlruns-"));
  try {
    await writeStore(folder, { runs: 0, seed: context.seed });
    const idle = await importStore(context, folder);
    await writeStore(folder, { runs, seed: context.seed });
    const done = await importStore(context, folder);
    if (done.points !== runs * POINTS_A_RUN)
      throw new WrongPoints(`${done.points} of ${runs * POINTS_A_RUN} points came in`);
    const of = `${shown(runs)} runs × ${shown(POINTS_A_RUN)} points`;
    return [
      rowOf({
        id: "mlflow-import-a",
        name: `import of an MLflow folder of ${of}`,
        unit: "points/s",
        bar: { atLeast: 500_000, by: "loop" },
        against:
          "the command from its start to its end, preview included (made on the way, as --yes --json does); server and database beside it on the same cores",
        samples: [done.points / done.seconds],
      }),
      rowOf({
        id: "mlflow-import-b",
        name: "its memory above that of an import of nothing",
        unit: "MiB",
        bar: { atMost: 256 },
        against: `resident memory of the command; ${Math.round(idle.mib)} MiB with nothing to import`,
        samples: [done.mib - idle.mib],
      }),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A file store of one experiment, as MLflow writes it. */
async function writeStore(folder: string, { runs, seed }: { runs: number; seed: number }): Promise<void> {
  const experiment = path.join(folder, "1");
  await mkdir(experiment, { recursive: true });
  const started = timesFrom(0, 1)[0]!;
  const lines = [`artifact_location: ${experiment}`, "experiment_id: '1'", "lifecycle_stage: active", "name: bench"];
  await writeFile(path.join(experiment, "meta.yaml"), `${lines.join("\n")}\n`);
  const times = timesFrom(0, STEPS);
  for (let at = 0; at < runs; at++) {
    const id = at.toString(16).padStart(32, "0");
    const home = path.join(experiment, id);
    for (const part of ["metrics", "params", "tags", "artifacts"])
      await mkdir(path.join(home, part), { recursive: true });
    const meta = {
      artifact_uri: path.join(home, "artifacts"),
      end_time: started + 60_000,
      entry_point_name: "''",
      experiment_id: "'1'",
      lifecycle_stage: "active",
      run_id: id,
      run_name: `run-${at}`,
      source_name: "''",
      source_type: 4,
      source_version: "''",
      start_time: started,
      status: 3,
      tags: "[]",
      user_id: "bench",
    };
    await writeFile(
      path.join(home, "meta.yaml"),
      Object.entries(meta)
        .map(([key, value]) => `${key}: ${value}\n`)
        .join(""),
    );
    await writeFile(path.join(home, "params", "lr"), String(0.001 * (1 + at)));
    for (let metric = 0; metric < METRICS; metric++) {
      const values = lossCurve(seed + at * METRICS + metric, STEPS);
      const points = Array.from(values, (value, step) => `${times[step]} ${value} ${step}\n`);
      await writeFile(path.join(home, "metrics", `loss_${metric}`), points.join(""));
    }
  }
}

type Imported = { points: number; seconds: number; mib: number };

async function importStore({ app }: Context, folder: string): Promise<Imported> {
  const project = await createProject(systemActor, { name: "Imported" });
  const { secret } = await createToken(systemActor, project.id, { name: "import", scope: "ingest" });
  const begunAt = performance.now();
  const child = spawn(
    process.execPath,
    ["--import", "tsx", "trainer/src/main.ts", "import", "mlflow", folder, "--yes", "--json", "--url", app.url],
    { cwd: root, env: { ...process.env, HOLDOUT_TOKEN: secret }, stdio: ["ignore", "pipe", "inherit"] },
  );
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk;
  });
  const mostMib = watchMemory(child.pid!);
  const [code] = (await once(child, "close")) as [number];
  const seconds = (performance.now() - begunAt) / 1000;
  const mib = await mostMib();
  if (code !== 0) throw new Error(`the import ended with ${code}: ${output}`);
  const { report } = JSON.parse(output) as { report: { stored: { points: number } } };
  return { points: report.stored.points, seconds, mib };
}
