/** The demo's champion: its rule is written before anybody looks at the test split, and the claim follows the looks. */
import { setTimeout as delay } from "node:timers/promises";

/** What the trainer calls the split that it trains on. */
export const DEMO_MANIFEST = "mnist 6k";
const AGAIN_MS = 1_000;

/** Resolves once a champion is claimed, or `signal` aborts. The trainer is only watched, each `againMs`. */
export async function claimChampionOnceTested(
  projectId: string,
  signal: AbortSignal,
  againMs = AGAIN_MS,
): Promise<void> {
  while (!signal.aborted) {
    if (await isClaimed(projectId)) return;
    await delay(againMs, undefined, { signal }).catch(() => {});
  }
}

/** Does what is to be done next: the rule, or the claim. */
async function isClaimed(projectId: string): Promise<boolean> {
  const [{ systemActor }, { listManifests }, rules, { readLedger }, { requireEvaluation }, champions] =
    await Promise.all([
      import("../../lib/access/actor.ts"),
      import("../../lib/manifests/manifests.ts"),
      import("../../lib/champions/rules.ts"),
      import("../../lib/evaluations/ledger.ts"),
      import("../../lib/evaluations/evaluations.ts"),
      import("../../lib/champions/claim.ts"),
    ]);
  const manifest = (await listManifests(systemActor, projectId)).find(({ name }) => name === DEMO_MANIFEST);
  if (!manifest) return false;
  const place = { projectId, manifestId: manifest.id };
  const [rule] = await rules.listRules(systemActor, place);
  if (!rule) {
    await rules.writeRule(systemActor, place, { metric: "accuracy", split: "test", direction: "max" });
    return false;
  }
  const { looks } = await readLedger(systemActor, projectId, manifest.id);
  const evaluationOf = async (purpose: string) => {
    const look = looks.find((one) => one.purpose === purpose && one.evaluation !== null);
    const found = look && (await requireEvaluation(systemActor, look.run.id, look.evaluation!));
    return found?.status === "done" ? found : null;
  };
  const [best, second] = [await evaluationOf("final"), await evaluationOf("comparison")];
  if (!best || !second) return false;
  await champions.claimChampion(systemActor, projectId, {
    run: best.run,
    evidence: [best.id],
    rule: rule.id,
    reason: "It was the best of the demo by validation, and was looked at on test once.",
  });
  return true;
}
