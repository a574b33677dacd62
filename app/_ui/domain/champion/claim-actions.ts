"use server";
/** What people do about champions: claim a run, from wherever it is shown. */
import { z } from "zod";
import { claimChampion } from "@/lib/champions/claim.ts";
import { type Claimable, readClaimable } from "@/lib/champions/claimable.ts";
import { actOn, projectId, runId } from "../../acts/action.ts";
import type { ActionOutcome } from "../../parts/outcome.ts";

/** What a claim of the run could rest on. */
export const claimableAction = async (run: string): Promise<ActionOutcome<Claimable>> =>
  actOn({ run: runId }, { run }, (member, given) => readClaimable(member, given.run), "keep");

/** Returns the claim's id. */
export const claimAction = async (project: string, claim: unknown): Promise<ActionOutcome<string>> =>
  actOn({ project: projectId, claim: z.unknown() }, { project, claim }, (member, given) =>
    claimChampion(member, given.project, given.claim),
  );
