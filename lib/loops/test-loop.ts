/** A loop for tests. */
import { systemActor } from "../access/actor.ts";
import { appendBatch } from "../metrics/append.ts";
import { endRun } from "../metrics/end-run.ts";
import { createStudy } from "../studies/studies.ts";
import { batchOf, newRun } from "../test-workspace.ts";
import type { Project } from "../wire/projects.ts";
import { startLoop } from "./loops.ts";
import { ruleOnCandidate } from "./rule.ts";

/** A loop in which one candidate was handed in. */
export async function newRuled(project: Project, manifest: string): Promise<void> {
  const objective = { metric: "loss", split: "validation", direction: "min" };
  const plan = { project: project.id, title: "a loop", mode: "loop", objective, manifest };
  const study = await createStudy(systemActor, plan);
  const ended = async (rate: number) => {
    const { run, writer } = await newRun(project, { manifest, config: { rate } });
    await appendBatch(systemActor, run.id, batchOf(writer, 1, "validation", [1], { loss: [rate] }));
    await endRun(systemActor, run.id, { status: "finished" });
    return run.id;
  };
  await startLoop(systemActor, study.id, { run: await ended(1) });
  await ruleOnCandidate(systemActor, study.id, { runs: [await ended(2)] });
}
