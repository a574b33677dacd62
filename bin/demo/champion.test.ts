import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { systemActor } from "../../lib/access/actor.ts";
import { getChampion } from "../../lib/champions/champion.ts";
import { listRules } from "../../lib/champions/rules.ts";
import { createDataset } from "../../lib/datasets/datasets.ts";
import { doJobs, evaluate, newCheckpointRun } from "../../lib/evaluations/test-evaluation.ts";
import { registerManifest } from "../../lib/manifests/register.ts";
import { newProject, prepareWorkspace } from "../../lib/test-workspace.ts";
import type { EvaluationCreate } from "../../lib/wire/evaluations/evaluations.ts";
import { claimChampionOnceTested, DEMO_MANIFEST } from "./champion.ts";

prepareWorkspace();

const truth = ["cat", "dog", "cat", "dog", "dog"];
const key = truth.map((_, at) => `k${at}`);

test("the demo's champion is the best by validation, by a rule from before both looks", async () => {
  const project = await newProject("MNIST demo", "accuracy");
  const claimed = claimChampionOnceTested(project.id, new AbortController().signal, 1);
  const dataset = { name: "mnist", version: "1" };
  await createDataset(systemActor, { project: project.id, ...dataset });
  const contentHash = key.map((one) => createHash("sha256").update(one).digest("hex"));
  const samples = { key, split: key.map((_, at) => (at === 0 ? "train" : "test")), label: truth, contentHash };
  const given = { project: project.id, name: DEMO_MANIFEST, dataset, method: "given", samples };
  const manifest = await registerManifest(systemActor, given);
  await doJobs();
  const place = { projectId: project.id, manifestId: manifest.id };
  await expect.poll(() => listRules(systemActor, place)).toHaveLength(1);
  const look = async (purpose: "final" | "comparison", wrong: number) => {
    const { run } = await newCheckpointRun(project, manifest);
    const input: EvaluationCreate = {
      split: "test",
      task: "classification",
      form: "class",
      classes: ["cat", "dog"],
      purpose,
      reason: "the demo",
    };
    const classes = truth.slice(1).map((label, at) => (at < wrong ? "cat" : label));
    await evaluate(run, { input, batch: { sequence: 1, keys: key.slice(1), classes } });
    return run;
  };
  const best = await look("final", 1);
  await look("comparison", 4);
  await claimed;
  expect((await getChampion(systemActor, project.id, {})).claim).toMatchObject({
    run: { id: best },
    written: "pre-registered",
    candidates: 2,
  });
});
