/** What members said before a study was opened or concluded. */
import { index, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { at } from "./columns.ts";
import { studies } from "./studies.ts";

/** Nothing is changed or taken away: of one subject the newest answer counts. */
export const studyAnswers = pgTable(
  "study_answers",
  {
    /** UUIDv7: the order in which they were given. */
    id: uuid("id").primaryKey(),
    studyId: uuid("study_id")
      .notNull()
      .references(() => studies.id, { onDelete: "cascade" }),
    /** `warning`: why it is opened all the same. `check`: a question before the conclusion. `curves`: a trial's were looked at. */
    kind: text("kind", { enum: ["warning", "check", "curves"] }).notNull(),
    /** The kind of the warning, the question's name, or the trial's number. */
    about: text("about").notNull(),
    answer: text("answer").notNull(),
    /** The member's or token's name when it was given. */
    by: text("by").notNull(),
    at: at("at").notNull().defaultNow(),
  },
  (table) => [index("study_answers_of_study").on(table.studyId, table.id)],
);
