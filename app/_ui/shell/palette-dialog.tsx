"use client";
/** What ⌘K opens: acts, pages, projects and runs, by words of their names. */
import { Command } from "cmdk";
import {
  CornerDownLeft,
  FileText,
  FlaskConical,
  Folder,
  Keyboard,
  type LucideIcon,
  Split,
  SunMoon,
} from "lucide-react";
import { usePathname, useRouter } from "next/navigation";
import { Dialog } from "radix-ui";
import { useEffect, useMemo, useState } from "react";
import { runHref, studyHref } from "@/app/paths.ts";
import { ChampionSign } from "../domain/champion/champion-mark.tsx";
import { StatusBadge } from "../domain/status-badge.tsx";
import { closesOnEscape } from "../overlays/escape.ts";
import { type Found, type FoundChoice, findAction } from "./palette-actions.ts";
import {
  matchEntries,
  type PaletteChoice,
  type PaletteKind,
  type PalettePlaces,
  paletteChoices,
} from "./palette-entries.ts";

export type PaletteDialogProps = { places: Omit<PalettePlaces, "path">; onClose: () => void };

const PAUSE_MS = 150;
const headings = ["This project", "Acts", "Projects", "Studies", "Runs", "Pages"] as const;
const icons: Record<PaletteKind, LucideIcon> = {
  act: CornerDownLeft,
  project: Folder,
  run: FlaskConical,
  study: Split,
  page: FileText,
  theme: SunMoon,
  key: Keyboard,
};
const groupClass = `[&_[cmdk-group-heading]]:px-3 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1
  [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-muted`;

export function PaletteDialog({ places, onClose }: PaletteDialogProps) {
  const path = usePathname();
  const choices = useMemo(() => paletteChoices({ ...places, path }), [places, path]);
  return (
    <Dialog.Root open onOpenChange={onClose}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-50 bg-scrim" />
        <Dialog.Content
          aria-describedby={undefined}
          {...closesOnEscape(onClose)}
          className="fixed top-[12vh] left-1/2 z-60 w-[calc(100vw-32px)] max-w-140 -translate-x-1/2 overflow-hidden
            rounded-xl bg-raised shadow-float"
        >
          <Dialog.Title className="sr-only">Go to a page, project or run, or do something</Dialog.Title>
          <PaletteSearch choices={choices} onChosen={onClose} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function PaletteSearch({ choices, onChosen }: { choices: PaletteChoice[]; onChosen: () => void }) {
  const router = useRouter();
  const [words, setWords] = useState("");
  const [chosen, setChosen] = useState("");
  const { found: there, isSearching } = useFound(words);
  const found = useMemo(() => {
    const all = matchEntries([...choices, ...there.studies.map(studyChoice), ...there.runs.map(runChoice)], words);
    return headings.flatMap((heading) => all.filter((one) => one.heading === heading));
  }, [choices, there, words]);
  // what Enter takes is in sight: the one that was gone to while it is found, else the first
  const current = found.some(({ id }) => id === chosen) ? chosen : (found[0]?.id ?? "");
  const take = (choice: PaletteChoice) => {
    onChosen();
    if ("href" in choice) router.push(choice.href);
    else choice.act();
  };
  return (
    <Command label="Go to" shouldFilter={false} value={current} onValueChange={setChosen}>
      <Command.Input
        value={words}
        onValueChange={(typed) => {
          setWords(typed);
          setChosen("");
        }}
        placeholder="Project, run, page or act"
        className="h-11 w-full border-b border-line bg-transparent px-4 text-base outline-none"
      />
      <Command.List className="max-h-[60vh] overflow-y-auto p-1.5">
        {found.length === 0 && (
          <p role="status" className="px-3 py-6 text-center text-sm text-muted">
            {isSearching ? "Looking for runs and studies…" : "Nothing has these words in its name."}
          </p>
        )}
        {headings.map((heading) => {
          const own = found.filter((one) => one.heading === heading);
          if (own.length === 0) return null;
          return (
            <Command.Group key={heading} heading={heading} className={groupClass}>
              {own.map((choice) => (
                <PaletteItem key={choice.id} choice={choice} onSelect={() => take(choice)} />
              ))}
            </Command.Group>
          );
        })}
      </Command.List>
    </Command>
  );
}

type RunChoice = PaletteChoice & { status?: FoundChoice["status"]; isChampion?: boolean };

const runChoice = ({ id, name, status, slug, projectName, isChampion }: FoundChoice): RunChoice => ({
  id: `run ${id}`,
  heading: "Runs",
  kind: "run",
  label: name,
  hint: projectName,
  status,
  isChampion,
  href: runHref(slug, id),
});

const studyChoice = ({ id, number, title, question, slug, projectName }: Found["studies"][number]): RunChoice => ({
  id: `study ${id}`,
  heading: "Studies",
  kind: "study",
  label: title,
  hint: projectName,
  words: question,
  href: studyHref(slug, number),
});

const none: Found = { runs: [], studies: [] };

/** The newest runs and studies that `words` name, once nobody has typed for a moment. */
function useFound(words: string): { found: Found; isSearching: boolean } {
  const [answer, setAnswer] = useState<{ words: string; found: Found } | null>(null);
  useEffect(() => {
    let current = true;
    const ask = async () => {
      const outcome = await findAction(words.slice(0, 200));
      if (current) setAnswer({ words, found: outcome.ok ? outcome.value : none });
    };
    const timer = setTimeout(() => void ask(), words === "" ? 0 : PAUSE_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [words]);
  return { found: answer?.found ?? none, isSearching: answer?.words !== words };
}

function PaletteItem({ choice, onSelect }: { choice: RunChoice; onSelect: () => void }) {
  const Icon = icons[choice.kind];
  return (
    <Command.Item
      value={choice.id}
      onSelect={onSelect}
      className="flex h-8 cursor-pointer items-center gap-2 rounded-md px-3 text-sm data-[selected=true]:bg-hover"
    >
      <Icon aria-hidden className="size-4 shrink-0 text-muted" />
      <span className="min-w-0 truncate">{choice.label}</span>
      {choice.isChampion && <ChampionSign />}
      {choice.hint && <span className="max-w-40 min-w-0 truncate text-muted">{choice.hint}</span>}
      {choice.status && (
        <span className="ml-auto flex">
          <StatusBadge status={choice.status} />
        </span>
      )}
    </Command.Item>
  );
}
