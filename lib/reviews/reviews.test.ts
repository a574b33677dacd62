import { eq } from "drizzle-orm";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { connections } from "../../db/connection.ts";
import { signOffs } from "../../db/schema/champions.ts";
import { type MemberActor, systemActor } from "../access/actor.ts";
import { newChampion } from "../champions/test-champion.ts";
import { evaluate, newCheckpointRun, newManifestOf } from "../evaluations/test-evaluation.ts";
import { appendBatch } from "../metrics/append.ts";
import { deleteProject, purgeProject } from "../projects/deleted.ts";
import { deleteRun } from "../runs/deleted.ts";
import { concludeStudy } from "../studies/conclusion.ts";
import { createStudy } from "../studies/studies.ts";
import { batchOf, newMember, newProject, newRun, newToken, prepareWorkspace } from "../test-workspace.ts";
import type { Project } from "../wire/projects.ts";
import { countCurveThreads } from "./curve-threads.ts";
import { decideReview } from "./decide.ts";
import { getInbox, readInbox } from "./inbox.ts";
import { getReview, listReviews } from "./read-reviews.ts";
import { listThreads } from "./read-threads.ts";
import { askReview, updateReview } from "./reviews.ts";
import { addComment, editComment, startThread, updateThread } from "./threads.ts";

prepareWorkspace();

let ada: MemberActor;
let ben: MemberActor;
let project: Project;
let run: string;

beforeAll(async () => {
  ada = (await newMember("member")).actor;
  ben = (await newMember("member")).actor;
});
beforeEach(async () => {
  project = await newProject();
  const made = await newRun(project, { config: { optimizer: { learningRate: 0.1 } } });
  run = made.run.id;
  await appendBatch(systemActor, run, batchOf(made.writer, 1, "validation", [1, 2], { "loss@3": [1, 2] }));
  await appendBatch(systemActor, run, batchOf(made.writer, 2, null, [1], { test_accuracy: [0.5] }));
});

const ask = (by = ada, more: object = {}) =>
  askReview(by, project.id, { kind: "runs", subjects: [run], title: "Which?", reviewers: [ben.id], ...more });
const kinds = async (who: MemberActor) =>
  (await getInbox(who)).notifications.filter((one) => one.project.id === project.id).map(({ kind }) => kind);

test("somebody else's yes approves a review, and what was approved stays", async () => {
  const { id, number } = await ask();
  expect(number).toBe(1);
  expect((await ask()).number).toBe(2);
  await expect(decideReview(ada, project.id, id, { approves: true })).rejects.toThrow(/another member can/);
  await expect(decideReview(ben, project.id, id, { approves: false })).rejects.toThrow(/word: what is to be changed/);
  await decideReview(ben, project.id, id, { approves: false, word: "two seeds are too few" });
  expect(await getReview(ada, project.id, "1")).toMatchObject({ state: "changes-requested" });
  expect((await getInbox(ada)).waiting.map((one) => one.id)).toEqual([id]);
  await updateReview(ada, project.id, id, { about: "five seeds by now", chosenRun: run });
  expect(await getReview(ada, project.id, id)).toMatchObject({ state: "waiting", decisions: [{ isStale: true }] });
  expect((await getInbox(ben)).waiting.map((one) => one.id)).toContain(id);
  const approved = await decideReview(ben, project.id, id, { approves: true });
  expect(approved).toMatchObject({
    state: "approved",
    conclusion: { about: "five seeds by now", chosenRun: run },
    decisions: [{ approves: false }, { approves: true }],
  });
  await expect(updateReview(ada, project.id, id, { about: "six" })).rejects.toThrow(/approved/);
  await expect(decideReview(ben, project.id, id, { approves: false, word: "no" })).rejects.toThrow(/approved already/);
  expect(await kinds(ada)).toEqual(["approved", "changes-requested"]);
  expect(await kinds(ben)).toEqual(["asked", "asked"]);
});

test("a yes beside another member's wish for changes approves nothing, until they say yes too", async () => {
  const { actor: eve } = await newMember("member");
  const { id } = await ask();
  await decideReview(ben, project.id, id, { approves: false, word: "the seeds" });
  expect(await decideReview(eve, project.id, id, { approves: true })).toMatchObject({ state: "changes-requested" });
  expect(await decideReview(ben, project.id, id, { approves: true })).toMatchObject({ state: "approved" });
});

test("an approval locks a study's conclusion, which is approved only once it is written", async () => {
  const objective = { metric: "loss", split: "validation", direction: "min" };
  const study = await createStudy(ada, { project: project.id, title: "Rates", objective });
  const { id } = await askReview(ada, project.id, { kind: "study", subjects: [study.id], title: "The rate" });
  await expect(decideReview(ben, project.id, id, { approves: true })).rejects.toThrow(/not concluded/);
  await concludeStudy(ben, study.id, { conclusion: "none is better", decision: "reject" });
  await expect(decideReview(ben, project.id, id, { approves: true })).rejects.toThrow(/another member can/);
  await concludeStudy(ada, study.id, { conclusion: "none is better", decision: "reject" });
  await decideReview(ben, project.id, id, { approves: true });
  expect(await listReviews(ada, project.id, study.id)).toMatchObject([{ state: "approved" }]);
  await expect(concludeStudy(ada, study.id, { conclusion: "another", decision: "reject" })).rejects.toThrow(/locked/);
});

test("an approved claim is signed off by who approved it, once", async () => {
  const { claim } = await newChampion(project);
  const before = await signedBy(claim);
  const asked = { kind: "claim", subjects: [claim], title: "Ours?", reviewers: [] };
  const { id } = await askReview(ada, project.id, asked);
  await decideReview(ben, project.id, id, { approves: false, word: "on test first" });
  expect(await signedBy(claim)).toEqual(before);
  await decideReview(ben, project.id, id, { approves: true, word: "sound" });
  expect(await signedBy(claim)).toEqual([...before, { name: ben.name, approves: true, word: "sound" }]);
});

const signedBy = async (claim: string) => {
  const { db } = connections();
  const rows = await db.select().from(signOffs).where(eq(signOffs.claimId, claim)).orderBy(signOffs.id);
  return rows.map(({ signedBy: name, approves, word }) => ({ name, approves, word }));
};

test("threads hang on places that a subject has, and on no other", async () => {
  const start = (anchor: string, subject = `run:${run}`) =>
    startThread(ada, project.id, { subject, anchor, text: "why?" });
  for (const anchor of [
    "whole",
    "config:optimizer.learningRate",
    "point:validation/loss@3@2",
    "range:validation/loss@3@1-2",
  ])
    expect((await start(anchor)).anchor).toBe(anchor);
  for (const [anchor, why] of [
    ["config:optimizer.momentum", /anchor: the config has no key "optimizer.momentum"/],
    ["point:train/loss@3@2", /anchor: the run has no series "train\/loss@3"/],
    ["point:-/test_accuracy@1", /anchor: an ordinary series/],
    ["class:cat", /anchor: a run has whole, config, point, range/],
    ["point:validation/loss", /anchor: whole, config:KEY/],
  ] as const)
    await expect(start(anchor), anchor).rejects.toThrow(why);
  expect(await countCurveThreads(ben, project.id, [run])).toEqual([
    { run, anchor: "point:validation/loss@3@2", count: 1 },
    { run, anchor: "range:validation/loss@3@1-2", count: 1 },
  ]);
  const { run: foreign } = await newRun(await newProject("Other"));
  await expect(start("whole", `run:${foreign.id}`)).rejects.toThrow(`subject: this project has no run ${foreign.id}`);
  await expect(ask(ada, { subjects: [foreign.id] })).rejects.toThrow(`this project has no run ${foreign.id}`);
  await deleteRun(ada, run);
  await expect(start("whole")).rejects.toThrow(`subject: run ${run} is deleted`);
  await expect(ask()).rejects.toThrow(`subjects: run ${run} is deleted`);
  expect(await listThreads(ben, project.id, { subject: `run:${run}` })).toHaveLength(4);
});

test("a comment tells whom it names and who takes part, keeps what it said before, and opens a resolved thread", async () => {
  const subject = `run:${run}`;
  const { id, comments } = await startThread(ada, project.id, { subject, text: `see @${ben.name}.` });
  expect(await kinds(ben)).toEqual(["mentioned"]);
  await updateThread(ben, project.id, id, { isResolved: true });
  const answered = await addComment(ben, project.id, id, { text: "it was the resume" });
  expect(answered).toMatchObject({ resolvedAt: null, comments: [{ by: ada.name }, { by: ben.name }] });
  expect(await kinds(ada)).toEqual(["replied"]);
  const [first] = comments;
  await expect(editComment(ben, project.id, id, first!.id, { text: "mine" })).rejects.toThrow(/only who wrote it/);
  const edited = await editComment(ada, project.id, id, first!.id, { text: `see @${ben.name}: solved` });
  expect(edited.comments[0]).toMatchObject({
    text: `see @${ben.name}: solved`,
    earlier: [{ text: `see @${ben.name}.` }],
  });
  expect(await kinds(ben)).toEqual(["mentioned"]);
  expect((await getInbox(ben)).unread).toBeGreaterThan(0);
  await readInbox(ada, { seen: (await getInbox(ben)).notifications.map((one) => one.id) });
  expect((await getInbox(ben)).unread).toBeGreaterThan(0);
  expect((await readInbox(ben, { seen: "all" })).unread).toBe(0);
});

test("a thread on a test evaluation is for who may read its report", async () => {
  const samples = ["a", "b"].map((key) => ({ key, split: "test" as const, label: "cat" }));
  const manifest = await newManifestOf(project, samples);
  const { run: tested } = await newCheckpointRun(project, manifest);
  const input = { split: "test", task: "classification", form: "class", classes: ["cat"] } as const;
  const why = { purpose: "final", reason: "the recipe is settled" } as const;
  const { id } = await evaluate(tested, {
    input: { ...input, ...why, classes: ["cat"] },
    batch: { sequence: 1, keys: ["a", "b"], classes: ["cat", "cat"] },
  });
  const subject = `evaluation:${id}`;
  for (const anchor of ["class:cat", "sample:a", "panel:confusion"])
    await startThread(ada, project.id, { subject, anchor, text: "all are right" });
  for (const anchor of ["class:dog", "sample:c", "panel:nothing"])
    await expect(startThread(ada, project.id, { subject, anchor, text: "x" })).rejects.toThrow(/^anchor: /);
  const seen = async (scope: "read" | "evaluate") =>
    listThreads((await newToken(project, scope)).actor, project.id, { subject });
  expect(await seen("evaluate")).toHaveLength(3);
  expect(await seen("read")).toHaveLength(0);
});

test("a purged project takes its reviews along", async () => {
  const { id } = await ask();
  await decideReview(ben, project.id, id, { approves: true });
  const { actor: admin } = await newMember("admin");
  await deleteProject(admin, project.id);
  await purgeProject(admin, project.id);
  const [left] = await connections().sql`select count(*)::int as count from reviews where project_id = ${project.id}`;
  expect(left).toEqual({ count: 0 });
});
