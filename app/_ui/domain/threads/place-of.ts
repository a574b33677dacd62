/** Where a thread's place stands: the page that shows it. */
import {
  championHref,
  evaluationHref,
  evaluationSamplesHref,
  projectHref,
  reviewHref,
  runHref,
  studiesHref,
  studyHref,
} from "@/app/paths.ts";
import { parseAnchor, parseSubject } from "@/lib/wire/reviews/anchors.ts";
import type { Thread } from "@/lib/wire/reviews/threads.ts";
import { subjectWords } from "@/lib/words/reviews/review-words.ts";

/** What is known of subjects: names of runs by id, and numbers of what has one in the project. */
export type PlaceNames = { runs: Record<string, string>; review?: number; study?: number; claim?: number };

export type Place = { words: string; href: string };

export function placeOf(slug: string, thread: Pick<Thread, "subject" | "run" | "anchor">, names: PlaceNames): Place {
  const { kind, id } = parseSubject(thread.subject);
  const anchor = parseAnchor(thread.anchor) ?? { kind: "whole" };
  const run = thread.run ? (names.runs[thread.run] ?? thread.run.slice(0, 8)) : "";
  switch (kind) {
    case "run": {
      const tab = { whole: "comments", config: "config" }[anchor.kind as string] ?? "charts";
      return { words: run, href: runHref(slug, id, tab) };
    }
    case "evaluation": {
      const words = `${run}, ${subjectWords(kind)}`;
      if (anchor.kind === "sample") return { words, href: evaluationSamplesHref(slug, thread.run ?? "", id) };
      const section = anchor.kind === "panel" ? anchor.name : anchor.kind === "class" ? "classes" : "";
      return { words, href: evaluationHref(slug, thread.run ?? "", id, section) };
    }
    case "study":
      return {
        words: `${subjectWords(kind)} ${names.study ?? ""}`.trim(),
        href: names.study === undefined ? studiesHref(slug) : studyHref(slug, names.study),
      };
    case "claim":
      return { words: `${subjectWords(kind)} ${names.claim ?? ""}`.trim(), href: championHref(slug) };
    case "review":
      return {
        words: `${subjectWords(kind)} ${names.review ?? ""}`.trim(),
        href: names.review === undefined ? projectHref(slug) : reviewHref(slug, names.review),
      };
  }
}
