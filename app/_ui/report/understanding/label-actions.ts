"use server";
import { z } from "zod";
import { actOn, runId } from "@/app/_ui/acts/action.ts";
import type { ActionOutcome } from "@/app/_ui/parts/outcome.ts";
import { markLabel } from "@/lib/evaluations/live/label-marks.ts";
import { uuid } from "@/lib/wire/base/words.ts";

export const markLabelAction = async (
  run: string,
  evaluation: string,
  key: string,
  isWrong: boolean,
): Promise<ActionOutcome> =>
  actOn(
    { run: runId, evaluation: uuid, key: z.string().max(500), isWrong: z.boolean() },
    { run, evaluation, key, isWrong },
    (member, given) => markLabel(member, given, given),
  );
