"use client";
/** Says of a run that it is a champion, wherever its name stands. */
import { Trophy } from "lucide-react";
import { createContext, useContext } from "react";

/** The runs of the page that are champions. */
export const ChampionsContext = createContext<readonly string[]>([]);

export function ChampionMark({ run }: { run: string }) {
  return useContext(ChampionsContext).includes(run) && <ChampionSign />;
}

export const ChampionSign = () => (
  <span title="Champion" className="shrink-0 text-accent">
    <Trophy aria-hidden className="size-3.5" />
    <span className="sr-only">champion</span>
  </span>
);
