/** The commands that train, of the command `holdout`. Each is loaded when it is asked for: TensorFlow.js takes a second. */
import path from "node:path";
import { parseArgs } from "node:util";
import { manifestMethods } from "../../lib/wire/data/manifests.ts";
import { backendNames } from "./backend/backend.ts";
import { NoToken } from "./cli/exits.ts";
import { findTarget, NO_TOKEN } from "./cli/login-file.ts";
import type { CommandContext } from "./commands/context.ts";
import {
  parseEvaluationSettings,
  parseFew,
  parseQueueSettings,
  parseRefereeSettings,
  parseSettings,
  parseSplitSettings,
  parseTrialSettings,
  parseVerifySettings,
  parseWorkSettings,
  readConfigFile,
  setPath,
} from "./config/settings.ts";

export const TRAINING_HELP = `Training

  train             trains a model as a new run
  resume RUN        goes on with a run from its newest checkpoint (--backend, --data: where its samples lie here)
  work              takes trials from the queue, and trains each in a process of its own (--labels gpu,a100  --memory 24
                    --parallel 2  --once  --name LABEL; --backend, --data and its like: where their samples lie here)
  queue             queues a training as a run by itself (--labels, --memory: what its worker must have; --priority 5)
  evaluate RUN      predicts a split with the run's checkpoint that is best by validation, and has the server make the report
  referee RUN…      hands a loop's candidate in by its runs; ends with 0 keep, 10 discard, 11 run again, 12 refused
  verify FILE       checks an evaluation certificate, offline, with the key that you give
  sync [FOLDER]     delivers what is left in the spool of a trainer that died or was offline
  split             registers a whole set, has the server split and check it, and prints the manifest's id (of a k-fold, each fold's)
  register          makes and registers the split manifest of a training alone, and prints its id
  demo              trains a handful of models on MNIST
  backends          says which backends there are, which is taken, and why

Where:   --url URL (HOLDOUT_URL), --token TOKEN (HOLDOUT_TOKEN), --spool FOLDER (HOLDOUT_SPOOL_DIR), --no-code
         --offline (train without a server; sync delivers it later)
Model:   --family mlp|cnn|rnn|unet  --units 128,64  --filters 8,16  --encoder plain|double|residual  --cell lstm|gru
         --batchNorm true  --dropout 0.2  --batchSize 64  --epochs 3  --seed 1  --loss cross_entropy|focal|hinge|dice|mse|mae|huber|…
Inputs:  --preprocessing.resize 32,32  --preprocessing.pad 32,32  --preprocessing.normalise standardise|scale|none
         --augmentation.shift 2  --augmentation.flip true  --augmentation.noise 0.1  --expect.input 28,28,1  --expect.classes 10
Reuse:   --freeze encoder1,encoder2 (or backbone)  --transfer.run RUN  --transfer.mode feature_extraction|fine_tuning|both
         --transfer.headEpochs 1  --transfer.fineTuningFactor 0.1  --transfer.checkpoint best.safetensors
         --optimizer.name sgd|momentum|rmsprop|adam|adamw  --optimizer.learningRate 0.01  (and its other parameters)
Rate:    --schedule.name constant|step|exponential|linear|cosine|plateau  --schedule.warmupSteps 100
         --schedule.everySteps 500  --schedule.factor 0.1  --schedule.rate 0.96  --schedule.floor 0.01  --clipNorm 1
Stop:    --earlyStopping.metric loss  --earlyStopping.direction min  --earlyStopping.patience 5
         --earlyStopping.minDelta 0.001  (else a fixed number of steps, and the best checkpoint by validation)
Data:    --data mnist|mnist-scenes|waves|curve, a folder of IDX files or of images by class, or FILE.csv|.tsv|.jsonl|.parquet
         a table's columns key (or id), group, time, split, sealed, byte_hash, content_hash and text say what a row is; the
         others are features. A folder may have train, val and test folders above its classes. Images have neither group nor time: to split by them, add the samples over the API or the page
         --target COLUMN  --task classification|regression (of a table; where its target leaves open which)
         --columns Group:group,Size:feature,row:nothing,date:time-day-first (what columns are whose names leave it open)
         --blanks trim (cut the blanks round a table's keys, labels and groups; else they are refused)
         --missing "-,?" (words that say 'missing' besides NA and its like)  --decimals comma (1,5 is 1.5)
         --datasetVersion 1 (under which the samples are registered; samples that changed need another)
         --subset 6000  --testSubset 1000  --validationFraction 0.15  --testFraction 0.15  --splitSeed 1  --manifest ID (one that is registered already)  --manifestName NAME
Split:   --method ${manifestMethods.join("|")}
         --fractions 70/15/15 (of a set whose own test part is kept, 85/15/0)  --keep test (or none)  --folds 5
         --gapSeconds 86400 (of time: left out before validation and test)  --assignment quota|threshold (not of stratified methods)
         --quantileBins 10 (of stratified methods: labels are numbers, stratified by quantile)  --splitSeed 1  --manifestName NAME
Evaluate: --split validation|test  --checkpoint PATH (else the best by validation)  --backend, --data and its like as above
         --purpose final|comparison|debugging  --reason TEXT (of test alone: it is shut, and each opening counts)
Verify:  --key KEY (the installation's public key, which you know from elsewhere than FILE)
Referee: --study ID (HOLDOUT_STUDY)  --ask '{"optimizer": …}' --like RUN (of a config that nobody has trained yet, in place of RUN…)
         --queue (what is to be run again, for whichever worker fits)  --wait (queue, wait, hand in, until there is a ruling)
Others:  --config FILE (the same as JSON; flags win)  --name LABEL  --backend ${backendNames.join("|")}
`;

const own = {
  url: { type: "string" },
  token: { type: "string" },
  spool: { type: "string" },
  config: { type: "string" },
  "no-code": { type: "boolean" },
  offline: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

/** Runs a command that trains. Returns the exit code; throws what is to be said on its end. */
export async function runTraining(argv: string[]): Promise<number> {
  const { values, positionals, tokens } = parseArgs({
    args: argv,
    options: own,
    strict: false,
    tokens: true,
    allowPositionals: true,
  });
  const [command = ""] = positionals;
  if (values.help) {
    console.log(TRAINING_HELP);
    return 0;
  }
  for (const flag of ["config", "url", "token", "spool"])
    if (values[flag] === true) throw new Error(`--${flag} needs a value`);
  const { settings, rest } = readSettings(tokens, values.config as string | undefined);
  const subject = rest[1];
  const stopping = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stopping.abort(signal));
  const context = (): CommandContext => ({
    target: readTarget(values),
    spoolDir: spoolOf(values),
    code: !values["no-code"],
    offline: values.offline === true,
    signal: stopping.signal,
  });
  switch (command) {
    case "train":
      return (await import("./commands/train.ts")).trainCommand(context(), parseSettings(settings));
    case "resume":
      if (!subject) throw new Error("resume: name the run by its id");
      return (await import("./commands/resume.ts")).resumeCommand(
        context(),
        subject,
        parseFew(settings, ["backend", "data"]),
      );
    case "work":
      return (await import("./commands/work.ts")).workCommand(context(), parseWorkSettings(settings));
    case "queue":
      return (await import("./commands/queue.ts")).queueCommand(context(), parseQueueSettings(settings));
    case "trial":
      if (!subject) throw new Error("trial: name the run by its id");
      return (await import("./commands/trial.ts")).trialCommand(context(), subject, parseTrialSettings(settings));
    case "evaluate":
      if (!subject) throw new Error("evaluate: name the run by its id");
      return (await import("./commands/evaluate.ts")).evaluateCommand(
        context(),
        subject,
        parseEvaluationSettings(settings),
      );
    case "referee":
      return (await import("./commands/referee.ts")).refereeCommand(
        context(),
        rest.slice(1),
        parseRefereeSettings(settings),
      );
    case "verify":
      if (!subject) throw new Error("verify: name the certificate's file");
      return (await import("./commands/verify.ts")).verifyCommand(subject, parseVerifySettings(settings).key);
    case "split":
      return printed((await import("./commands/split.ts")).splitCommand(context(), parseSplitSettings(settings)));
    case "register":
      return printed((await import("./commands/register.ts")).register(context(), parseSettings(settings).data));
    case "sync":
      parseFew(settings, []);
      return (await import("./commands/sync.ts")).syncCommand(subject ?? spoolOf(values), readTarget(values));
    case "demo":
      parseFew(settings, []);
      return (await import("./commands/demo.ts")).demoCommand(context());
    case "backends":
      parseFew(settings, []);
      return (await import("./commands/backends.ts")).backendsCommand();
    default:
      throw new Error(`there is no command ${command}; holdout help lists them`);
  }
}

/** Prints ids as a script reads them, one a line. */
async function printed(ids: Promise<string | string[]>): Promise<number> {
  console.log([await ids].flat().join("\n"));
  return 0;
}

type Tokens = NonNullable<ReturnType<typeof parseArgs>["tokens"]>;

/** Every flag that isn't of the command line itself is a setting: `--optimizer.learningRate 0.1`. */
function readSettings(
  tokens: Tokens,
  configFile: string | undefined,
): { settings: Record<string, unknown>; rest: string[] } {
  const settings = configFile === undefined ? {} : readConfigFile(configFile);
  const rest: string[] = [];
  let waiting: string | null = null;
  for (const token of tokens) {
    if (token.kind === "positional") {
      if (waiting) setPath(settings, waiting, token.value);
      else rest.push(token.value);
      waiting = null;
    } else if (token.kind === "option" && !(token.name in own)) {
      if (waiting) setPath(settings, waiting, "true");
      waiting = null;
      if (token.value === undefined) waiting = token.name;
      else setPath(settings, token.name, token.value);
    }
  }
  if (waiting) setPath(settings, waiting, "true");
  return { settings, rest };
}

type Values = Record<string, string | boolean | (string | boolean)[] | undefined>;

function readTarget(values: Values): CommandContext["target"] {
  const { url, token: found } = findTarget(values);
  const token = found || (values.offline === true ? "none" : ""); // sync brings its own
  if (!token) throw new NoToken(NO_TOKEN);
  return { url, token };
}

const spoolOf = (values: Values): string =>
  path.resolve((values.spool as string | undefined) ?? process.env.HOLDOUT_SPOOL_DIR ?? ".holdout/spool");
