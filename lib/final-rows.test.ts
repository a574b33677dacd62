import { randomBytes } from "node:crypto";
import { v7 as uuidv7 } from "uuid";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connect } from "../db/connection.ts";
import { systemActor } from "./access/actor.ts";
import { newChampion } from "./champions/test-champion.ts";
import { judgePairs } from "./checks/near/near-pairs.ts";
import { overrideManifest } from "./checks/report.ts";
import { check, clean, pairsOf } from "./datasets/test-samples.ts";
import { confirmLook } from "./evaluations/ledger.ts";
import { newReleased } from "./evaluations/test-evaluation.ts";
import { newRecords } from "./exports/test-records.ts";
import { newRuled } from "./loops/test-loop.ts";
import { newManifest } from "./manifests/test-manifest.ts";
import { appendBatch } from "./metrics/append.ts";
import { newDecided } from "./reviews/test-review.ts";
import { seededRandom } from "./statistics/resampling/random.ts";
import { batchOf, newProject, newRun, prepareWorkspace } from "./test-workspace.ts";

const workspace = prepareWorkspace();
type Sql = ReturnType<typeof connect>;
const roles: { app: Sql; owner: Sql } = {} as never;

beforeAll(async () => {
  roles.app = connect(workspace.database().appUrl, { max: 1 });
  roles.owner = connect(workspace.database().ownerUrl, { max: 1 });
  const project = await newProject();
  const manifest = await newManifest(project);
  const { run, writer } = await newRun(project, { manifest: manifest.id });
  await appendBatch(systemActor, run.id, batchOf(writer, 1, "test", [0], { accuracy: [0.5] }));
  await fillManifestTables();
  await confirmLook(systemActor, project.id, manifest.id, { reason: "the labels were mended" });
  await newChampion(project);
  await newReleased();
  await newDecided(project.id, run.id);
  await newRuled(project);
  await newRecords(project.id, run.id);
  await roles.app`insert into tombstones (id, kind, project_id, name, purged_by)
    values (${uuidv7()}, 'run', ${project.id}, 'gone', 'somebody')`;
});
/** A manifest that is blocked and overridden, with near duplicates that a person judged. */
async function fillManifestTables(): Promise<void> {
  const noise = seededRandom(1);
  const picture = Uint8Array.from({ length: 32 * 32 }, () => Math.floor(noise() * 250));
  const rows = clean(40).map((row, at) => {
    if (at === 2 || at === 18) return { ...row, thumbnail: picture.map((value) => value + (at % 3)) };
    return at === 1 || at === 17 ? { ...row, content: "a copy", label: "1" } : row;
  });
  const { project, manifest } = await check(rows);
  await overrideManifest(systemActor, project.id, manifest.id, { reason: "its copies are known" });
  const [pair] = await pairsOf(project, manifest.id);
  await judgePairs(systemActor, project.id, manifest.id, { pairs: [[pair!.aKey, pair!.bKey]], same: true });
}

afterAll(async () => {
  await roles.app.end();
  await roles.owner.end();
});

const finalTables = [
  ...["dataset_samples", "manifests", "manifest_samples", "manifest_registrations", "manifest_reports"],
  ...["manifest_overrides", "near_pairs", "pair_judgements", "looks", "tombstones", "audit"],
  ...[
    "evaluations",
    "evaluation_predictions",
    "evaluation_reports",
    "label_marks",
    "evaluation_releases",
    "look_confirmations",
  ],
  ...["champion_rules", "claims", "sign_offs", "claim_words", "alias_moves", "signing_keys"],
  ...["review_decisions", "comment_edits", "loops", "loop_runs", "rulings", "loop_candidates", "loop_answers"],
  ...["referee_splits", "referee_scores", "imported_records"],
];
const columns: Record<string, string> = {
  dataset_samples: "label = 'other'",
  manifest_reports: "verdict = 'pass'",
  manifest_overrides: "reason = 'none'",
  near_pairs: "similarity = 1",
  pair_judgements: "same = false",
  manifests: "test_count = 0",
  manifest_samples: "split = 'train'",
  manifest_registrations: "notes = 'other'",
  looks: "reason = 'none'",
  tombstones: "name = 'other'",
  audit: "action = 'nothing'",
  evaluations: "reason = 'other'",
  evaluation_predictions: "completed_at = now()",
  evaluation_reports: "digest = 'other'",
  label_marks: "is_wrong = false",
  evaluation_releases: "better = false",
  look_confirmations: "reason = 'none'",
  champion_rules: "margin = 0",
  claims: "reason = 'other'",
  sign_offs: "approves = false",
  claim_words: "word = 'other'",
  alias_moves: "alias = 'other'",
  signing_keys: "public_key = 'other'",
  review_decisions: "approves = false",
  comment_edits: "text = 'other'",
  loops: "rule = '{}'",
  loop_runs: "value = 1",
  rulings: "ruling = 'keep'",
  loop_candidates: "is_blind = true",
  loop_answers: "ruling = 'keep'",
  referee_splits: "share = 1",
  referee_scores: "posted_by = 'other'",
  imported_records: "body = '{}'",
};

for (const role of ["app", "owner"] as const)
  test.each(finalTables)(`raw SQL as the ${role}'s role can't change, delete or truncate %s`, async (table) => {
    const sql = roles[role];
    const [before] = await sql`select count(*)::int as rows from ${sql(table)}`;
    expect(before?.rows).toBeGreaterThan(0);
    for (const statement of [
      `update ${table} set ${columns[table]}`,
      `delete from ${table}`,
      `truncate ${table} cascade`,
    ])
      await expect(sql.unsafe(statement)).rejects.toMatchObject({ code: "42501" });
    expect((await sql`select count(*)::int as rows from ${sql(table)}`)[0]).toEqual(before);
  });

test("raw SQL as the app's role can't drop or disable what guards final rows", async () => {
  for (const statement of [
    "alter table audit disable trigger all",
    "drop trigger rows_are_final on audit",
    "drop table looks",
    "create table mine (a int)",
    "alter function refuse_change() rename to other",
    "set session_replication_role = replica",
  ])
    await expect(roles.app.unsafe(statement)).rejects.toMatchObject({ code: "42501" });
});

test("the setting by which a purge is known opens nothing to the app's role", async () => {
  await roles.app.begin(async (tx) => {
    await tx`select set_config('holdout.purge', 'on', true)`;
    await expect(tx.savepoint((inner) => inner`delete from manifests`)).rejects.toMatchObject({ code: "42501" });
  });
});

test("raw SQL as the app's role adds no sample to a manifest that is made, nor to a dataset that is complete", async () => {
  const late = roles.app`insert into manifest_samples (manifest_number, key, split, content_hash)
    select number, 'late', 'train', ${randomBytes(32)} from manifests limit 1`;
  await expect(late).rejects.toMatchObject({ code: "42501" });
  const later = roles.app`insert into dataset_samples (dataset_number, key, content_hash, sealed)
    select number, 'late', ${randomBytes(32)}, false from datasets where completed_at is not null limit 1`;
  await expect(later).rejects.toMatchObject({ code: "42501" });
  await expect(roles.app`update datasets set completed_at = null`).rejects.toMatchObject({ code: "42501" });
});

test("a sample stands in one split of a manifest: a second row is refused by the primary key", async () => {
  const again = roles.app`insert into manifest_samples (manifest_number, key, split, content_hash)
    select manifest_number, key, 'test', ${randomBytes(32)} from manifest_samples where split = 'train' limit 1`;
  await expect(again).rejects.toMatchObject({ code: "23505", constraint_name: "manifest_samples_in_one_split" });
});
