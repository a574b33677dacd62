/** How often a test split was looked at, in whichever form its samples were registered, and whether it may be once more. */
import { eq } from "drizzle-orm";
import type { Executor } from "../../db/connection.ts";
import { projects } from "../../db/schema/projects.ts";
import { countLooksAt, listConfirmed, lockLooks } from "../looks/looks.ts";
import { ProblemError } from "../problem.ts";
import { numberWords } from "../words/numbers.ts";
import type { SharingSplit } from "./sharing-splits.ts";

export type Use = {
  /** Looks at the split itself, and at the same samples in another form. */
  count: number;
  /** Looks at splits that share samples with it, each times the share of this one's samples. */
  inherited: number;
};

/** The digests under which the same samples stand. */
export const sameDigests = (digest: string, sharing: SharingSplit[]): string[] => [
  digest,
  ...sharing.filter(({ isSame }) => isSame).map((other) => other.digest),
];

/** How much of a split was used up by so many looks at each digest. */
export function sumLooks(digest: string, sharing: SharingSplit[], counts: Map<string, number>): Use {
  const use = { count: counts.get(digest) ?? 0, inherited: 0 };
  for (const { digest: other, share, isSame } of sharing) {
    const looks = counts.get(other) ?? 0;
    if (isSame) use.count += looks;
    else use.inherited += looks * share;
  }
  return use;
}

/**
 * Says whether a project may look at a test split now: once within its budget, or by a confirmation, whose id is returned
 * to be used up. `sharing` comes from `listSharing`, read before the transaction. Who asks at the same time waits until the caller's transaction ends. Throws `conflict` past the budget.
 */
export async function requireLookLeft(
  tx: Executor,
  projectId: string,
  { digest, sharing }: { digest: string; sharing: SharingSplit[] },
): Promise<string | null> {
  await lockLooks(tx);
  const counts = await countLooksAt(tx, [digest, ...sharing.map((other) => other.digest)]);
  const { count, inherited } = sumLooks(digest, sharing, counts);
  const [rules] = await tx
    .select({ mode: projects.testMode, budget: projects.testBudget })
    .from(projects)
    .where(eq(projects.id, projectId));
  const { mode, budget } = rules!;
  if (mode === "open" || count + inherited < budget) return null;
  const [confirmation] = await listConfirmed(tx, projectId, sameDigests(digest, sharing));
  if (confirmation !== undefined) return confirmation;
  const beside = inherited > 0 ? `, and ${numberWords(inherited)} through splits that share samples with it` : "";
  throw new ProblemError(
    "conflict",
    `this would be look ${count + 1} of a test split that had ${count}${beside}; the project's budget is ${budget}: ` +
      "an admin confirms one more in writing, on the manifest's page, or it is time for fresh test data",
    [{ field: "split", detail: `the budget of ${budget} looks is spent` }],
  );
}
