/** The demo: real models on real images, two at a time, with an honest spread of what can be tuned. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseEvaluationSettings, parseSettings, parseSplitSettings } from "../config/settings.ts";
import { type CommandContext, exitCodeOf, unlessStopped } from "./context.ts";
import { evaluateRun } from "./evaluate.ts";
import { DIVERGED, runIn } from "./follow.ts";
import { registerUnchecked } from "./register.ts";
import { sayFound } from "./say-manifest.ts";
import { splitCommand } from "./split.ts";

/** Good, middling and bad on purpose: the last learning rate is too high, and the run shows what that looks like. */
export const demoTrainings: Record<string, unknown>[] = [
  { family: "cnn", filters: [8, 16], batchSize: 64, epochs: 4, optimizer: { name: "adam", learningRate: 0.002 } },
  { family: "mlp", units: [64], batchSize: 32, epochs: 6, optimizer: { name: "sgd", learningRate: 0.05 } },
  { family: "mlp", units: [128, 64], batchSize: 64, epochs: 6, optimizer: { name: "adam", learningRate: 0.001 } },
  {
    family: "cnn",
    filters: [8],
    batchSize: 128,
    epochs: 4,
    optimizer: { name: "momentum", learningRate: 0.05, momentum: 0.9 },
  },
  { family: "mlp", units: [64], batchSize: 256, epochs: 8, optimizer: { name: "rmsprop", learningRate: 0.003 } },
  { family: "mlp", units: [64], batchSize: 64, epochs: 6, optimizer: { name: "sgd", learningRate: 0.0005 } },
  {
    family: "mlp",
    units: [128, 64],
    batchSize: 64,
    epochs: 6,
    optimizer: { name: "momentum", learningRate: 1, momentum: 0.9 },
  },
];
const AT_ONCE = 2;

/**
 * Registers a small split of MNIST, trains the demo's models on it, has each evaluated on validation and the two best on
 * test, and has the whole of MNIST split and checked. That takes minutes, so it comes last: curves are what a newcomer
 * waits for. Returns 0 unless a training crashed.
 */
export async function demoCommand(context: CommandContext): Promise<number> {
  const data = parseSettings({ subset: 6000, testSubset: 1000, manifestName: "mnist 6k" }).data;
  console.log("Reading MNIST, and registering 7,000 of its images as a split manifest …");
  const manifest = await registerUnchecked(context, data);
  const found = sayFound(context, manifest).catch((error: unknown) => {
    if (!context.signal.aborted) throw error;
  });
  const waiting = demoTrainings.map((training, index) => ({ ...training, seed: index + 1, manifest: manifest.id }));
  const validated: Validated[] = [];
  let crashed = 0;
  const worker = async () => {
    for (let next = waiting.shift(); next && !context.signal.aborted; next = waiting.shift()) {
      const { ended, run } = await trainApart(context, next);
      if (ended === "crashed") crashed++;
      if (ended !== "finished" || !run) continue;
      validated.push(await unlessStopped(context, () => validate(context, run)));
    }
  };
  await Promise.all([found, ...Array.from({ length: AT_ONCE }, worker)]);
  if (!context.signal.aborted) await unlessStopped(context, () => testBest(context, validated));
  if (context.signal.aborted) return exitCodeOf(String(context.signal.reason));
  await splitCommand(context, parseSplitSettings({ manifestName: "mnist, the whole" }));
  console.log(crashed === 0 ? "The demo's models are trained." : `${crashed} of the demo's trainings crashed.`);
  return crashed === 0 ? 0 : 1;
}

type Validated = { run: string; accuracy: number };

async function validate(context: CommandContext, run: string): Promise<Validated> {
  const settings = parseEvaluationSettings({ split: "validation" });
  const { measured } = await evaluateRun(context, run, settings, () => {});
  console.log(`Run ${run} is evaluated on validation: accuracy ${measured.toFixed(4)}`);
  return { run, accuracy: measured };
}

/** Looks at the test split twice: for the number of the best by validation, and for what its runner-up makes of it. */
async function testBest(context: CommandContext, validated: Validated[]): Promise<void> {
  const [best, second] = validated.toSorted((one, other) => other.accuracy - one.accuracy);
  const looks = [
    { of: best, purpose: "final", reason: "the best of the demo by validation: this is the number to report" },
    { of: second, purpose: "comparison", reason: "the runner-up by validation, to compare the best with" },
  ];
  for (const { of, purpose, reason } of looks) {
    if (!of) return;
    const settings = parseEvaluationSettings({ split: "test", purpose, reason });
    await evaluateRun(context, of.run, settings, () => {});
    console.log(`Run ${of.run} is evaluated on test, which counts as a look: ${reason}`);
  }
}

/** The command line of one training: its settings, and what the demo itself was told. Its token goes another way. */
export function trainArguments({ spoolDir, code }: CommandContext, settings: Record<string, unknown>): string[] {
  const flags = Object.entries(settings).flatMap(([key, value]) => [
    `--${key}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return ["train", "--spool", spoolDir, ...(code ? [] : ["--no-code"]), ...flags];
}

/** `stopped`: by a signal, or it diverged: its run says so. */
type Apart = { ended: "finished" | "stopped" | "crashed"; run: string | null };

/** One training in a process of its own: WebAssembly computes on one core a process. */
async function trainApart(context: CommandContext, settings: Record<string, unknown>): Promise<Apart> {
  const { target } = context;
  // bin.mjs finds tsx beside itself, from whichever folder the demo is called
  const program = fileURLToPath(new URL("../../bin.mjs", import.meta.url));
  const child = spawn(process.execPath, [program, ...trainArguments(context, settings)], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, HOLDOUT_URL: target.url, HOLDOUT_TOKEN: target.token },
  });
  const stop = () => child.kill("SIGTERM");
  context.signal.addEventListener("abort", stop);
  let [run, said]: [string | null, string] = [null, ""];
  child.stdout.setEncoding("utf8").on("data", (some: string) => {
    process.stdout.write(some);
    if (run !== null) return;
    said += some;
    run = runIn(said);
  });
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  context.signal.removeEventListener("abort", stop);
  if (code === 0) return { ended: "finished", run };
  return { ended: code === DIVERGED || context.signal.aborted ? "stopped" : "crashed", run };
}
