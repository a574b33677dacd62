"use server";
import { z } from "zod";
import { findChampionRuns } from "@/lib/champions/champion-page.ts";
import { type FoundRun, findRuns } from "@/lib/runs/find.ts";
import { type FoundStudy, findStudies } from "@/lib/studies/list.ts";
import { actOn } from "../acts/action.ts";
import type { ActionOutcome } from "../parts/outcome.ts";

export type FoundChoice = FoundRun & { isChampion: boolean };

export type Found = { runs: FoundChoice[]; studies: FoundStudy[] };

export const findAction = async (q: string): Promise<ActionOutcome<Found>> =>
  actOn(
    { q: z.string() },
    { q },
    async (member, given) => {
      const [found, studies] = await Promise.all([findRuns(member, given.q), findStudies(member, given.q)]);
      const ids = found.map(({ id }) => id);
      const champions = ids.length > 0 ? await findChampionRuns(member, ids) : [];
      return { runs: found.map((run) => ({ ...run, isChampion: champions.includes(run.id) })), studies };
    },
    "keep",
  );
