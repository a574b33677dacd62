/** An evaluation against the champion of its manifest, on the same samples. */
import type { Actor } from "../access/actor.ts";
import { authorise } from "../access/permissions.ts";
import { sightOf } from "../evaluations/sight.ts";
import type { ChampionComparison } from "../wire/champions.ts";
import type { Evaluation } from "../wire/evaluations/evaluations.ts";
import type { MetricName } from "../wire/evaluations/metrics.ts";
import { compareReported } from "./comparison.ts";
import { listReported, readReported } from "./evidence.ts";
import { readChampion } from "./history.ts";

/** `itself`: the run is the champion. `unmeasured`: the champion wasn't evaluated on these samples, or not by this metric. */
export type AgainstChampion =
  | { kind: "none" }
  | { kind: "itself" }
  | { kind: "unmeasured"; run: string }
  | { kind: "compared"; run: string; evaluation: string; comparison: ChampionComparison };

export async function readAgainstChampion(
  actor: Actor,
  { id, run, manifest, splitDigest }: Pick<Evaluation, "id" | "run" | "manifest" | "splitDigest">,
  { projectId, metric }: { projectId: string; metric: MetricName },
): Promise<AgainstChampion> {
  authorise(actor, "champions.read", projectId);
  const champion = await readChampion({ projectId, manifestId: manifest });
  if (!champion) return { kind: "none" };
  const { runId } = champion.claim;
  if (runId === run) return { kind: "itself" };
  const theirs = (await listReported(runId)).find(({ evaluation }) => evaluation.splitDigest === splitDigest);
  const ours = (await readReported(projectId, [id])).get(id);
  if (!theirs || !ours || (await sightOf(actor, theirs.evaluation)) !== "report")
    return { kind: "unmeasured", run: runId };
  const comparison = await compareReported(metric, ours, theirs);
  if (!comparison) return { kind: "unmeasured", run: runId };
  return { kind: "compared", run: runId, evaluation: theirs.evaluation.id, comparison };
}
