/** What a study chose: the config of its adopted trial, which studies that follow begin as. */
import { eq } from "drizzle-orm";
import { connections } from "../../../db/connection.ts";
import { trials } from "../../../db/schema/studies.ts";
import type { Config } from "../../wire/base/config.ts";
import type { StudyAssignment } from "../../wire/studies/parameters.ts";
import type { Study } from "../../wire/studies/studies.ts";
import { configOf } from "../plan.ts";

/** The base with the chosen trial's values in it; the base where none is chosen. */
export async function chosenConfig(study: Pick<Study, "base" | "space" | "chosenTrial">): Promise<Config> {
  if (study.chosenTrial === null) return study.base;
  const [trial] = await connections()
    .db.select({ values: trials.values })
    .from(trials)
    .where(eq(trials.id, study.chosenTrial));
  return trial?.values ? configOf(study.base, study.space, trial.values as StudyAssignment) : study.base;
}
