"use server";
import { z } from "zod";
import { actOn, projectId } from "@/app/_ui/acts/action.ts";
import type { ActionOutcome } from "@/app/_ui/parts/outcome.ts";
import { type FoundRun, findRuns } from "@/lib/runs/find.ts";

/** The newest runs of a project whose names have all words of `q`. */
export const findRunsOfProjectAction = async (project: string, q: string): Promise<ActionOutcome<FoundRun[]>> =>
  actOn(
    { project: projectId, q: z.string() },
    { project, q },
    (member, given) => findRuns(member, given.q, given.project),
    "keep",
  );
