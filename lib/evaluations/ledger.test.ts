/** The budget of looks at a test split, and what the ledger says of them. */
import { v7 as uuidv7 } from "uuid";
import { beforeAll, expect, test } from "vitest";
import type { Actor } from "../access/actor.ts";
import { systemActor } from "../access/actor.ts";
import { listAudit } from "../access/audit.ts";
import { appendBatch } from "../metrics/append.ts";
import { updateProject } from "../settings/project-settings.ts";
import { batchOf, newMember, newRun, newToken, prepareWorkspace } from "../test-workspace.ts";
import type { EvaluationCreate } from "../wire/evaluations/evaluations.ts";
import { createEvaluation } from "./evaluations.ts";
import { confirmLook, readLedger } from "./ledger.ts";
import { type Evaluable, newCheckpointRun, newEvaluable, type TestSample } from "./test-evaluation.ts";
import { importLooks } from "./test-looks.ts";

prepareWorkspace();
const samples: TestSample[] = [
  { key: "a", split: "train", label: "cat" },
  ...["b", "c", "d", "e"].map((key) => ({ key, split: "test" as const, label: "dog" })),
];
const people = {} as { admin: Actor; member: Actor };
beforeAll(async () => {
  people.admin = (await newMember("admin")).actor;
  people.member = (await newMember("member")).actor;
});

const opening = (reason: string): EvaluationCreate => ({
  split: "test",
  task: "classification",
  form: "class",
  classes: ["cat", "dog"],
  purpose: "final",
  reason,
});
const look = (world: Evaluable, actor: Actor, reason = "for the report", run = world.run) =>
  createEvaluation(actor, run, opening(reason));
const ledgerOf = ({ project, manifest }: Evaluable, actor: Actor = people.member) =>
  readLedger(actor, project.id, manifest.id);

test("a budget is spent look by look; past it an admin confirms one more, which whoever may open then uses up", async () => {
  const world = await newEvaluable(samples);
  const { project, manifest } = world;
  const { actor: token } = await newToken(project, "evaluate");
  expect(await ledgerOf(world)).toMatchObject({ status: "sealed", count: 0, budget: 3, halfWidths: null, looks: [] });
  const { id } = await look(world, people.member, "the first");
  expect(await ledgerOf(world)).toMatchObject({
    status: "first",
    looks: [
      { number: 1, evaluation: id, checkpoint: { step: 10 }, purpose: "final", adaptive: false, confirmed: false },
    ],
  });
  await look(world, token);
  expect(await ledgerOf(world)).toMatchObject({ status: "again", count: 2 });
  await look(world, people.member);
  for (const actor of [people.member, token])
    await expect(look(world, actor)).rejects.toMatchObject({
      kind: "conflict",
      detail: expect.stringMatching(/look 4 of a test split that had 3; the project's budget is 3: an admin confirms/),
      errors: [{ field: "split" }],
    });
  expect(await ledgerOf(world)).toMatchObject({ status: "exhausted", count: 3, confirmed: 0 });
  for (const actor of [people.member, token])
    await expect(confirmLook(actor, project.id, manifest.id, { reason: "mine" })).rejects.toMatchObject({
      kind: "forbidden",
    });
  await expect(confirmLook(people.admin, project.id, manifest.id, { reason: "" })).rejects.toThrow("reason");
  const confirmed = await confirmLook(people.admin, project.id, manifest.id, { reason: "labels were mended" });
  expect(confirmed).toMatchObject({ confirmed: 1, count: 3, status: "again" });
  await look(world, token, "with mended labels");
  expect(await ledgerOf(world)).toMatchObject({
    count: 4,
    confirmed: 0,
    looks: [{ number: 4, confirmed: true }, {}, {}, {}],
  });
  await expect(look(world, people.member)).rejects.toThrow("look 5");
  const { rows } = await listAudit(people.admin, { what: "look.confirm" });
  expect(rows[0]).toMatchObject({ actorName: people.admin.name, detail: { reason: "labels were mended" } });
});

test("of openings at once with one look left exactly one gets it", async () => {
  const world = await newEvaluable(samples);
  await updateProject(people.admin, world.project.id, { testBudget: 1 });
  const tries = await Promise.allSettled(Array.from({ length: 6 }, () => look(world, people.member)));
  expect(tries.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect((await ledgerOf(world)).count).toBe(1);
  await confirmLook(people.admin, world.project.id, world.manifest.id, { reason: "once more" });
  const again = await Promise.allSettled(Array.from({ length: 6 }, () => look(world, people.member)));
  expect(again.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect((await ledgerOf(world)).count).toBe(2);
});

test("a look after which a run on the same test split began was adaptive, and widens the interval", async () => {
  const world = await newEvaluable(samples);
  await look(world, people.member, "before");
  const later = await newCheckpointRun(world.project, world.manifest);
  await look(world, people.member, "after", later.run);
  const ledger = await ledgerOf(world);
  expect(ledger).toMatchObject({ status: "adaptive", adaptive: 1, runsSince: 1 });
  expect(ledger.looks.map(({ reason, adaptive }) => [reason, adaptive])).toEqual([
    ["after", false],
    ["before", true],
  ]);
  // n = 4, k = 2, five answers: by hand of the formulas
  const half = (x: number) => Math.sqrt((Math.log(2 / 0.05) + Math.log(x)) / 8);
  expect(ledger.halfWidths!.single).toBeCloseTo(half(1), 12);
  expect(ledger.halfWidths!.nonAdaptive).toBeCloseTo(half(2), 12);
  expect(ledger.halfWidths!.adaptiveWorst).toBeCloseTo(half(6), 12);
  // m_2 is 1/√π
  expect(ledger.halfWidths!.optimism).toBeCloseTo(0.5 / Math.sqrt(ledger.samples) / Math.sqrt(Math.PI), 12);
  expect(ledger.halfWidths!.bits).toBeCloseTo(2 * Math.log2(5), 12);
});

test("the rules of a test split are an admin's, and hold from the first look on", async () => {
  const world = await newEvaluable(samples);
  const { id } = world.project;
  const change = (actor: Actor, rules: object) => updateProject(actor, id, rules);
  await expect(change(people.member, { testMode: "open" })).rejects.toMatchObject({ kind: "forbidden" });
  await expect(change(people.admin, { testMode: "closed" })).rejects.toThrow("testMode");
  await expect(change(people.admin, { testBudget: -1 })).rejects.toThrow("testBudget");
  expect(await change(people.admin, { testMode: "open", testBudget: 1 })).toMatchObject({
    testMode: "open",
    testBudget: 1,
  });
  for (const reason of ["one", "two"]) await look(world, people.member, reason);
  expect(await ledgerOf(world)).toMatchObject({ status: "again", count: 2, mode: "open" });
  await expect(change(people.admin, { testBudget: 9 })).rejects.toMatchObject({
    kind: "conflict",
    errors: [{ field: "testBudget", detail: expect.stringContaining("from the first look on") }],
  });
  expect(await change(people.member, { smallestDifference: 0.005 })).toMatchObject({ smallestDifference: 0.005 });
  await expect(change(people.member, { smallestDifference: 0 })).rejects.toThrow("smallestDifference");
  expect((await listAudit(systemActor, { what: "testMode" })).rows[0]).toMatchObject({
    action: "project.update",
    detail: { from: { testMode: "shut" }, to: { testMode: "open" } },
  });
});

test("a look that came with an import stands for its series at its own split alone", async () => {
  const world = await newEvaluable(samples);
  const { actor } = await newToken(world.project, "evaluate");
  const { run, writer } = await newRun(world.project, { manifest: world.manifest.id });
  const said = { at: "2026-01-05T09:00:00.000Z", actor: "Ada", purpose: null, confirmation: null } as const;
  const elsewhere = {
    ...said,
    id: uuidv7(),
    look: "logged",
    reason: "-/test_acc",
    testDigest: "0".repeat(64),
  } as const;
  await importLooks(actor, run.id, { looks: [elsewhere] });
  expect(await ledgerOf(world)).toMatchObject({ count: 0 });
  await appendBatch(actor, run.id, batchOf(writer, 1, null, [1], { test_acc: [0.5] }));
  expect(await ledgerOf(world)).toMatchObject({ count: 1, looks: [{ kind: "logged", imported: false }] });
  // two that name one confirmation are two
  const confirmed = { ...elsewhere, confirmation: uuidv7() };
  const twice = { looks: [uuidv7(), uuidv7()].map((id) => ({ ...confirmed, id })) };
  expect(await importLooks(actor, run.id, twice)).toEqual({ stored: 2, there: 0 });
  expect(await importLooks(actor, run.id, twice)).toEqual({ stored: 0, there: 2 });
});
