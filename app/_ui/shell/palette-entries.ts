/** What ⌘K offers to a member on a page, and which of it some words mean. */
import {
  compareHref,
  doubtsHref,
  evaluationsHref,
  manifestsHref,
  newManifestHref,
  newProjectHref,
  newStudyHref,
  projectHref,
  projectSettingsHref,
  studiesHref,
  trainHref,
} from "@/app/paths.ts";

export type PaletteKind = "act" | "project" | "run" | "study" | "page" | "theme" | "key";

export type PaletteEntry = {
  /** Tells it from all others. */
  id: string;
  heading: "Acts" | "This project" | "Projects" | "Runs" | "Studies" | "Pages";
  kind: PaletteKind;
  label: string;
  /** Stands beside the label; its words find the entry too. */
  hint?: string;
  /** Other words for the same. */
  words?: string;
  /** Shown to who types words alone: there are many like it. */
  isQuiet?: boolean;
};

/** An entry, and the address that it leads to or what it does. */
export type PaletteChoice = PaletteEntry & ({ href: string } | { act: () => void });

/** Under one heading. */
const SHOWN_MAX = 12;

/**
 * The entries in which each word stands as it was typed, those first whose label begins with the words, then those with a
 * word that does. Letters that are strewn through a name don't count: whoever presses Enter gets what they named.
 */
export function matchEntries<Entry extends PaletteEntry>(entries: Entry[], typed: string): Entry[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const counts = new Map<string, number>();
  const counted = ({ heading }: Entry) => {
    const count = (counts.get(heading) ?? 0) + 1;
    counts.set(heading, count);
    return count;
  };
  return entries
    .map((entry) => ({ entry, rank: rankOf(entry, words) }))
    .filter(({ rank }) => rank >= 0)
    .sort((a, b) => a.rank - b.rank)
    .map(({ entry }) => entry)
    .filter((entry) => counted(entry) <= SHOWN_MAX);
}

function rankOf({ label, hint = "", words: others = "", isQuiet }: PaletteEntry, words: string[]): number {
  if (isQuiet && words.length === 0) return -1;
  const name = label.toLowerCase();
  const all = `${name} ${hint.toLowerCase()} ${others.toLowerCase()}`;
  if (!words.every((word) => all.includes(word))) return -1;
  if (words.length === 0 || name.startsWith(words.join(" "))) return 0;
  const begins = (word: string) => all.split(/[\s/._-]+/).some((part) => part.startsWith(word));
  return words.every(begins) ? 1 : 2;
}

/** What the member may make in a project. */
type MayMake = { makeManifest: boolean; makeStudy: boolean; train: boolean };
type Place = { slug: string; name: string; can: MayMake };
export type PalettePlaces = {
  projects: Place[];
  /** The pages of the workspace. */
  pages: { href: string; label: string }[];
  /** The path of the page that is open. */
  path: string;
  can: { createProject: boolean };
  onTheme: (theme: "light" | "dark" | "system") => void;
  onKeys: () => void;
};

export function paletteChoices({ projects, pages, path, can, onTheme, onKeys }: PalettePlaces): PaletteChoice[] {
  const [, slug, run] = /^\/projects\/([^/]+)(?:\/runs\/([^/]+))?/.exec(path) ?? [];
  const here = slug === undefined ? undefined : projects.find((one) => one.slug === decodeURIComponent(slug));
  return [
    ...(here && run !== undefined ? [compareRun(here.slug, run)] : []),
    ...(here ? pagesOf(here, "This project") : []),
    ...(can.createProject ? [to(newProjectHref, "Acts", "act", "New project", { words: "create add" })] : []),
    act("Dark theme", "theme", () => onTheme("dark"), "mode night"),
    act("Light theme", "theme", () => onTheme("light"), "mode day"),
    act("Theme as the system", "theme", () => onTheme("system"), "mode"),
    act("Keyboard shortcuts", "key", onKeys, "keys help ?"),
    ...projects.map((one) => to(projectHref(one.slug), "Projects", "project", one.name)),
    ...pages.map(({ href, label }) => to(href, "Pages", "page", label, { words: "settings" })),
    ...projects.filter((one) => one !== here).flatMap((one) => pagesOf(one, "Pages").slice(1)),
  ];
}

/** Offered on a run's own pages. */
const compareRun = (slug: string, run: string): PaletteChoice =>
  to(
    compareHref(slug, new URLSearchParams({ run: decodeURIComponent(run) })),
    "This project",
    "act",
    "Compare this run",
    {
      words: "with replicates best versus",
    },
  );

/** The pages of a project, its runs first. */
function pagesOf({ slug, name, can }: Place, heading: PaletteEntry["heading"]): PaletteChoice[] {
  const more = { hint: name, isQuiet: heading === "Pages" };
  return [
    to(projectHref(slug), heading, "page", "Runs", more),
    to(compareHref(slug, ""), heading, "page", "Compare runs", { ...more, words: "comparison side by side versus" }),
    to(studiesHref(slug), heading, "page", "Studies", { ...more, words: "tuning sweep search trials" }),
    to(manifestsHref(slug), heading, "page", "Manifests", more),
    to(evaluationsHref(slug), heading, "page", "Evaluations", { ...more, words: "reports test validation" }),
    to(doubtsHref(slug), heading, "page", "Doubts", { ...more, words: "audit history trust believe luck seeds" }),
    ...(can.makeManifest
      ? [to(newManifestHref(slug), heading, "act", "New manifest", { ...more, words: "create split" })]
      : []),
    ...(can.makeStudy
      ? [to(newStudyHref(slug), heading, "act", "New study", { ...more, words: "create tuning sweep search" })]
      : []),
    ...(can.train
      ? [to(trainHref(slug), heading, "act", "Train in the browser", { ...more, words: "train one now tensorflow" })]
      : []),
    to(projectSettingsHref(slug), heading, "page", "Settings", { ...more, words: "tokens primary metric" }),
  ];
}

const to = (
  href: string,
  heading: PaletteEntry["heading"],
  kind: PaletteEntry["kind"],
  label: string,
  more: Pick<PaletteEntry, "hint" | "words" | "isQuiet"> = {},
): PaletteChoice => ({ id: `${heading} ${href}`, heading, kind, label, href, ...more });

const act = (label: string, kind: PaletteEntry["kind"], does: () => void, words: string): PaletteChoice => ({
  id: label,
  heading: "Acts",
  kind,
  label,
  words,
  act: does,
});
