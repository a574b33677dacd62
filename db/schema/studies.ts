/** Studies, the trials that wait, run and have run, and the workers that train them. */
import { sql } from "drizzle-orm";
import {
  boolean,
  check,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uuid,
} from "drizzle-orm/pg-core";
import { at, bytea, count, createdAt } from "./columns.ts";
import { projects } from "./projects.ts";

/** One round of tuning. Its plan changes while no trial was asked for; after that its budget, labels and priority alone. */
export const studies = pgTable(
  "studies",
  {
    id: uuid("id").primaryKey(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id, { onDelete: "cascade" }),
    /** From 1, in the order in which a project's studies were made. */
    number: integer("number").notNull(),
    title: text("title").notNull(),
    question: text("question").notNull(),
    stage: text("stage", { enum: ["batch-size", "learning-rate", "optimizer", "model", "other"] }).notNull(),
    mode: text("mode", { enum: ["explore", "exploit", "loop"] }).notNull(),
    /** The study whose choice this one's base was; null: it begins a history. */
    parentId: uuid("parent_id"),
    /** Null: none is chosen yet, and the study can't be opened. */
    manifestId: text("manifest_id"),
    /** The config that each trial begins as, nested JSON. */
    base: jsonb("base").notNull(),
    /** `StudyParameter[]` of lib/wire: what the search chooses, with the role of each. */
    space: jsonb("space").notNull(),
    /** A series of the train or validation split, and which way is better. Whether it may be one is checked with the plan. */
    metric: text("metric").notNull(),
    split: text("split", { enum: ["train", "validation"] }).notNull(),
    direction: text("direction", { enum: ["min", "max"] }).notNull(),
    /** `StudySearch` of lib/wire: method, seed, steps of a grid. */
    search: jsonb("search").notNull(),
    /** `StudyStopping` of lib/wire: when a hopeless trial ends. */
    stopping: jsonb("stopping").notNull(),
    /** Configurations to try, and seeds of each. */
    trialsBudget: integer("trials_budget").notNull(),
    replicates: integer("replicates").notNull().default(1),
    /** Optimizer updates that each trial is trained for; null: its config says it. */
    stepsBudget: count("steps_budget"),
    /** In the objective's unit: a difference below it is practically none. Null: nobody said. */
    smallestDifference: doublePrecision("smallest_difference"),
    /** What a worker must have, and how much memory. */
    labels: text("labels").array().notNull().default(sql`'{}'`),
    memoryGib: doublePrecision("memory_gib"),
    /** Higher first. */
    priority: integer("priority").notNull().default(0),
    status: text("status", { enum: ["draft", "open", "paused", "concluded"] })
      .notNull()
      .default("draft"),
    /** What is expected, and when that was written last: before the first trial it is a hypothesis, after it a note. */
    hypothesis: text("hypothesis").notNull().default(""),
    hypothesisAt: at("hypothesis_at"),
    /** What came of it: locked once a review approved it. */
    conclusion: text("conclusion").notNull().default(""),
    decision: text("decision", { enum: ["adopt", "adopt-with-note", "reject"] }),
    /** The trial whose config becomes the base of the next study; null: the base stays. */
    chosenTrialId: uuid("chosen_trial_id"),
    /** Of a loop the run of the incumbent, whose config without its seeds becomes that base. At most one of the two is there. */
    chosenRunId: uuid("chosen_run_id"),
    concludedBy: text("concluded_by"),
    concludedAt: at("concluded_at"),
    approvedAt: at("approved_at"),
    createdBy: text("created_by").notNull(),
    /** `member:ID` or `token:ID`. */
    createdByActor: text("created_by_actor").notNull(),
    createdAt: createdAt(),
    openedAt: at("opened_at"),
  },
  (table) => [
    unique("studies_one_a_number").on(table.projectId, table.number),
    // studies that may be asked for a trial
    index("studies_open").on(table.projectId, table.priority.desc(), table.id).where(sql`${table.status} = 'open'`),
    // the studies that went on from one
    index("studies_of_parent").on(table.parentId).where(sql`${table.parentId} is not null`),
    check("studies_one_choice", sql`${table.chosenTrialId} is null or ${table.chosenRunId} is null`),
    check("studies_budget_from_one", sql`${table.trialsBudget} >= 1 and ${table.replicates} >= 1`),
  ],
);

/** A training process that polls for trials. */
export const workers = pgTable(
  "workers",
  {
    id: uuid("id").primaryKey(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id, { onDelete: "cascade" }),
    name: text("name").notNull(),
    labels: text("labels").array().notNull().default(sql`'{}'`),
    memoryGib: doublePrecision("memory_gib"),
    /** It ends what it has, and takes nothing more. */
    isDraining: boolean("is_draining").notNull().default(false),
    createdBy: text("created_by").notNull(),
    createdAt: createdAt(),
    seenAt: at("seen_at").notNull().defaultNow(),
  },
  (table) => [index("workers_of_project").on(table.projectId, table.seenAt.desc())],
);

/** One configuration with one seed, of a study or by itself, and the run that it makes. What is left when its run is purged. */
export const trials = pgTable(
  "trials",
  {
    /** UUIDv7: the order in which they were asked for. */
    id: uuid("id").primaryKey(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id, { onDelete: "cascade" }),
    /** Null: a run that was queued by itself. */
    studyId: uuid("study_id").references(() => studies.id, { onDelete: "cascade" }),
    /** The configuration's in its study, from 1; replicates have the same. Null of a run by itself. */
    number: integer("number"),
    /** From 0: which seed of the configuration. */
    replicate: integer("replicate").notNull().default(0),
    /** The run that it makes: made with it, and maybe purged by now. */
    runId: uuid("run_id").notNull().unique("trials_one_a_run"),
    /** `Assignment` of lib/search; null of a run by itself. */
    values: jsonb("values"),
    /** `search`: asked of the study's search. `hand`: somebody gave its values. `copy`: a run's config, edited. `replicate`: another seed. */
    origin: text("origin", { enum: ["search", "hand", "copy", "replicate"] }).notNull(),
    labels: text("labels").array().notNull().default(sql`'{}'`),
    memoryGib: doublePrecision("memory_gib"),
    priority: integer("priority").notNull().default(0),
    /** `stopped`: it ended early, by a person or a rule, with what it reached. `cancelled`: it never began. */
    status: text("status", { enum: ["queued", "running", "finished", "failed", "stopped", "cancelled"] })
      .notNull()
      .default("queued"),
    /** What its worker is told when it renews its lease. */
    signal: text("signal", { enum: ["none", "pause", "stop"] })
      .notNull()
      .default("none"),
    /** It waits, but isn't taken. */
    isHeld: boolean("is_held").notNull().default(false),
    workerId: uuid("worker_id"),
    /** Of the claim that holds it: who lost it can't renew or end it. Null: nobody holds it. */
    lease: uuid("lease"),
    leaseUntil: at("lease_until"),
    claims: integer("claims").notNull().default(0),
    /** The objective's value that a program told, where it logs no points; null: the run's series has it. */
    told: doublePrecision("told"),
    /** Why it counts as infeasible: crashed, diverged, refused; null unless it does. */
    infeasible: text("infeasible"),
    /** Which rule or member ended it early. */
    stoppedBy: text("stopped_by"),
    createdBy: text("created_by").notNull(),
    createdAt: createdAt(),
    claimedAt: at("claimed_at"),
    endedAt: at("ended_at"),
  },
  (table) => [
    unique("trials_one_a_place").on(table.studyId, table.number, table.replicate),
    // the next to take
    index("trials_waiting")
      .on(table.projectId, table.priority.desc(), table.id)
      .where(sql`status = 'queued' and not is_held`),
    // those whose worker may have died
    index("trials_held").on(table.leaseUntil).where(sql`status = 'running'`),
    // the queue's page, the newest first
    index("trials_of_project").on(table.projectId, table.id.desc()),
  ],
);

/** How a loop rules (RIGOUR 4.11): set before the first look at a candidate. Final. */
export const loops = pgTable("loops", {
  studyId: uuid("study_id").primaryKey(),
  projectId: uuid("project_id").notNull(),
  /** `LoopRule` of lib/wire. */
  rule: jsonb("rule").notNull(),
  /** SHA-256 of the recipe that it begins with, hexadecimal, and a run of it. */
  firstRecipe: text("first_recipe").notNull(),
  firstRunId: uuid("first_run_id").notNull(),
  startedBy: text("started_by").notNull(),
  startedAt: at("started_at").notNull().defaultNow(),
});

/** A run that was handed in, with what it counted as then. Final: a value that moves later changes no ruling. */
export const loopRuns = pgTable(
  "loop_runs",
  {
    studyId: uuid("study_id").notNull(),
    runId: uuid("run_id").notNull(),
    projectId: uuid("project_id").notNull(),
    /** From 1, in the order in which a loop's runs were handed in. */
    number: integer("number").notNull(),
    recipe: text("recipe").notNull(),
    /** The run's seed in words; of a run without one its id. */
    seed: text("seed").notNull(),
    /** Null: it crashed or diverged. */
    value: doublePrecision("value"),
  },
  (table) => [
    primaryKey({ name: "loop_runs_pk", columns: [table.studyId, table.runId] }),
    unique("loop_runs_one_a_number").on(table.studyId, table.number),
    // runs of a recipe
    index("loop_runs_of_recipe").on(table.studyId, table.recipe, table.number),
  ],
);

/** What the referee said of a candidate, with the figures that it saw. Final. */
export const rulings = pgTable(
  "rulings",
  {
    id: uuid("id").primaryKey(),
    studyId: uuid("study_id").notNull(),
    projectId: uuid("project_id").notNull(),
    /** From 1, in the order of a loop's rulings. */
    number: integer("number").notNull(),
    /** SHA-256 of the candidate's recipe, hexadecimal. */
    recipe: text("recipe").notNull(),
    runId: uuid("run_id").notNull(),
    ruling: text("ruling", { enum: ["keep", "discard", "run-again", "refused"] }).notNull(),
    reason: text("reason").notNull(),
    /** `RulingFigures` of lib/wire. */
    figures: jsonb("figures").notNull(),
    /** The loop after it, without what was judged, which these rows say. */
    after: jsonb("after").notNull(),
    askedBy: text("asked_by").notNull(),
    /** `member:ID` or `token:ID`. */
    askedByActor: text("asked_by_actor").notNull(),
    ruledAt: at("ruled_at").notNull().defaultNow(),
  },
  (table) => [
    unique("rulings_one_a_number").on(table.studyId, table.number),
    // what was ruled of a recipe
    index("rulings_of_recipe").on(table.studyId, table.recipe, table.number.desc()),
  ],
);

/** A run that a ruling asked for, and that was queued for it: while it is to be handed in nobody queues another in its place. */
export const loopRequests = pgTable(
  "loop_requests",
  {
    studyId: uuid("study_id").notNull(),
    runId: uuid("run_id").notNull(),
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id, { onDelete: "cascade" }),
    /** The ruling's number in its loop. */
    ruling: integer("ruling").notNull(),
    /** SHA-256 of the recipe that it is to be a run of, hexadecimal, and its seed. */
    recipe: text("recipe").notNull(),
    seed: count("seed").notNull(),
    /** The candidate's number, of one that was handed in as a config; null: somebody asked for the runs of a ruling. */
    candidate: integer("candidate"),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ name: "loop_requests_pk", columns: [table.studyId, table.runId] }),
    // runs that were made for a candidate
    index("loop_requests_of_candidate").on(table.studyId, table.candidate).where(sql`candidate is not null`),
  ],
);

/** A candidate that was handed in as a config: workers train it, and who handed it in learns one bit. Final. */
export const loopCandidates = pgTable(
  "loop_candidates",
  {
    studyId: uuid("study_id").notNull(),
    /** From 1, in the order in which a loop's were handed in: they are ruled on in it. */
    number: integer("number").notNull(),
    id: uuid("id").notNull(),
    projectId: uuid("project_id").notNull(),
    config: jsonb("config").notNull(),
    /** SHA-256 of the config without its seeds, hexadecimal: the same handed in again is this one. */
    digest: text("digest").notNull(),
    /** By a token of scope submit, which learns nothing else. */
    isBlind: boolean("is_blind").notNull(),
    handedBy: text("handed_by").notNull(),
    /** `member:ID` or `token:ID`. */
    handedByActor: text("handed_by_actor").notNull(),
    handedAt: at("handed_at").notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ name: "loop_candidates_pk", columns: [table.studyId, table.number] }),
    unique("loop_candidates_once").on(table.studyId, table.handedByActor, table.digest),
  ],
);

/** What came of such a candidate. Final: who handed it in is told its ruling, from `shownAt` on, and nothing more. */
export const loopAnswers = pgTable(
  "loop_answers",
  {
    studyId: uuid("study_id").notNull(),
    /** The candidate's. */
    number: integer("number").notNull(),
    projectId: uuid("project_id").notNull(),
    ruling: text("ruling", { enum: ["keep", "discard"] }).notNull(),
    /** A ruling's reason, or `concluded`, `not-run`, `no-value`: no ruling could be made. */
    reason: text("reason").notNull(),
    /** It was decided after the time at which it was to be told, so that its lateness tells how far it came. */
    isLate: boolean("is_late").notNull(),
    answeredAt: at("answered_at").notNull().defaultNow(),
    shownAt: at("shown_at").notNull(),
  },
  (table) => [primaryKey({ name: "loop_answers_pk", columns: [table.studyId, table.number] })],
);

/** How a run did on its manifest's referee split: for rulings alone, and in no answer. Final. */
export const refereeScores = pgTable("referee_scores", {
  runId: uuid("run_id").primaryKey(),
  projectId: uuid("project_id").notNull(),
  manifestId: text("manifest_id").notNull(),
  /** One float64 an independent unit, little-endian, higher better: their mean is the run's value. */
  scores: bytea("scores").notNull(),
  /** SHA-256 of the predictions, so that the same sent again is known as such. */
  hash: bytea("hash").notNull(),
  postedBy: text("posted_by").notNull(),
  postedAt: at("posted_at").notNull().defaultNow(),
});
