/** The champion as evaluations know it: the test evaluation that its claim rests on. */
import type { FindIncumbent } from "../evaluations/releases.ts";
import { readReported } from "./evidence.ts";
import { readChampion } from "./history.ts";

export const findIncumbent: FindIncumbent = async ({ projectId, manifestId, splitDigest }) => {
  const champion = await readChampion({ projectId, manifestId });
  if (champion === null) return null;
  for (const { evaluation } of (await readReported(projectId, champion.claim.evidence)).values())
    if (evaluation.split === "test" && evaluation.splitDigest === splitDigest)
      return { runId: evaluation.runId, id: evaluation.id };
  return null;
};
