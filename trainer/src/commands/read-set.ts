/** The set that a command is about. */
import { say } from "../client/say.ts";
import type { DataConfig } from "../config/data.ts";
import type { DataSet } from "../data/data.ts";
import { readDataSet } from "../data/sets.ts";

/** Reads a set, and says what reading left out or changed. */
export async function readSet(
  data: Pick<DataConfig, "data" | "target" | "task">,
  { isTrained = true } = {},
): Promise<DataSet> {
  const options = { ...data, isTrained };
  const set = await readDataSet(data.data, options);
  for (const remark of set.remarks ?? []) say(`${set.name}: ${remark}`);
  return set;
}

export const descriptionOf = ({ inputShape, classes, task }: DataSet): string =>
  `${inputShape.join("×")}, ${task === "regression" ? "numbers to be told" : `${classes.length} classes`}${task === "segmentation" ? " of pixels" : ""}`;
