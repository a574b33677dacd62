"use server";
/** What people do with a loop: begin it, queue what a ruling asks for, hand in what has ended. */
import { z } from "zod";
import { actOn, textOf } from "@/app/_ui/acts/action.ts";
import type { ActionOutcome } from "@/app/_ui/parts/outcome.ts";
import { startLoop } from "@/lib/loops/loops.ts";
import { queueAsked } from "@/lib/loops/queue-runs.ts";
import { ruleOnCandidate } from "@/lib/loops/rule.ts";
import { ProblemError } from "@/lib/problem.ts";

const anId = { study: z.uuid() };

/** Empty: as the rule has it where nothing is said. */
const numberOf = (text: string): number | undefined => (text.trim() === "" ? undefined : Number(text));

export const startLoopAction = async (
  study: string,
  _previous: ActionOutcome | null,
  form: FormData,
): Promise<ActionOutcome> =>
  actOn(anId, { study }, async (member, given) => {
    const seedKeys = textOf(form, "seedKeys")
      .split(/[\s,]+/)
      .filter(Boolean);
    const rule = {
      seedKeys: seedKeys.length > 0 ? seedKeys : undefined,
      seeds: numberOf(textOf(form, "seeds")),
      screen: textOf(form, "screen").trim() === "" ? null : Number(textOf(form, "screen")),
      smallest: numberOf(textOf(form, "smallest")),
      alpha: numberOf(textOf(form, "alpha")),
    };
    await asFields(() => startLoop(member, given.study, { run: textOf(form, "run"), rule }));
  });

/** The form's fields stand by themselves, where the request has them within a rule. */
async function asFields(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof ProblemError) || !error.errors) throw error;
    const errors = error.errors.map(({ field, detail }) => ({ field: field.replace(/^rule\./, ""), detail }));
    throw new ProblemError(error.kind, error.detail, errors, { cause: error });
  }
}

export const queueAskedAction = async (study: string, ruling: number): Promise<ActionOutcome> =>
  actOn({ ...anId, ruling: z.int() }, { study, ruling }, async (member, given) => {
    await queueAsked(member, given.study, given.ruling);
  });

export const handInAction = async (study: string, runs: string[]): Promise<ActionOutcome> =>
  actOn({ ...anId, runs: z.array(z.uuid()).min(1).max(100) }, { study, runs }, async (member, given) => {
    await ruleOnCandidate(member, given.study, { runs: given.runs });
  });
