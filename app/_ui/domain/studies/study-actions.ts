"use server";
/** What people do with studies: make them, change them, open and pause them, choose what they begin as. */
import { isDeepStrictEqual } from "node:util";
import { redirect } from "next/navigation";
import { z } from "zod";
import { studyHref } from "@/app/paths.ts";
import { invalid, parse } from "@/lib/problem.ts";
import { type FoundRun, findRuns } from "@/lib/runs/find.ts";
import { requireRun } from "@/lib/runs/runs.ts";
import { answerStudy } from "@/lib/studies/answers.ts";
import { addTrials } from "@/lib/studies/ask.ts";
import { chosenConfig } from "@/lib/studies/begin/chosen.ts";
import { concludeChecked } from "@/lib/studies/checks.ts";
import { createStudy, planOf, requireStudy, updateStudy } from "@/lib/studies/studies.ts";
import type { Config } from "@/lib/wire/base/config.ts";
import { checkNames } from "@/lib/wire/studies/answers.ts";
import type { Study } from "@/lib/wire/studies/studies.ts";
import { act, actOn, projectId, textOf } from "../../acts/action.ts";
import type { ActionOutcome } from "../../parts/outcome.ts";

export type StudyPlace = { slug: string; projectId: string; studyId: string | null };
const aPlace = { slug: z.string(), projectId, studyId: z.uuid().nullable() };
const reasonsSchema = z.record(z.string(), z.string());

/** Makes the study, or changes it, and goes to its page. */
export async function saveStudyAction(
  place: StudyPlace,
  _previous: ActionOutcome | null,
  form: FormData,
): Promise<ActionOutcome> {
  return actOn(
    aPlace,
    place,
    async (member, { slug, projectId: project, studyId }) => {
      const plan = jsonOf(form, "plan") as Record<string, unknown>;
      const reasons = parse(reasonsSchema, jsonOf(form, "reasons"));
      const study =
        studyId === null
          ? await createStudy(member, { ...plan, project })
          : await updateStudy(member, studyId, changesOf(await requireStudy(member, studyId), plan));
      const answers = Object.entries(reasons)
        .filter(([, answer]) => answer.trim() !== "")
        .map(([about, answer]) => ({ kind: "warning", about, answer }));
      if (answers.length > 0) await answerStudy(member, study.id, { answers });
      redirect(studyHref(slug, study.number));
    },
    "keep",
  );
}

/** What of a plan differs from the study: what a study with trials can't change may stand there as it is. */
function changesOf(study: Study, plan: Record<string, unknown>): Record<string, unknown> {
  const before: Record<string, unknown> = planOf(study);
  return Object.fromEntries(Object.entries(plan).filter(([name, value]) => !isDeepStrictEqual(value, before[name])));
}

function jsonOf(form: FormData, name: string): unknown {
  try {
    return JSON.parse(textOf(form, name));
  } catch (error) {
    throw Object.assign(invalid(name, "expected JSON"), { cause: error });
  }
}

export const findBaseRunsAction = async (project: string, q: string): Promise<ActionOutcome<FoundRun[]>> =>
  actOn(
    { project: projectId, q: z.string() },
    { project, q },
    (member, given) => findRuns(member, given.q, given.project),
    "keep",
  );

export type FoundBase = { config: Config; manifest: string | null };

/** The config that a study would begin as: of a run, or of what another study chose. */
export const readBaseAction = async (of: { run: string } | { study: string }): Promise<ActionOutcome<FoundBase>> =>
  act(async (member) => {
    const given = parse(z.union([z.object({ run: z.uuid() }), z.object({ study: z.uuid() })]), of);
    if ("run" in given) {
      const { config, manifest } = await requireRun(member, given.run);
      return { config, manifest };
    }
    const study = await requireStudy(member, given.study);
    return { config: await chosenConfig(study), manifest: study.manifest };
  }, "keep");

const anId = { study: z.uuid() };

export const setStudyStatusAction = async (
  study: string,
  status: "open" | "paused",
  _previous: ActionOutcome | null,
  form: FormData,
): Promise<ActionOutcome> =>
  actOn({ ...anId, status: z.enum(["open", "paused"]) }, { study, status }, async (member, given) => {
    const answers = [...(form instanceof FormData ? form.entries() : [])].flatMap(([name, value]) =>
      name.startsWith("reasons.") && typeof value === "string" && value.trim() !== ""
        ? [{ kind: "warning", about: name.slice("reasons.".length), answer: value }]
        : [],
    );
    if (answers.length > 0) await answerStudy(member, given.study, { answers });
    await updateStudy(member, given.study, { status: given.status });
  });

/** Queues further seeds of a trial. */
export const moreSeedsAction = async (
  study: string,
  _previous: ActionOutcome | null,
  form: FormData,
): Promise<ActionOutcome> =>
  actOn(anId, { study }, async (member, given) => {
    const [trial, seeds] = [textOf(form, "replicatesOf"), textOf(form, "count")];
    await addTrials(member, given.study, { replicatesOf: Number(trial), count: Number(seeds) });
  });

/** Writes down that the member opened the curves of a trial. */
export const noteCurvesAction = async (study: string, trial: number): Promise<ActionOutcome> =>
  actOn({ ...anId, trial: z.int().min(1) }, { study, trial }, async (member, given) => {
    await answerStudy(member, given.study, {
      answers: [{ kind: "curves", about: String(given.trial), answer: "opened" }],
    });
  });

export const concludeAction = async (
  study: string,
  _previous: ActionOutcome | null,
  form: FormData,
): Promise<ActionOutcome> =>
  actOn(anId, { study }, async (member, given) => {
    const checks = checkNames.map((name) => {
      const [answer, word] = [textOf(form, `checks.${name}`), textOf(form, `words.${name}`).trim()];
      return [name, answer === "" || word === "" ? answer : `${answer}: ${word}`] as const;
    });
    await concludeChecked(member, given.study, {
      checks: Object.fromEntries(checks),
      withoutCurves: textOf(form, "withoutCurves"),
      conclusion: textOf(form, "conclusion"),
      decision: textOf(form, "decision"),
      chosenTrial: textOf(form, "chosenTrial") || null,
      chosenRun: textOf(form, "chosenRun") || null,
    });
  });
