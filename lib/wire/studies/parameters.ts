/** What a study searches: its parameters, the role of each, and how the search goes on. */
import { z } from "zod";
import { label, PROTO, protoRefused, textWithoutNul } from "../base/text.ts";
import { stepSchema } from "../base/words.ts";

/** The order that people tune in; `other` is any other question. */
export const studyStages = ["batch-size", "learning-rate", "optimizer", "model", "other"] as const;
export type StudyStage = (typeof studyStages)[number];

/** `explore`: to learn which parameters matter. `exploit`: to get the best. `loop`: candidates are ruled on one by one. */
export const studyModes = ["explore", "exploit", "loop"] as const;
export type StudyMode = (typeof studyModes)[number];

/** `scientific`: the study asks about it. `nuisance`: it is tuned, so that the comparison is fair. All others are fixed. */
export const parameterRoles = ["scientific", "nuisance"] as const;
export type ParameterRole = (typeof parameterRoles)[number];

const choiceSchema = z.union([z.number(), textWithoutNul(200), z.boolean()]);

const pathSchema = label(300).refine((path) => !path.split(".").includes(PROTO), protoRefused);

const common = {
  path: pathSchema.meta({ description: "with dots, as in `optimizer.learningRate`" }),
  role: z.enum(parameterRoles).default("nuisance"),
  /** It is chosen only where an earlier categorical parameter has one of these values. */
  when: z.object({ path: pathSchema, is: z.array(choiceSchema).min(1).max(50) }).optional(),
};
const range = { low: z.number(), high: z.number(), scale: z.enum(["linear", "log"]).default("linear") };

export const studyParameterSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("float"), ...common, ...range }),
  z.strictObject({ kind: z.literal("integer"), ...common, ...range }),
  z.strictObject({ kind: z.literal("categorical"), ...common, choices: z.array(choiceSchema).min(1).max(100) }),
]);
export type StudyParameter = z.output<typeof studyParameterSchema>;
export type StudyValue = z.infer<typeof choiceSchema>;

/**
 * What tells a parameter from the others of its study: under a condition its path stands behind it, as in
 * `optimizer.name=adam/optimizer.learningRate`, so that two parameters of one path never share an axis.
 */
export const parameterName = ({ path, when }: Pick<StudyParameter, "path" | "when">): string =>
  when ? `${when.path}=${when.is.join("|")}/${path}` : path;

/** By `parameterName`. */
export const assignmentSchema = z.record(z.string(), choiceSchema);
export type StudyAssignment = z.infer<typeof assignmentSchema>;

export const searchMethods = ["grid", "random", "quasi-random", "tpe", "gaussian-process"] as const;
/** Whether a method goes by the results before: to exploit, not to learn what matters. */
export const isAdaptive = (method: (typeof searchMethods)[number]): method is "tpe" | "gaussian-process" =>
  method === "tpe" || method === "gaussian-process";

export const studySearchSchema = z.object({
  method: z.enum(searchMethods).default("quasi-random"),
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .default(1),
  steps: z.int().min(2).max(100).default(4).meta({ description: "values of each range of a grid" }),
});
export type StudySearch = z.output<typeof studySearchSchema>;

/** `median` and `halving` end trials that fall behind, by their values up to a step. */
export const studyStoppingSchema = z.discriminatedUnion("rule", [
  z.object({ rule: z.literal("none") }),
  z.object({
    rule: z.literal("median"),
    warmUp: stepSchema.default(0).meta({ description: "steps before which no trial is ended" }),
    trialsMin: z.int().min(2).max(1000).default(5),
  }),
  z.object({
    rule: z.literal("halving"),
    first: z.int().min(1).meta({ description: "the step of the first look" }),
    last: z.int().min(2).meta({ description: "the steps of a whole trial" }),
    eta: z.int().min(2).max(10).default(3),
  }),
]);
export type StudyStopping = z.output<typeof studyStoppingSchema>;
