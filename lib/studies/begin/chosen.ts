/** What a study chose: the config of its adopted trial or of what its loop held, which studies that follow begin as. */
import { eq } from "drizzle-orm";
import { connections } from "../../../db/connection.ts";
import { trials } from "../../../db/schema/studies.ts";
import type { Config } from "../../wire/base/config.ts";
import type { StudyAssignment } from "../../wire/studies/parameters.ts";
import type { Study } from "../../wire/studies/studies.ts";
import { readAdoptedRuns } from "../adopted.ts";
import { configOf } from "../plan.ts";

/** The base with the chosen trial's values in it, or the config of the loop's incumbent; the base where none is chosen. */
export async function chosenConfig(
  study: Pick<Study, "id" | "base" | "space" | "chosenTrial" | "chosenRun">,
): Promise<Config> {
  if (study.chosenRun !== null) return (await readAdoptedRuns([study.id])).get(study.id)?.config ?? study.base;
  if (study.chosenTrial === null) return study.base;
  const [trial] = await connections()
    .db.select({ values: trials.values })
    .from(trials)
    .where(eq(trials.id, study.chosenTrial));
  return trial?.values ? configOf(study.base, study.space, trial.values as StudyAssignment) : study.base;
}
