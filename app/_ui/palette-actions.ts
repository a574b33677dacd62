"use server";
import { type FoundRun, findRuns } from "@/lib/runs/find.ts";
import { act } from "./action.ts";
import type { Outcome } from "./outcome.ts";

export const findRunsAction = async (q: string): Promise<Outcome<FoundRun[]>> =>
  act((member) => findRuns(member, q), "keep");
