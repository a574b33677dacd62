/** The workspace, its projects, what they declare of their metrics, and the tokens of their machines. */
import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  check,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uuid,
} from "drizzle-orm/pg-core";
import { at, bytea, createdAt } from "./columns.ts";
import { users } from "./people.ts";

/** One row: the identity of this installation and the clock by which runs are lost. */
export const workspace = pgTable(
  "workspace",
  {
    id: integer("id").primaryKey().default(1),
    instance: uuid("instance").notNull(),
    /** The id in the folder of this installation's files (bin/serve/shared/files-id.ts). Null: the next start says which it is. */
    filesId: uuid("files_id"),
    /** Whether a file of a run is downloaded from its bucket by a signed link; else through this server. An admin's choice. */
    linksDownloads: boolean("links_downloads").notNull().default(false),
    /** Since when some server has been up without a gap; silence is counted from here at the earliest. */
    upSince: at("up_since").notNull().defaultNow(),
    /** The last tick of any server. */
    aliveAt: at("alive_at").notNull().defaultNow(),
    /** The newest migration that a server has to bring to work here, by its time in the journal (db/versions.ts); ms. */
    serversSince: bigint("servers_since", { mode: "number" }).notNull().default(0),
    createdAt: createdAt(),
  },
  (table) => [check("workspace_is_one_row", sql`${table.id} = 1`)],
);

export const projects = pgTable("projects", {
  id: uuid("id").primaryKey(),
  /** Made from the first name; stays when the name changes, so that links hold. */
  slug: text("slug").notNull().unique("projects_slug_unique"),
  name: text("name").notNull(),
  description: text("description").notNull().default(""),
  /** Null until somebody chooses it. */
  primaryMetric: text("primary_metric"),
  primarySplit: text("primary_split", { enum: ["train", "validation"] })
    .notNull()
    .default("validation"),
  primaryDirection: text("primary_direction", { enum: ["min", "max"] })
    .notNull()
    .default("max"),
  /** Paths of the config that make no difference between replicates. */
  replicateIgnores: text("replicate_ignores").array().notNull().default(sql`'{}'`),
  /** How the test splits of its manifests may be looked at (`TestMode` in lib/wire); settled by the first look. */
  testMode: text("test_mode", { enum: ["shut", "ladder", "one-bit", "open"] })
    .notNull()
    .default("shut"),
  /** How many looks at a test split need no confirmation. */
  testBudget: integer("test_budget").notNull().default(3),
  /** In the primary metric's unit: a difference below it is practically none. Null: nobody said. */
  smallestDifference: doublePrecision("smallest_difference"),
  /** The manifest whose champion is the project's where nobody names one; registered in it. Null: nobody chose. */
  chosenManifest: text("chosen_manifest"),
  /** Whether reports of it may be shared by links; an admin's to allow. */
  sharesReports: boolean("shares_reports").notNull().default(false),
  /** What names of metrics begin with where they mean a split (`KeyPrefixes` in lib/wire); an admin's to change. */
  keyPrefixes: jsonb("key_prefixes")
    .$type<{ train: string[]; validation: string[] }>()
    .notNull()
    .default({
      train: [],
      validation: ["val_", "val/", "valid_", "valid/", "validation_", "validation/", "eval_", "eval/"],
    }),
  createdAt: createdAt(),
  /** Set while deleted but not purged: undo clears it. */
  deletedAt: at("deleted_at"),
});

/** What a project's members declared about its metrics. An undeclared metric has no 'best'. */
export const metrics = pgTable(
  "metrics",
  {
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id, { onDelete: "cascade" }),
    name: text("name").notNull(),
    direction: text("direction", { enum: ["min", "max", "none"] }).notNull(),
    unit: text("unit").notNull().default(""),
  },
  (table) => [primaryKey({ name: "metrics_pk", columns: [table.projectId, table.name] })],
);

/** Members who may less in a project than in the workspace. Nobody of them is an admin. Written by lib/access. */
export const projectMembers = pgTable(
  "project_members",
  {
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id, { onDelete: "cascade" }),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    /** `none`: the project isn't there for them. */
    role: text("role", { enum: ["none", "viewer", "member"] }).notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ name: "project_members_pk", columns: [table.projectId, table.userId] }),
    // what a session's member is kept from
    index("project_members_of_user").on(table.userId),
  ],
);

/** Tokens of machines. The secret is kept as its SHA-256 alone. */
export const tokens = pgTable(
  "tokens",
  {
    id: uuid("id").primaryKey(),
    /** Null: of all projects, which is what the scope `workspace` means. */
    projectId: uuid("project_id").references(() => projects.id, { onDelete: "cascade" }),
    name: text("name").notNull(),
    /** `run`: the server made it for one run, for an hour. `workspace`: an admin made it for programs that create projects. */
    scope: text("scope", { enum: ["ingest", "read", "evaluate", "submit", "admin", "run", "workspace"] }).notNull(),
    /** The one run that a token of scope `run` logs to; null: of the other scopes. No foreign key: runs are distributed. */
    runId: uuid("run_id"),
    /** From then on it is refused. Null: never. */
    expiresAt: at("expires_at"),
    secretHash: bytea("secret_hash").notNull().unique("tokens_secret_unique"),
    /** The secret's first characters, for people to tell tokens apart. */
    hint: text("hint").notNull(),
    /** The name, at that time, of the member who made it; null: the command line. */
    createdBy: text("created_by"),
    /** The member who answers for it: its maker, or the admin who kept it when its maker left. Null: the command line. */
    ownerId: text("owner_id"),
    createdAt: createdAt(),
    /** Written at most once a minute. Null: never used. */
    usedAt: at("used_at"),
    revokedAt: at("revoked_at"),
  },
  (table) => [
    index("tokens_of_project").on(table.projectId),
    // what a member who is removed or demoted leaves behind
    index("tokens_of_owner").on(table.ownerId).where(sql`${table.revokedAt} is null`),
    // what ends with a run
    index("tokens_of_run").on(table.runId).where(sql`${table.revokedAt} is null and ${table.runId} is not null`),
    check("tokens_of_the_workspace", sql`(${table.scope} = 'workspace') = (${table.projectId} is null)`),
    check(
      "tokens_of_runs_expire",
      sql`(${table.scope} = 'run') = (${table.runId} is not null) and (${table.runId} is null or ${table.expiresAt} is not null)`,
    ),
  ],
);
