/** A loop for tests. */
import { systemActor } from "../access/actor.ts";
import { newManifestOf } from "../evaluations/test-evaluation.ts";
import { registerRefereeSplit } from "../manifests/referee-split.ts";
import { appendBatch } from "../metrics/append.ts";
import { endRun } from "../metrics/end-run.ts";
import { createStudy } from "../studies/studies.ts";
import { batchOf, newRun } from "../test-workspace.ts";
import type { Project } from "../wire/projects.ts";
import { submitCandidate } from "./candidates.ts";
import { startLoop } from "./loops.ts";
import { queueAsked } from "./queue-runs.ts";
import { postRefereePredictions } from "./referee-scores.ts";
import { ruleOnCandidate } from "./rule.ts";
import { settleCandidates } from "./settle.ts";

/** A study of mode loop, and runs of it that have ended: of its first recipe, and of a candidate. */
export async function newLoopStudy(project: Project): Promise<{ study: string; first: string; candidate: string }> {
  const objective = { metric: "loss", split: "train", direction: "min" };
  const plan = { project: project.id, title: "a loop", mode: "loop", objective };
  const study = await createStudy(systemActor, plan);
  const ended = async (rate: number) => {
    const { run, writer } = await newRun(project, { config: { rate } });
    await appendBatch(systemActor, run.id, batchOf(writer, 1, "train", [1], { loss: [rate] }));
    await endRun(systemActor, run.id, { status: "finished" });
    return run.id;
  };
  return { study: study.id, first: await ended(1), candidate: await ended(2) };
}

/** A manifest of four sealed validation samples, two of them its referee split's, and a run that was scored on it. */
export async function newRefereed(
  project: Project,
): Promise<{ hidden: string; hiddenRun: string; hiddenKeys: string[] }> {
  const keys = ["v0", "v1", "v2", "v3"];
  const manifest = await newManifestOf(
    project,
    [
      { key: "t", split: "train", label: "cat" },
      ...keys.map((key) => ({ key, split: "validation" as const, label: "cat" })),
    ],
    { sealed: true, sealedSplit: "validation" },
  );
  const split = await registerRefereeSplit(systemActor, project.id, manifest.id, { seed: 1 });
  const { run } = await newRun(project, { manifest: manifest.id });
  await postRefereePredictions(systemActor, run.id, { keys: split.keys, classes: split.keys.map(() => "cat") });
  return { hidden: manifest.id, hiddenRun: run.id, hiddenKeys: split.keys };
}

/** A loop in which one candidate was handed in by its run, and what was asked for is queued; and one as a config, answered. */
export async function newRuled(project: Project): Promise<{ study: string; candidate: string }> {
  const { study, first, candidate } = await newLoopStudy(project);
  await startLoop(systemActor, study, { run: first });
  await ruleOnCandidate(systemActor, study, { runs: [candidate] });
  await queueAsked(systemActor, study, 1);
  // the incumbent with another seed: it needs no run
  await submitCandidate(systemActor, study, { config: { rate: 1 } });
  await settleCandidates();
  await newRefereed(project);
  return { study, candidate };
}
