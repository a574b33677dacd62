/** Tools by which an agent's own training is logged and evaluated. The test split has none of them: it is opened by a member. */
import { z } from "zod";
import { configSchema } from "../base/config.ts";
import { artifactPathSchema, label, longText, metricNameSchema } from "../base/text.ts";
import { failureReasons, floatSchema, sha256, stepSchema, uuid } from "../base/words.ts";
import { evaluationTasks, predictionForms } from "../evaluations/evaluations.ts";
import { predictionsSchema } from "../evaluations/predictions.ts";
import { metricDeclarationSchema } from "../projects.ts";
import { writerSchema } from "../runs.ts";
import { evaluation, project, run } from "./fields.ts";
import { type Api, changing, type Tool } from "./tool.ts";

/** Most points of one call: a longer curve is a program's to log. */
const POINTS_MAX = 1_000;
const FILE_TEXT_MAX = 1_000_000;

/** A test number isn't logged: the server would keep it in quarantine, and count a look. */
const loggedSplit = z
  .enum(["train", "validation"], "train or validation, or none; a test number is measured by an evaluation alone")
  .nullable();

const runsStart = z.object({
  project,
  id: z.uuidv7().optional().describe("made by the caller, so that the same may be sent again"),
  name: label(200).optional(),
  config: configSchema.default({}).describe("every hyperparameter, nested; fixed from now on"),
  seed: z.int().nullable().default(null),
  manifest: sha256.nullable().default(null).describe("id of the split manifest whose samples it trains on"),
  notes: longText.default(""),
  metrics: z.array(metricDeclarationSchema).max(1000).default([]).describe("which direction of a metric is better"),
});

const runsLog = z.object({
  run,
  split: loggedSplit.default(null).describe("what was measured on; none for a learning rate and its like"),
  points: z
    .array(z.object({ step: stepSchema, values: z.record(metricNameSchema, floatSchema) }))
    .min(1)
    .max(POINTS_MAX)
    .describe("of each step the values by the metrics' names; the same call again stores nothing twice"),
});

async function logPoints(api: Api, { run, split, points }: z.output<typeof runsLog>): Promise<unknown> {
  // the same points are of the same writer: a call that is made again finds them stored
  const writer = await uuidOf(JSON.stringify([run, split, points]));
  const { sequenceStored } = writerSchema.parse(
    await api({ route: "createWriter", params: { run }, body: { writer, mode: "join" } }),
  );
  if (sequenceStored > 0) return { stored: false, duplicate: true, points: 0, quarantined: [] };
  const time = Date.now();
  const groups = points.map(({ step, values }) => ({
    split,
    steps: [step],
    times: [time],
    metrics: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value]])),
  }));
  return api({ route: "appendMetrics", params: { run }, body: { writer, sequence: 1, groups } });
}

/** A UUID (version 8) of the text's SHA-256. */
async function uuidOf(text: string): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  hash[6] = (hash[6]! & 0x0f) | 0x80;
  hash[8] = (hash[8]! & 0x3f) | 0x80;
  const hex = Array.from(hash.subarray(0, 16), (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

const evaluationsOpen = z.object({
  run,
  checkpoint: uuid.nullable().default(null).describe("null: the one at the step that was best in validation"),
  task: z.enum(evaluationTasks),
  form: z.enum(predictionForms).describe("class, scores (of all classes), value or mask"),
  classes: z.array(label(300)).min(1).max(10_000).nullable().default(null).describe("labels, in the order of scores"),
  scoresAre: z.enum(["probabilities", "logits"]).nullable().default(null),
});

const { sequence, keys, classes, scores, values } = predictionsSchema.shape;

export const logTools = {
  metrics_declare: changing({
    summary:
      "Declare metrics of the project: which direction is better, and the unit. Those not named stay as they are",
    input: z.object({ project: project.unwrap(), metrics: z.array(metricDeclarationSchema).min(1).max(1000) }),
    positional: ["project"],
    example: `metrics declare street-signs --metrics '[{"name": "loss", "direction": "min"}]'`,
    calls: ["declareMetrics"],
    repeatable: true,
    run: (api, { project, metrics }) => api({ route: "declareMetrics", params: { project }, body: { metrics } }),
  }),
  runs_start: changing({
    summary: "Start a run that is logged by hand: its config and seed are fixed from now on",
    input: runsStart,
    example: `runs start --name "cnn, wider" --config '{"filters": 16}' --seed 7`,
    calls: ["createRun", "createWriter"],
    repeatable: false,
    run: async (api, input) => {
      const created = z
        .object({ id: uuid })
        .loose()
        .parse(await api({ route: "createRun", body: input }));
      const body = { writer: await uuidOf(`start ${created.id}`), mode: "start" };
      await api({ route: "createWriter", params: { run: created.id }, body });
      return created;
    },
  }),
  runs_log: changing({
    summary: "Log points to a run that was started: measured values by step, on train or validation",
    input: runsLog,
    positional: ["run"],
    example: `runs log RUN --split validation --points '[{"step": 100, "values": {"accuracy": 0.91}}]'`,
    calls: ["createWriter", "appendMetrics"],
    repeatable: true,
    run: logPoints,
  }),
  runs_finish: changing({
    summary: "End a run: finished, failed with a reason, or killed",
    input: z.object({
      run,
      status: z.enum(["finished", "failed", "killed"]).default("finished"),
      reason: z.enum(failureReasons).default("other").describe("of a failed run"),
      message: longText.default("").describe("of a failed run: what happened"),
    }),
    positional: ["run"],
    example: "runs finish RUN",
    calls: ["finishRun"],
    repeatable: true,
    run: (api, { run, status, reason, message }) => {
      const failure = status === "failed" ? { reason, message } : null;
      return api({ route: "finishRun", params: { run }, body: { status, failure } });
    },
  }),
  runs_tag: changing({
    summary: "Put tags on a run, or take them off",
    input: z.object({
      run,
      add: z.array(label(100)).max(50).default([]),
      remove: z.array(label(100)).max(50).default([]),
    }),
    positional: ["run", "add"],
    scopes: ["admin"],
    example: "runs tag RUN baseline --remove draft",
    calls: ["tagRun"],
    repeatable: true,
    run: (api, { run, ...body }) => api({ route: "tagRun", params: { run }, body }),
  }),
  files_put: changing({
    summary: "Store a file of a run, of at most a million characters",
    input: z.object({
      run,
      path: artifactPathSchema,
      text: z.string().max(FILE_TEXT_MAX).describe("its content, or that in Base64"),
      encoding: z.enum(["utf-8", "base64"]).default("utf-8"),
    }),
    positional: ["run", "path"],
    example: `files put RUN notes.txt --text "it learns"`,
    calls: ["putArtifact"],
    repeatable: true,
    run: (api, { run, path, text, encoding }) => {
      const bytes =
        encoding === "utf-8" ? new TextEncoder().encode(text) : Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
      return api({ route: "putArtifact", params: { run, path }, bytes });
    },
  }),
  checkpoints_add: changing({
    summary: "Declare a stored file as the run's weights at a step, with what was measured there on validation",
    input: z.object({
      run,
      path: artifactPathSchema,
      step: stepSchema,
      epoch: z.number().min(0).default(0),
      values: z.record(metricNameSchema, floatSchema).default({}).describe("SPLIT/METRIC: the value at that step"),
    }),
    positional: ["run", "path"],
    example: "checkpoints add RUN best.safetensors --step 900",
    calls: ["createCheckpoint"],
    repeatable: true,
    run: (api, { run, ...body }) => api({ route: "createCheckpoint", params: { run }, body }),
  }),
  evaluations_open: changing({
    summary:
      "Open the validation split for the predictions of a checkpoint; the server knows the labels and makes the report",
    input: evaluationsOpen,
    positional: ["run"],
    example: `evaluations open RUN --task classification --form class --classes cat --classes dog`,
    calls: ["createEvaluation"],
    repeatable: false,
    run: (api, { run, ...body }) =>
      api({ route: "createEvaluation", params: { run }, body: { ...body, split: "validation" } }),
  }),
  evaluations_predict: changing({
    summary: "Send a batch of predictions: keys of samples, and as many classes, values, or columns of scores",
    input: z.object({ run, evaluation, sequence, keys, classes, scores, values }),
    positional: ["run", "evaluation"],
    example: `evaluations predict RUN EVALUATION --sequence 1 --keys '["img/1"]' --classes '["cat"]'`,
    calls: ["appendPredictions"],
    repeatable: true,
    run: (api, { run, evaluation, ...body }) => api({ route: "appendPredictions", params: { run, evaluation }, body }),
  }),
  evaluations_complete: changing({
    summary: "Say that all predictions came; the report is computed from then on",
    input: z.object({ run, evaluation }),
    positional: ["run", "evaluation"],
    example: "evaluations complete RUN EVALUATION",
    calls: ["completeEvaluation"],
    repeatable: true,
    run: (api, { run, evaluation }) => api({ route: "completeEvaluation", params: { run, evaluation } }),
  }),
} as const satisfies Record<string, Tool>;
