import { cache } from "react";
import { currentMember } from "@/app/_session.ts";
import { getRun } from "@/lib/runs/runs.ts";

/** The run, for the member who asks, read once for title and page; null: there is none that they may read. */
export const findRun = cache(async (run: string) => getRun(await currentMember(), run));
