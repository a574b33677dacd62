/** What a panel of a study is. */
import type { MissingKind, StudyFlag } from "../../wire/studies/flags.ts";
import type { StudyFacts } from "./facts.ts";

export type Filled<Data> = { data: Data; flags: StudyFlag[] };
/** Why it shows nothing; what was seen all the same. */
export type Missing = { missing: MissingKind; flags?: StudyFlag[] };

/** Asks nothing of the database: it gets everything that was read of the study. */
export type PanelMaker<Data> = (facts: StudyFacts) => Filled<Data> | Missing;
