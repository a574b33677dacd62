/** A loop for tests. */
import { systemActor } from "../access/actor.ts";
import { appendBatch } from "../metrics/append.ts";
import { endRun } from "../metrics/end-run.ts";
import { createStudy } from "../studies/studies.ts";
import { batchOf, newRun } from "../test-workspace.ts";
import type { Project } from "../wire/projects.ts";
import { submitCandidate } from "./candidates.ts";
import { startLoop } from "./loops.ts";
import { queueAsked } from "./queue-runs.ts";
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

/** A loop in which one candidate was handed in by its run, and what was asked for is queued; and one as a config, answered. */
export async function newRuled(project: Project): Promise<{ study: string; candidate: string }> {
  const { study, first, candidate } = await newLoopStudy(project);
  await startLoop(systemActor, study, { run: first });
  await ruleOnCandidate(systemActor, study, { runs: [candidate] });
  await queueAsked(systemActor, study, 1);
  // the incumbent with another seed: it needs no run
  await submitCandidate(systemActor, study, { config: { rate: 1 } });
  await settleCandidates();
  return { study, candidate };
}
