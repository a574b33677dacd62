/** What members say of labels that a report suspects. The labels stay as they are: a dataset is mended by another version. */
import { v7 as uuidv7 } from "uuid";
import { connections } from "../../../db/connection.ts";
import { labelMarks } from "../../../db/schema/evaluations.ts";
import type { Actor } from "../../access/actor.ts";
import { recordAct } from "../../access/audit.ts";
import { authorise } from "../../access/permissions.ts";
import { noticeRun } from "../../live/notices.ts";
import { invalid, ProblemError } from "../../problem.ts";
import { locateEvaluation } from "../evaluations.ts";
import { requireSight } from "../sight.ts";
import { readSplitKeys } from "../split-keys.ts";
import { placeOfSplit } from "../truth.ts";
import { isSealed } from "./report-page.ts";

/** The newest word on a sample's label. */
export type LabelMark = { isWrong: boolean; by: string; at: string };

/**
 * Says that the label of a sample is wrong, or right after all. Throws `invalid` for a key of another split, `forbidden`
 * where labels are sealed or the actor may not see the report.
 */
export async function markLabel(
  actor: Actor,
  place: { run: string; evaluation: string },
  { key, isWrong }: { key: string; isWrong: boolean },
): Promise<void> {
  const evaluation = await locateEvaluation(actor, place.run, place.evaluation, "evaluations.read");
  const { runId, id, projectId, split } = evaluation;
  authorise(actor, "labels.mark", projectId);
  await requireSight(actor, evaluation);
  const ofSplit = await placeOfSplit(evaluation);
  if (await isSealed(ofSplit)) throw new ProblemError("forbidden", "the labels of this split are sealed");
  const keys = await readSplitKeys(ofSplit);
  const bytes = Buffer.from(key);
  if (keys.placeOf(bytes, 0, bytes.length) === -1)
    throw invalid("key", `${JSON.stringify(key.slice(0, 80))} is no sample of the ${split} split`);
  await connections().db.transaction(async (tx) => {
    const mark = { runId, evaluationId: id, id: uuidv7(), key, isWrong, markedBy: actor.name };
    await tx.insert(labelMarks).values(mark);
    const detail = { evaluation: id, key, isWrong };
    await recordAct(tx, actor, { action: "label.mark", subject: `run:${runId}`, projectId, detail });
  });
  noticeRun(runId);
}

/** The newest word on each of these samples, whichever evaluation of the same split it was said at. */
export async function readLabelMarks(
  { manifest, split }: { manifest: string; split: string },
  keys: string[],
): Promise<Map<string, LabelMark>> {
  const rows = await connections().sql<{ key: string; isWrong: boolean; by: string; at: Date }[]>`
    select distinct on (l.key) l.key, l.is_wrong as "isWrong", l.marked_by as by, l.marked_at as at
    from label_marks l join evaluations e on e.run_id = l.run_id and e.id = l.evaluation_id
    where e.manifest_id = ${manifest} and e.split = ${split} and l.key = any(${keys}::text[])
    order by l.key, l.id desc`;
  return new Map(rows.map(({ key, isWrong, by, at }) => [key, { isWrong, by, at: at.toISOString() }]));
}
