/** A champion for tests, with all that can be said of one. */
import { type Actor, systemActor } from "../access/actor.ts";
import { evaluate, newCheckpointRun, newEvaluated } from "../evaluations/test-evaluation.ts";
import { newMember } from "../test-workspace.ts";
import type { RuleInput } from "../wire/champions.ts";
import type { Manifest } from "../wire/data/manifests.ts";
import type { EvaluationCreate } from "../wire/evaluations/evaluations.ts";
import type { Project } from "../wire/projects.ts";
import { moveAlias } from "./aliases.ts";
import { makeCertificate } from "./certificate.ts";
import { claimChampion } from "./claim.ts";
import { signClaim, writeWord } from "./sign-offs.ts";

export const accuracyRule: RuleInput = { metric: "accuracy", split: "validation", direction: "max" };

/** A claim by a member, signed off by another, with a word and an alias. */
export async function newChampion(project: Project): Promise<{ run: string; manifest: Manifest; claim: string }> {
  const { run, evaluation, manifest } = await newEvaluated(project);
  const [{ actor: ada }, { actor: ben }] = [await newMember("member"), await newMember("member")];
  const evidence = { run, evidence: [evaluation], rule: accuracyRule };
  const claim = await claimChampion(ada, project.id, { ...evidence, reason: "there is no other" });
  await signClaim(ben, project.id, claim, { approves: true, word: "the report is sound" });
  await writeWord(ben, project.id, claim, { word: "look at the dogs next" });
  const place = { projectId: project.id, manifestId: manifest.id };
  await moveAlias(ada, place, { alias: "production", claim, reason: "it passed the review" });
  await makeCertificate(ada, project.id, { manifest: manifest.id });
  return { run, manifest, claim };
}

/** A run on a manifest whose answers on a split are these, in the order of its samples' keys; evaluated. */
export async function newAnswering(
  project: Project,
  {
    manifest,
    split,
    keys,
    answers,
  }: { manifest: Manifest; split: "validation" | "test"; keys: string[]; answers: string[] },
  actor: Actor = systemActor,
): Promise<{ run: string; evaluation: string }> {
  const { run } = await newCheckpointRun(project, manifest);
  const why = split === "test" ? ({ purpose: "comparison", reason: "to compare two" } as const) : {};
  const input: EvaluationCreate = { split, task: "classification", form: "class", classes: ["cat", "dog"], ...why };
  const { id } = await evaluate(run, { input, batch: { sequence: 1, keys, classes: answers } }, actor);
  return { run, evaluation: id };
}
