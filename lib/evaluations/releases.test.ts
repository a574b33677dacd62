/** What test evaluations let out where a project shows no report of them. */
import { beforeAll, expect, test } from "vitest";
import { type Actor, systemActor } from "../access/actor.ts";
import { claimChampion } from "../champions/claim.ts";
import { deleteProject, purgeProject } from "../projects/deleted.ts";
import { updateProject } from "../settings/project-settings.ts";
import { newMember, newProject, newToken, prepareWorkspace } from "../test-workspace.ts";
import type { EvaluationCreate } from "../wire/evaluations/evaluations.ts";
import type { TestMode } from "../wire/evaluations/looks.ts";
import { listEvaluations, requireEvaluation } from "./evaluations.ts";
import { requireReport } from "./read-report.ts";
import { evaluate, newCheckpointRun, newManifestOf } from "./test-evaluation.ts";

prepareWorkspace();
const people = {} as { admin: Actor; viewer: Actor };
beforeAll(async () => {
  people.admin = (await newMember("admin")).actor;
  people.viewer = (await newMember("viewer")).actor;
});

const keys = Array.from({ length: 40 }, (_, at) => `t${String(at).padStart(2, "0")}`);
const opened: EvaluationCreate = {
  split: "test",
  task: "classification",
  form: "class",
  classes: ["cat", "dog"],
  purpose: "comparison",
  reason: "as planned",
};

async function newWorld(testMode: TestMode) {
  const project = await newProject();
  await updateProject(people.admin, project.id, { testMode, testBudget: 10 });
  const manifest = await newManifestOf(project, [
    { key: "a", split: "train", label: "cat" },
    ...keys.map((key) => ({ key, split: "test" as const, label: "dog" })),
  ]);
  const { run } = await newCheckpointRun(project, manifest);
  /** An evaluation of which so many of the first predictions are wrong. */
  const withErrors = async (errors: number) => {
    const classes = keys.map((_, at) => (at < errors ? "cat" : "dog"));
    return evaluate(run, { input: opened, batch: { sequence: 1, keys, classes } }, people.admin);
  };
  const { actor: evaluating } = await newToken(project, "evaluate");
  const { actor: reading } = await newToken(project, "read");
  return { project, run, withErrors, evaluating, reading };
}

test("a ladder shows the loss that beat the best by more than chance, and shows that one again until then", async () => {
  const { project, run, withErrors, evaluating, reading } = await newWorld("ladder");
  const told = [];
  for (const errors of [20, 19, 15, 15, 8]) told.push((await withErrors(errors)).released);
  expect(told.map((one) => [one?.better, one?.loss])).toEqual([
    [true, 0.5],
    [false, 0.5],
    [true, 0.375],
    [false, 0.375],
    [true, 0.2],
  ]);
  const [newest] = await listEvaluations(systemActor, run);
  // nobody reads a report, whoever they are
  for (const actor of [people.admin, people.viewer, evaluating])
    await expect(requireReport(actor, run, newest!.id)).rejects.toMatchObject({
      kind: "forbidden",
      detail: expect.stringContaining("mode ladder"),
    });
  expect((await requireEvaluation(evaluating, run, newest!.id)).released).toEqual({
    mode: "ladder",
    better: true,
    loss: 0.2,
  });
  expect((await listEvaluations(reading, run)).map(({ released }) => released)).toEqual(Array(5).fill(null));
  await deleteProject(people.admin, project.id);
  await purgeProject(people.admin, project.id);
});

test("in one-bit a token learns better or not better, and members read the report", async () => {
  const { run, withErrors, evaluating, reading } = await newWorld("one-bit");
  const told = [];
  for (const errors of [12, 10, 2, 3]) told.push(await withErrors(errors));
  // of two errors less chance has p = 0.25 by the mid-p; of eight 0.004
  expect(told.map(({ released }) => released)).toEqual(
    [true, false, true, false].map((better) => ({ mode: "one-bit", better, loss: null })),
  );
  const { id } = told[2]!;
  await expect(requireReport(evaluating, run, id)).rejects.toMatchObject({
    kind: "forbidden",
    detail: expect.stringContaining("mode one-bit"),
  });
  await expect(requireReport(reading, run, id)).rejects.toMatchObject({ kind: "forbidden" });
  expect((await requireReport(people.viewer, run, id)).report.digest).toMatch(/^[0-9a-f]{64}$/);
  expect((await requireEvaluation(evaluating, run, id)).released).toEqual({
    mode: "one-bit",
    better: true,
    loss: null,
  });
  expect((await requireEvaluation(reading, run, id)).released).toBeNull();
});

test("in one-bit the champion is what others are measured beside, whatever was best before", async () => {
  const { project, run, withErrors } = await newWorld("one-bit");
  const first = await withErrors(12);
  expect((await withErrors(2)).released).toMatchObject({ better: true });
  const rule = { metric: "accuracy", split: "test", direction: "max" } as const;
  await claimChampion(people.admin, project.id, { run, evidence: [first.id], rule, reason: "the one in production" });
  // three errors are no better than two, and better than twelve
  expect((await withErrors(3)).released).toMatchObject({ better: true });
});

test("shut and open test splits release nothing beside their reports", async () => {
  const { run, withErrors, evaluating } = await newWorld("shut");
  const { id, released } = await withErrors(4);
  expect(released).toBeNull();
  expect((await requireReport(evaluating, run, id)).report.digest).toMatch(/^[0-9a-f]{64}$/);
});
