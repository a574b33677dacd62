/** What members answer before a study is opened or concluded. */
import { z } from "zod";
import type { Route } from "../base/route.ts";
import { label, longText } from "../base/text.ts";
import { time } from "../base/words.ts";
import { type PlanWarningKind, warningRules } from "./warnings.ts";

/** `warning`: why the study is opened all the same. `check`: a question before the conclusion. `curves`: a trial's were looked at. */
export const answerKinds = ["warning", "check", "curves"] as const;

/** What is asked before the results are read (P32, of what P77 to P82 and P34 to P37 look at). */
export const checkNames = ["stability", "early", "gradients", "overfitting", "length"] as const;
export type CheckName = (typeof checkNames)[number];

const warningKinds = Object.keys(warningRules) as [PlanWarningKind, ...PlanWarningKind[]];
const answer = longText.refine((text) => text.trim() !== "", "expected an answer in words");

export const studyAnswerSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("warning"), about: z.enum(warningKinds), answer }),
  z.object({ kind: z.literal("check"), about: z.enum(checkNames), answer }),
  z.object({
    kind: z.literal("curves"),
    about: label(20).regex(/^\d+$/, "expected a trial's number").meta({ description: "a trial's number" }),
    answer,
  }),
]);
export type StudyAnswer = z.infer<typeof studyAnswerSchema>;

export const studyAnswersSchema = z.object({ answers: z.array(studyAnswerSchema).min(1).max(50) }).meta({
  id: "StudyAnswers",
  examples: [
    {
      answers: [
        {
          kind: "warning",
          about: "batch-for-validation",
          answer: "To see how much one learning rate costs each size.",
        },
      ],
    },
  ],
});

export const givenAnswerSchema = z
  .object({ kind: z.enum(answerKinds), about: z.string(), answer: z.string(), by: z.string(), at: time })
  .meta({ id: "StudyAnswer" });
export type GivenAnswer = z.infer<typeof givenAnswerSchema>;

const list = z.object({ answers: z.array(givenAnswerSchema) }).meta({
  id: "StudyAnswerList",
  examples: [
    {
      answers: [
        {
          kind: "warning",
          about: "batch-for-validation",
          answer: "To see how much one learning rate costs each size.",
          by: "Ada",
          at: "2026-01-05T09:00:00.000Z",
        },
      ],
    },
  ],
});

export const answersRoutes = {
  listStudyAnswers: {
    method: "GET",
    path: "/api/v1/studies/{study}/answers",
    summary: "What was answered before a study was opened or concluded: the newest of each subject",
    permission: "studies.read",
    response: list,
  },
  answerStudy: {
    method: "POST",
    path: "/api/v1/studies/{study}/answers",
    summary: "Say why a study is opened in spite of a warning, or what was looked at before its conclusion",
    permission: "studies.write",
    request: studyAnswersSchema,
    response: list,
  },
} as const satisfies Record<string, Route>;
