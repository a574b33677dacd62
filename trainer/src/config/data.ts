/** What can be set of a training's data: where a set lies, which of its samples are used, and how it is split. */
import { z } from "zod";
import { splitSchema } from "../../../lib/wire/base/words.ts";
import { assignments, manifestMethods } from "../../../lib/wire/data/manifests.ts";
import { evaluatedSplits, lookPurposes } from "../../../lib/wire/evaluations/evaluations.ts";
import { backendNames } from "../backend/backend.ts";
import { tasks } from "../data/data.ts";

/** Says what came and what would be right. */
const right = (what: string) => ({
  error: ({ input }: { input?: unknown }) => `${JSON.stringify(input)} is given; ${what} is right`,
});

/** Where a set lies, and what is to be told of a table's rows. */
const source = {
  /** The name of a set that is made here, a folder of IDX files or of images by class, or a table; null: MNIST. */
  data: z.string().nullable().default(null),
  /** The column of a table that is to be told; null: `label` or `target`. */
  target: z.string().nullable().default(null),
  /** What a table's target is; null: as its column says. */
  task: z.enum(tasks).nullable().default(null),
  /** What a table's columns are whose names leave it open, as NAME:ROLE,…; null: nothing is said. */
  columns: z.string().nullable().default(null),
  /** `trim`: blanks round a table's keys, labels and groups are cut; null: they are refused. */
  blanks: z.enum(["trim"]).nullable().default(null),
  /** Words of a table that say 'missing' besides those that always do, as `-,?`; null: none. */
  missing: z.string().nullable().default(null),
  /** `comma`: `1,5` of a table is the number 1.5; null: it is a text. */
  decimals: z.enum(["comma"]).nullable().default(null),
  /** Of the dataset that the set is registered as: another set of samples under the same name needs another. */
  datasetVersion: z.string().min(1).max(100).default("1"),
};

export const sourceSchema = z.object(source);

/** Which samples are used, and for what; no part of the run's config, but of its manifest. */
export const dataSchema = z.strictObject({
  ...source,
  /** Official training samples used; null: all. */
  subset: z.int().min(2).nullable().default(null),
  /** Official test samples used; null: all. */
  testSubset: z.int().min(0).nullable().default(null),
  validationFraction: z
    .number()
    .gt(0)
    .lt(1)
    .default(1 / 6),
  /** Share that becomes test where the set has no official test part. */
  testFraction: z.number().min(0).lt(1).default(0.15),
  splitSeed: z.int().min(0).default(1),
  /** The manifest's name in the project; null: made of what it holds. */
  manifestName: z.string().nullable().default(null),
});
export type DataConfig = z.infer<typeof dataSchema>;

const SECONDS = right("a number of seconds, 0 or more,");
const BINS = right("a whole number of bins, 2 to 1000,");

/** How the split of a whole set is made, by the server. */
export const splitSettingsSchema = z
  .strictObject({
    ...source,
    method: z.enum(manifestMethods).default("stratified"),
    /** Train / validation / test in per cent; null: 85/15/0 where the set's own test part is kept, else 70/15/15. */
    fractions: z
      .string()
      .regex(/^\d+(\.\d+)?(\/\d+(\.\d+)?){2}$/, "three shares in per cent, such as 70/15/15")
      .nullable()
      .default(null),
    /** Splits that stay as the set's maker put them: of MNIST, test. */
    keep: z
      .preprocess(
        (value) => (typeof value === "string" ? value.split(",").filter((one) => one !== "none") : value),
        z.array(splitSchema),
      )
      .default(["test"]),
    assignment: z.enum(assignments).default("quota"),
    folds: z.int().min(2).max(50).default(5),
    /** Of method `time`: seconds left out before validation and before test. */
    gapSeconds: z.number(SECONDS).min(0, SECONDS).default(0),
    /** Of stratified methods: labels are numbers, in this many quantile bins; null: classes, or of regression 10 bins. */
    quantileBins: z.int(BINS).min(2, BINS).max(1000, BINS).nullable().default(null),
    splitSeed: z.int().min(0).default(1),
    manifestName: z.string().nullable().default(null),
  })
  .superRefine(({ method, gapSeconds, quantileBins }, context) => {
    const refuse = (field: string, message: string) => context.addIssue({ code: "custom", path: [field], message });
    if (gapSeconds > 0 && method !== "time")
      refuse(
        "gapSeconds",
        `${gapSeconds} is given with the method ${method}, which leaves no gap; --method time is right`,
      );
    if (quantileBins !== null && !method.startsWith("stratified"))
      refuse(
        "quantileBins",
        `${quantileBins} is given with the method ${method}, which has no strata; a stratified --method is right`,
      );
  });
export type SplitSettings = z.infer<typeof splitSettingsSchema>;

/** What of a run is evaluated, and why the test split is opened; where its samples lie as a training has it. */
export const evaluationSettingsSchema = z
  .strictObject({
    ...source,
    /** `referee`: predictions go to the referee of loops, and no report is made. */
    split: z.enum([...evaluatedSplits, "referee"], right([...evaluatedSplits, "referee"].join(" or "))),
    /** The path of one of the run's checkpoints; null: the one that is best by validation. */
    checkpoint: z.string().nullable().default(null),
    purpose: z
      .enum(lookPurposes, right(lookPurposes.join(", ")))
      .nullable()
      .default(null),
    reason: z.string().nullable().default(null),
    backend: z.enum(backendNames).nullable().default(null),
  })
  .superRefine(({ split, purpose, reason }, context) => {
    const refuse = (field: string, message: string) => context.addIssue({ code: "custom", path: [field], message });
    for (const [field, value] of Object.entries({ purpose, reason }))
      if (split === "test" && !value)
        refuse(
          field,
          `is missing: the test split is shut, and each opening counts; --purpose ${lookPurposes.join("|")} --reason TEXT is right`,
        );
      else if (split !== "test" && value !== null)
        refuse(field, "only the test split is opened for a purpose; leave it out");
  });
export type EvaluationSettings = z.infer<typeof evaluationSettingsSchema>;
