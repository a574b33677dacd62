/** Predictions of a referee split: scored here, kept for rulings, and told to nobody. */
import { createHash } from "node:crypto";
import { eq, inArray } from "drizzle-orm";
import { connections, type Executor } from "../../db/connection.ts";
import { refereeScores } from "../../db/schema/studies.ts";
import { type Actor, systemActor } from "../access/actor.ts";
import { requireManifest } from "../manifests/manifests.ts";
import { findRefereeSplit, type RefereeSplitRow } from "../manifests/referee-split.ts";
import { invalid, ProblemError, parse } from "../problem.ts";
import { locateLivingRun } from "../runs/runs.ts";
import { refereePredictionsSchema } from "../wire/data/referee-splits.ts";

/** Takes what a run predicts of each sample of its referee split, once; the same again changes nothing. */
export async function postRefereePredictions(
  actor: Actor,
  runId: string,
  input: unknown,
): Promise<{ samples: number }> {
  const { projectId, manifestId } = await locateLivingRun(actor, runId, "evaluations.create");
  const given = parse(refereePredictionsSchema, input);
  const split = manifestId && (await findRefereeSplit(connections().db, projectId, manifestId));
  if (!split) throw new ProblemError("conflict", "run: its manifest has no referee split");
  const said: readonly (string | number)[] = "classes" in given ? given.classes : given.values;
  const field = "classes" in given ? "classes" : "values";
  if (said.length !== given.keys.length)
    throw invalid(field, `${said.length} for ${given.keys.length} keys; send one for each`);
  const predicted = new Map(given.keys.map((key, at) => [key, said[at]!]));
  if (predicted.size < given.keys.length) throw invalid("keys", "a key comes twice");
  const truth = await readTruth(projectId, split);
  const scores = scoresOf(truth, predicted, field);
  const sorted = truth.map(({ key }) => [key, predicted.get(key)]);
  const hash = createHash("sha256")
    .update(JSON.stringify([field, sorted]))
    .digest();
  const { db } = connections();
  const [made] = await db
    .insert(refereeScores)
    .values({ runId, projectId, manifestId: split.manifestId, scores: packed(scores), hash, postedBy: actor.name })
    .onConflictDoNothing()
    .returning({ runId: refereeScores.runId });
  if (!made) await requireSame(db, runId, hash);
  return { samples: split.samples };
}

async function requireSame(db: Executor, runId: string, hash: Buffer): Promise<void> {
  const [there] = await db
    .select({ hash: refereeScores.hash })
    .from(refereeScores)
    .where(eq(refereeScores.runId, runId));
  if (there && Buffer.from(there.hash).equals(hash)) return;
  throw new ProblemError("conflict", "run: its predictions of the referee split are there already, and are others");
}

type Truth = { key: string; label: string | null; unit: string };

/** What is true of the split's samples, sealed or not. It never leaves the server. */
async function readTruth(projectId: string, { manifestId, members }: RefereeSplitRow): Promise<Truth[]> {
  const { number, datasetNumber } = await requireManifest(systemActor, projectId, manifestId);
  const rows = await connections().sql<Truth[]>`
    select m.key, coalesce(m.label, d.label) as label, coalesce('g' || m."group", 's' || m.key) as unit
    from manifest_samples m
    left join dataset_samples d on d.dataset_number = ${datasetNumber} and d.key = m.key
    where m.manifest_number = ${number} and m.split = 'validation' order by m.key`;
  return rows.filter((_, at) => members[at] === 1);
}

/** One score an independent unit, higher better, with the mean of the samples' scores. */
function scoresOf(
  truth: Truth[],
  predicted: ReadonlyMap<string, string | number>,
  field: "classes" | "values",
): Float64Array {
  const missing = truth.filter(({ key }) => !predicted.has(key)).length;
  if (missing > 0) throw invalid("keys", `${missing} of the referee split's ${truth.length} samples are missing`);
  if (predicted.size > truth.length)
    throw invalid(
      "keys",
      `${predicted.size - truth.length} are no samples of the referee split; send its samples alone`,
    );
  if (truth.some(({ label }) => label === null)) throw invalid("keys", "a sample of the referee split has no label");
  if (field === "values" && truth.some(({ label }) => !Number.isFinite(Number(label))))
    throw invalid("values", "the referee split's labels are no numbers; send classes");
  const sums = new Map<string, number>();
  for (const { key, label, unit } of truth) {
    const said = predicted.get(key)!;
    const score = field === "classes" ? Number(said === label) : -((Number(said) - Number(label)) ** 2);
    sums.set(unit, (sums.get(unit) ?? 0) + score);
  }
  return Float64Array.from(sums.values(), (sum) => (sum * sums.size) / truth.length);
}

const packed = (scores: Float64Array): Buffer => Buffer.from(scores.buffer, scores.byteOffset, scores.byteLength);

/** What runs came to by unit; who has sent no predictions isn't in it. For a ruling, and for nobody's eyes. */
export async function readRefereeScores(db: Executor, runIds: string[]): Promise<Map<string, Float64Array>> {
  if (runIds.length === 0) return new Map();
  const rows = await db
    .select({ runId: refereeScores.runId, scores: refereeScores.scores })
    .from(refereeScores)
    .where(inArray(refereeScores.runId, runIds));
  return new Map(rows.map(({ runId, scores }) => [runId, new Float64Array(Uint8Array.from(scores).buffer)]));
}
