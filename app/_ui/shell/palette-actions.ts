"use server";
import { z } from "zod";
import { findChampionRuns } from "@/lib/champions/champion-page.ts";
import { type FoundRun, findRuns } from "@/lib/runs/find.ts";
import { actOn } from "../acts/action.ts";
import type { ActionOutcome } from "../parts/outcome.ts";

export type FoundChoice = FoundRun & { isChampion: boolean };

export const findRunsAction = async (q: string): Promise<ActionOutcome<FoundChoice[]>> =>
  actOn(
    { q: z.string() },
    { q },
    async (member, given) => {
      const found = await findRuns(member, given.q);
      const ids = found.map(({ id }) => id);
      const champions = ids.length > 0 ? await findChampionRuns(member, ids) : [];
      return found.map((run) => ({ ...run, isChampion: champions.includes(run.id) }));
    },
    "keep",
  );
