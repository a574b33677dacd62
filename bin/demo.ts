/** npm run demo: like npm start, and a trainer that trains real models on MNIST against it; `--study`: a tuning history; `--loop`: a loop; `--servers`: several servers. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { processIdentity } from "../db/processes.ts";
import { Refusal } from "../db/refusal.ts";
import { claimChampionOnceTested } from "./demo/champion.ts";
import { prepareLeakDemo } from "./demo/leak.ts";
import { loopOnce } from "./demo/loop.ts";
import { demonstrateServers } from "./demo/servers/servers.ts";
import { tuneOnce } from "./demo/study.ts";
import { demoProject, startTrainer, trainerEnvironment } from "./demo/trainer.ts";
import { runCommand } from "./serve/command.ts";
import { launch } from "./serve/launch.ts";
import type { Settings } from "./serve/settings.ts";
import type { Shutdown } from "./serve/shutdown.ts";

const PROJECT = "MNIST demo";
const ABOUT = "Fully connected and convolutional networks on handwritten digits, trained on this machine.";
/** As many runs count as a demo that was trained; fewer are there where it was stopped on its way. */
const RUNS = 6;
/** What the trainer gets to say goodbye to the server. */
const TRAINER_ENDS_MS = 5000;

type Training = { pid: number; identity: string | null };

await runCommand(() => {
  const flag = { type: "boolean", default: false } as const;
  const options = { study: flag, loop: flag, servers: flag, check: flag, kills: { type: "string" } } as const;
  const { values } = parseArgs({ options });
  if (values.servers) return demonstrateServers({ isCheck: values.check, kills: values.kills });
  if (values.check || values.kills !== undefined)
    throw new Refusal("--check and --kills are of  npm run demo -- --servers");
  return launch({ dev: false }, values.loop ? loopOnce : values.study ? tuneOnce : trainOnce);
});

async function trainOnce(settings: Settings, shutdown: Shutdown): Promise<void> {
  const noteFile = path.join(settings.dataDir, "demo-training.json");
  const earlier = existsSync(noteFile) ? (JSON.parse(readFileSync(noteFile, "utf8")) as Training) : null;
  console.log("Making the demo's projects …");
  const project = await shutdown.step(() => demoProject({ name: PROJECT, description: ABOUT }));
  await shutdown.step(prepareLeakDemo);
  const page = `${settings.url}/projects/${project.slug}`;
  if (earlier && isRunning(earlier)) {
    shutdown.onStop(() => stopTraining(earlier));
    return console.log(`The training of an earlier start goes on (process ${earlier.pid}): ${page}`);
  }
  if (project.runCount >= RUNS) return console.log(`The demo's ${project.runCount} runs are there already: ${page}`);
  const token = { name: "MNIST demo on this machine", scope: "evaluate" } as const;
  const environment = await shutdown.step(() => trainerEnvironment(settings, project.id, token));
  // to the terminal itself: the trainer goes on where this process is killed
  const trainer = startTrainer(environment, ["demo"], "inherit");
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
