/** How often a test split was looked at, in whichever form its samples were registered, and whether it may be once more. */
import { eq } from "drizzle-orm";
import { connections, type Executor } from "../../db/connection.ts";
import { projects } from "../../db/schema/projects.ts";
import type { Actor } from "../access/actor.ts";
import { recordAct } from "../access/audit.ts";
import { addImportedLooks, countLooksAt, listConfirmed, lockLooks } from "../looks/looks.ts";
import { invalid, ProblemError, parse } from "../problem.ts";
import { locateLivingRun } from "../runs/runs.ts";
import { type LooksImported, looksImportSchema } from "../wire/evaluations/looks.ts";
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

/** Clocks may differ by so much. */
const AHEAD_MS = 5 * 60_000;

/**
 * Adds looks that a run had elsewhere, before it was imported. They keep id, time and actor, attach by the test split's
 * digest, and count there as any other: an import lowers no number. One that the ledger has is left as it is.
 */
export async function importLooks(actor: Actor, runId: string, input: unknown): Promise<LooksImported> {
  const { looks } = parse(looksImportSchema, input);
  const { projectId, manifestId } = await locateLivingRun(actor, runId, "tests.open");
  const early = looks.findIndex(({ at }) => Date.parse(at) > Date.now() + AHEAD_MS);
  if (early >= 0) throw invalid(`looks.${early}.at`, `${looks[early]!.at} is yet to come; when it was looked is right`);
  return connections().db.transaction(async (tx) => {
    await lockLooks(tx);
    const stored = await addImportedLooks(tx, { projectId, runId, manifestId }, looks);
    const act = { action: "look.import", subject: `run:${runId}`, projectId, detail: { looks: stored } };
    if (stored > 0) await recordAct(tx, actor, act);
    return { stored, there: looks.length - stored };
  });
}
