/** Champions: the rules that a best run is chosen by, the claims that call a run the best, and what members say of them. */
import { sql } from "drizzle-orm";
import {
  boolean,
  check,
  doublePrecision,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  unique,
  uuid,
} from "drizzle-orm/pg-core";
import { at, count } from "./columns.ts";
import { manifestRegistrations } from "./manifests.ts";

const ofManifest = (name: string, table: { projectId: never; manifestId: never }) =>
  foreignKey({
    name,
    columns: [table.projectId, table.manifestId],
    foreignColumns: [manifestRegistrations.projectId, manifestRegistrations.manifestId],
  });

/** By what the best run of a manifest is chosen. Final: another rule is another row. */
export const championRules = pgTable(
  "champion_rules",
  {
    id: uuid("id").primaryKey(),
    projectId: uuid("project_id").notNull(),
    manifestId: text("manifest_id").notNull(),
    /** A metric of the reports (`metricNames` in lib/wire). */
    metric: text("metric").notNull(),
    split: text("split", { enum: ["validation", "test"] }).notNull(),
    direction: text("direction", { enum: ["min", "max"] }).notNull(),
    /** Seeds that a candidate's recipe is trained with; empty: any. */
    seeds: jsonb("seeds").$type<number[]>().notNull(),
    /** By how much a champion has to be better than the one before, in the metric's unit. */
    margin: doublePrecision("margin").notNull(),
    /** By name, and `member:ID`, at that time. */
    writtenBy: text("written_by").notNull(),
    writtenByActor: text("written_by_actor").notNull(),
    writtenAt: at("written_at").notNull().defaultNow(),
  },
  (table) => [
    ofManifest("champion_rules_of_manifest", table as never),
    // the rules of a manifest, the newest first
    index("champion_rules_by_manifest").on(table.projectId, table.manifestId, table.id.desc()),
    check("champion_rules_margin_from_zero", sql`${table.margin} >= 0`),
  ],
);

/** That a run is the best on a manifest, with the evidence by its ids: the numbers stand in the reports. Final. */
export const claims = pgTable(
  "claims",
  {
    id: uuid("id").primaryKey(),
    projectId: uuid("project_id").notNull(),
    manifestId: text("manifest_id").notNull(),
    /** From 1, in the order in which a manifest's claims were made: of two made at once, one is refused. */
    number: integer("number").notNull(),
    runId: uuid("run_id").notNull(),
    checkpointId: uuid("checkpoint_id").notNull(),
    checkpointPath: text("checkpoint_path").notNull(),
    checkpointSha256: text("checkpoint_sha256").notNull(),
    step: count("step").notNull(),
    ruleId: uuid("rule_id")
      .notNull()
      .references(() => championRules.id),
    /** Evaluations of the run; the first is on the rule's split. */
    evidence: jsonb("evidence").$type<string[]>().notNull(),
    /** The claim of the champion that was there; null: there was none. */
    replacedId: uuid("replaced_id"),
    /** The evaluation of the replaced champion on the same samples; null: there is none, or nothing was replaced. */
    comparedWith: uuid("compared_with"),
    /**
     * `first`: nothing was replaced. `renewed`: the champion's own weights again. `better`: the paired comparison reaches the
     * rule's margin. `unproven`: it doesn't, or couldn't be made, and the reason says why the run is the best all the same.
     */
    standing: text("standing", { enum: ["first", "better", "unproven", "renewed"] }).notNull(),
    /** Whether the rule was written before the first look at a candidate, by the ledger's times. */
    written: text("written", { enum: ["pre-registered", "afterwards"] }).notNull(),
    /** Runs whose numbers on the rule's split were seen before the claim, this one included: what it is the best of. */
    candidates: integer("candidates").notNull(),
    reason: text("reason").notNull(),
    claimedBy: text("claimed_by").notNull(),
    claimedByActor: text("claimed_by_actor").notNull(),
    claimedAt: at("claimed_at").notNull().defaultNow(),
  },
  (table) => [
    unique("claims_one_a_number").on(table.projectId, table.manifestId, table.number),
    ofManifest("claims_of_manifest", table as never),
    // the claims of a run
    index("claims_of_run").on(table.runId),
  ],
);

const ofClaim = () =>
  uuid("claim_id")
    .notNull()
    .references(() => claims.id);

/** Another member's yes or no to a claim, final; of each member the newest holds. */
export const signOffs = pgTable(
  "sign_offs",
  {
    id: uuid("id").primaryKey(),
    claimId: ofClaim(),
    approves: boolean("approves").notNull(),
    /** Why; empty only where it approves. */
    word: text("word").notNull(),
    signedBy: text("signed_by").notNull(),
    signedByActor: text("signed_by_actor").notNull(),
    signedAt: at("signed_at").notNull().defaultNow(),
  },
  (table) => [
    index("sign_offs_of_claim").on(table.claimId),
    check("sign_offs_refusal_has_word", sql`${table.approves} or ${table.word} <> ''`),
  ],
);

/** What somebody wrote on a claim. Final. */
export const claimWords = pgTable(
  "claim_words",
  {
    id: uuid("id").primaryKey(),
    claimId: ofClaim(),
    word: text("word").notNull(),
    writtenBy: text("written_by").notNull(),
    writtenAt: at("written_at").notNull().defaultNow(),
  },
  (table) => [index("claim_words_of_claim").on(table.claimId)],
);

/** Where a name such as `production` points, from a move on; the newest move of a name holds. Final. */
export const aliasMoves = pgTable(
  "alias_moves",
  {
    id: uuid("id").primaryKey(),
    projectId: uuid("project_id").notNull(),
    manifestId: text("manifest_id").notNull(),
    alias: text("alias").notNull(),
    /** Null: from here on it points nowhere. */
    claimId: uuid("claim_id").references(() => claims.id),
    reason: text("reason").notNull(),
    movedBy: text("moved_by").notNull(),
    movedAt: at("moved_at").notNull().defaultNow(),
  },
  (table) => [
    ofManifest("alias_moves_of_manifest", table as never),
    // where an alias points, and its moves
    index("alias_moves_by_alias").on(table.projectId, table.manifestId, table.alias, table.id.desc()),
  ],
);

/** Every public key that certificates were signed with. Final: what an old one signed can still be checked. */
export const signingKeys = pgTable("signing_keys", {
  /** SHA-256 of the key's 32 bytes, hexadecimal. */
  id: text("id").primaryKey(),
  /** The 32 bytes in base64url. */
  publicKey: text("public_key").notNull(),
  firstUsedAt: at("first_used_at").notNull().defaultNow(),
});
