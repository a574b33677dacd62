/** npm run demo: like npm start, and a trainer that trains real models on MNIST against it; `--study`: a tuning history. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { constants, setPriority } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { processIdentity } from "../db/processes.ts";
import { root } from "../db/root.ts";
import { claimChampionOnceTested } from "./demo-champion.ts";
import { prepareLeakDemo } from "./demo-leak.ts";
import { tuneOnce } from "./demo-study.ts";
import { runCommand } from "./serve/command.ts";
import { launch } from "./serve/launch.ts";
import type { Settings } from "./serve/settings.ts";
import type { Shutdown } from "./serve/shutdown.ts";

const PROJECT = "MNIST demo";
/** As many runs count as a demo that was trained; fewer are there where it was stopped on its way. */
const RUNS = 6;
/** What the trainer gets to say goodbye to the server. */
const TRAINER_ENDS_MS = 5000;

type Training = { pid: number; identity: string | null };

await runCommand(() => {
  const { values } = parseArgs({ options: { study: { type: "boolean", default: false } } });
  return launch({ dev: false }, values.study ? tuneOnce : trainOnce);
});

async function trainOnce(settings: Settings, shutdown: Shutdown): Promise<void> {
  const noteFile = path.join(settings.dataDir, "demo-training.json");
  const earlier = existsSync(noteFile) ? (JSON.parse(readFileSync(noteFile, "utf8")) as Training) : null;
  console.log("Making the demo's projects …");
  const project = await shutdown.step(demoProject);
  await shutdown.step(prepareLeakDemo);
  const page = `${settings.url}/projects/${project.slug}`;
  if (earlier && isRunning(earlier)) {
    shutdown.onStop(() => stopTraining(earlier));
    return console.log(`The training of an earlier start goes on (process ${earlier.pid}): ${page}`);
  }
  if (project.runCount >= RUNS) return console.log(`The demo's ${project.runCount} runs are there already: ${page}`);
  const trainer = await shutdown.step(() => startTrainer(settings, project.id));
  const training: Training = { pid: trainer.pid ?? 0, identity: processIdentity(trainer.pid ?? 0) };
  writeFileSync(noteFile, JSON.stringify(training), { mode: 0o600 });
  shutdown.onStop(() => stopTraining(training));
  console.log(`Training models on MNIST; watch them at ${page}`);
  const watching = new AbortController();
  shutdown.onStop(async () => watching.abort());
  claimChampionOnceTested(project.id, watching.signal).catch((error: unknown) => {
    if (!shutdown.signal.aborted) console.error("The demo's champion isn't claimed:", error);
  });
  trainer.on("exit", (code, signal) => {
    watching.abort();
    if (shutdown.signal.aborted) return;
    if (code === 0) console.log(`Training is done: ${page}`);
    else console.error(`The trainer ended with ${signal ?? `code ${code}`}. The next  npm run demo  trains again.`);
  });
}

/** The demo's project, made at the first demo. */
async function demoProject() {
  const { listProjects, createProject } = await import("../lib/projects/projects.ts");
  const { systemActor } = await import("../lib/access/actor.ts");
  const found = (await listProjects(systemActor)).find((project) => project.name === PROJECT);
  if (found) return found;
  const made = await createProject(systemActor, {
    name: PROJECT,
    description: "Fully connected and convolutional networks on handwritten digits, trained on this machine.",
    primaryMetric: "accuracy",
    primaryDirection: "max",
  });
  return { ...made, runCount: 0 };
}

async function startTrainer(settings: Settings, projectId: string): Promise<ChildProcess> {
  const { createToken, listTokens, revokeToken } = await import("../lib/access/tokens.ts");
  const { systemActor } = await import("../lib/access/actor.ts");
  const name = "MNIST demo on this machine";
  // a token's secret is shown once and kept nowhere: each training has its own
  for (const old of await listTokens(systemActor, projectId))
    if (old.name === name && !old.revokedAt) await revokeToken(systemActor, old.id);
  const { secret } = await createToken(systemActor, { projectId, name, scope: "evaluate" });
  const { DATABASE_URL: _owner, DATABASE_APP_URL: _app, HOLDOUT_SECRET: _secret, ...environment } = process.env;
  const trainer = spawn(process.execPath, ["--import", "tsx", "trainer/src/main.ts", "demo"], {
    cwd: root,
    env: {
      ...environment,
      HOLDOUT_URL: settings.url,
      HOLDOUT_TOKEN: secret,
      HOLDOUT_SPOOL_DIR: path.join(settings.dataDir, "spool"),
    },
    // the terminal itself: the trainer goes on where this process is killed
    stdio: ["ignore", "inherit", "inherit"],
  });
  // where cores are few, pages come before training; what it starts has its priority
  if (trainer.pid !== undefined) setPriority(trainer.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  return trainer;
}

function isRunning({ pid, identity }: Training): boolean {
  return identity !== null && processIdentity(pid) === identity;
}

async function stopTraining(training: Training): Promise<void> {
  if (!isRunning(training)) return;
  process.kill(training.pid, "SIGTERM");
  const deadline = Date.now() + TRAINER_ENDS_MS;
  while (isRunning(training) && Date.now() < deadline) await delay(50);
  if (isRunning(training)) process.kill(training.pid, "SIGKILL");
}
