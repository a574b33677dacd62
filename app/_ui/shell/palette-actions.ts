"use server";
import { z } from "zod";
import { type FoundRun, findRuns } from "@/lib/runs/find.ts";
import { actOn } from "../acts/action.ts";
import type { ActionOutcome } from "../parts/outcome.ts";

export const findRunsAction = async (q: string): Promise<ActionOutcome<FoundRun[]>> =>
  actOn({ q: z.string() }, { q }, (member, given) => findRuns(member, given.q), "keep");
