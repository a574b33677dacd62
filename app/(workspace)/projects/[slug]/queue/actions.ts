"use server";
/** What people do with trials and workers. */
import { z } from "zod";
import { actOn, projectId, textOf } from "@/app/_ui/acts/action.ts";
import type { ActionOutcome } from "@/app/_ui/parts/outcome.ts";
import { invalid } from "@/lib/problem.ts";
import { updateTrial } from "@/lib/queue/act.ts";
import { queueTrial } from "@/lib/queue/new-trial.ts";
import { updateWorker } from "@/lib/queue/workers.ts";
import { workerLabelSchema } from "@/lib/wire/studies/trials.ts";

const trial = z.uuid("a trial's id");
const acts = z.enum(["stop", "pause", "go", "retry"]);

export const trialAction = async (id: string, act: z.infer<typeof acts>): Promise<ActionOutcome> =>
  actOn({ id: trial, act: acts }, { id, act }, async (member, given) => {
    await updateTrial(member, given.id, { act: given.act });
  });

export const priorityAction = async (id: string, priority: number): Promise<ActionOutcome> =>
  actOn({ id: trial, priority: z.number() }, { id, priority }, async (member, given) => {
    await updateTrial(member, given.id, { priority: given.priority });
  });

export const drainAction = async (id: string, isDraining: boolean): Promise<ActionOutcome> =>
  actOn({ id: z.uuid(), isDraining: z.boolean() }, { id, isDraining }, async (member, given) => {
    await updateWorker(member, given.id, { isDraining: given.isDraining });
  });

export type CopyPlace = { projectId: string; copyOf: string; manifest: string | null };

/** Queues an edited copy of a run. The config comes as JSON, as the form has put it together. */
export const queueCopyAction = async (
  place: CopyPlace,
  _previous: ActionOutcome | null,
  form: FormData,
): Promise<ActionOutcome> =>
  actOn(
    { projectId, copyOf: z.uuid(), manifest: z.string().nullable() },
    place,
    async (member, { projectId: project, copyOf, manifest }) => {
      await queueTrial(member, {
        project,
        copyOf,
        manifest,
        name: textOf(form, "name").trim() || undefined,
        config: configIn(form),
        seed: numberIn(form, "seed"),
        labels: labelsIn(form),
        memoryGib: numberIn(form, "memoryGib"),
        priority: numberIn(form, "priority") ?? 0,
      });
    },
  );

function configIn(form: FormData): unknown {
  try {
    return JSON.parse(textOf(form, "config"));
  } catch {
    throw invalid("config", "is no JSON");
  }
}

/** Null where nothing is written. */
function numberIn(form: FormData, name: string): number | null {
  const text = textOf(form, name).trim();
  if (text === "") return null;
  const value = Number(text);
  if (!Number.isFinite(value)) throw invalid(name, `expected a number, received ${JSON.stringify(text.slice(0, 80))}`);
  return value;
}

function labelsIn(form: FormData): string[] {
  const labels = textOf(form, "labels")
    .split(/[\s,]+/)
    .filter(Boolean);
  const wrong = labels.find((label) => !workerLabelSchema.safeParse(label).success);
  if (wrong !== undefined)
    throw invalid("labels", `${JSON.stringify(wrong.slice(0, 80))}: up to 60 letters, digits, . _ : and - are right`);
  return labels;
}
