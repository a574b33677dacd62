/** Tools of studies and loops: what is tuned, what waits, and the referee. */
import { z } from "zod";
import { configSchema } from "../base/config.ts";
import { uuid } from "../base/words.ts";
import { RUNS_MAX } from "../studies/loops.ts";
import { trialStatuses } from "../studies/trials.ts";
import { project, runs, study } from "./fields.ts";
import { changing, reading, readingProject, type Tool } from "./tool.ts";

export const loopTools = {
  studies_list: readingProject({
    summary: "Studies of a project: what each asks, searches and concluded",
    input: z.object({ project }),
    example: "studies list",
    shown: { list: "studies", fields: ["number", "id", "title", "mode", "status", "decision"] },
    route: "listStudies",
    call: (_, slug) => ({ params: { project: slug } }),
  }),
  studies_show: reading({
    summary: "One study: its question, space, objective, budget and conclusion",
    input: z.object({ study }),
    positional: ["study"],
    example: "studies show STUDY",
    route: "getStudy",
    call: ({ study }) => ({ params: { study } }),
  }),
  studies_loop: reading({
    summary:
      "A loop: its incumbent, its noise floor, what is left of its error budget, and every ruling with its reason",
    input: z.object({ study }),
    positional: ["study"],
    example: "studies loop STUDY",
    shown: { list: "rulings", fields: ["number", "ruling", "reason", "run", "askedBy", "ruledAt"] },
    route: "getLoop",
    call: ({ study }) => ({ params: { study } }),
  }),
  trials_list: readingProject({
    summary: "The queue: trials that wait, run and have run, the newest first",
    input: z.object({
      project,
      status: z.array(z.enum(trialStatuses)).optional(),
      study: study.optional(),
      after: z.string().max(1000).optional().describe("`next` of the answer before"),
    }),
    example: "trials list --status queued --status running",
    shown: { list: "trials", fields: ["id", "status", "run.id", "run.name", "value"] },
    route: "listTrials",
    call: ({ project: _, ...query }, slug) => ({ params: { project: slug }, query }),
  }),
  referee: changing({
    summary:
      "Hand a loop's candidate in by its runs: keep, discard, or run again. Obey it: a first run that looks better proves nothing",
    input: z.object({ study, runs: runs.min(1).max(RUNS_MAX) }),
    example: "referee RUN --study STUDY --wait",
    calls: ["ruleOnCandidate"],
    repeatable: false,
    onlyMcp: true,
    run: (api, { study, runs }) => api({ route: "ruleOnCandidate", params: { study }, body: { runs } }),
  }),
  referee_ask: changing({
    summary:
      "Before a config is trained: whether it was judged already, or is the incumbent's. Nothing is written down",
    input: z.object({
      study,
      config: configSchema.describe("the config that would be trained"),
      likeRun: uuid.describe("a run of the same code and manifest"),
    }),
    example: `referee --study STUDY --ask '{"learningRate": 0.01}' --like RUN`,
    calls: ["ruleOnCandidate"],
    repeatable: true,
    onlyMcp: true,
    run: (api, { study, ...ask }) => api({ route: "ruleOnCandidate", params: { study }, body: { ask } }),
  }),
  referee_queue: changing({
    summary: "Queue the runs that a ruling 'run again' asks for, by its number; called again it says how far they are",
    input: z.object({ study, ruling: z.int().min(1).describe("number of the ruling") }),
    example: "referee RUN --study STUDY --queue",
    calls: ["queueAskedRuns"],
    repeatable: true,
    onlyMcp: true,
    run: (api, { study, ruling }) =>
      api({ route: "queueAskedRuns", params: { study, ruling: String(ruling) }, body: {} }),
  }),
  candidates_submit: changing({
    summary: "Hand a candidate in as a config that others train: pending, and once its time has come keep or discard",
    input: z.object({ study, config: configSchema.describe("the whole config; its seeds are the referee's") }),
    positional: ["study"],
    scopes: ["ingest", "evaluate", "submit", "admin"],
    example: `candidates submit STUDY --config '{"learningRate": 0.01}'`,
    calls: ["submitCandidate"],
    repeatable: true,
    run: (api, { study, config }) => api({ route: "submitCandidate", params: { study }, body: { config } }),
  }),
} as const satisfies Record<string, Tool>;
