"use client";
/** Says on a page that failed whether the server is away, and loads the page again once it is back. */
import { useEffect, useState } from "react";
import { healthApi } from "@/app/paths.ts";

const ASK_MS = 1_000;

/** What is wrong with the server, in a sentence; null: it is well. */
const whatIsWrong = (): Promise<string | null> =>
  fetch(healthApi, { cache: "no-store" }).then(
    async (answer) => {
      const said = await answer.json().catch(() => null);
      if (answer.ok) return said?.files ? FILES_AWAY : null;
      return wordsOf(said);
    },
    () => UNREACHABLE,
  );

const UNREACHABLE = "The server can’t be reached.";
const FILES_AWAY = "The bucket of files is away.";
const reasons: Record<number, string> = {
  503: "The database is away.",
  507: "The disk of the server is full: nothing can be stored until somebody frees space there.",
};
const wordsOf = (problem: { status?: number } | null): string => reasons[problem?.status ?? 0] ?? UNREACHABLE;

/** Shows nothing while the server is well: then it is the page that is at fault, and loading it again wouldn't help. */
export function ComeBack() {
  const [wrong, setWrong] = useState<string | null>(null);
  useEffect(() => {
    let [wasAway, over] = [false, false];
    const ask = async () => {
      const found = await whatIsWrong();
      if (over) return;
      if (found === null && wasAway) return window.location.reload();
      wasAway = found !== null;
      setWrong(found);
      if (wasAway) timer = setTimeout(ask, ASK_MS);
    };
    let timer = setTimeout(ask, 0);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, []);
  if (wrong === null) return null;
  return (
    <p role="status" data-live="reconnecting" className="max-w-100 text-sm text-muted">
      {wrong} This page comes back by itself.
    </p>
  );
}
