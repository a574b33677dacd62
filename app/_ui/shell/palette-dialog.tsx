"use client";
/** What ⌘K opens: any page, project or run by a few letters of its name. */
import { Command } from "cmdk";
import { FileText, Folder } from "lucide-react";
import { useRouter } from "next/navigation";
import { Dialog } from "radix-ui";
import { type ReactNode, type RefObject, useEffect, useRef, useState } from "react";
import { runHref } from "@/app/paths.ts";
import type { FoundRun } from "@/lib/runs/find.ts";
import { StatusBadge } from "../domain/status-badge.tsx";
import { findRunsAction } from "./palette-actions.ts";

type PaletteEntry = { href: string; label: string };
export type PaletteDialogProps = {
  pages: PaletteEntry[];
  projects: PaletteEntry[];
  onClose: () => void;
};

const PAUSE_MS = 150;
const groupClass = `[&_[cmdk-group-heading]]:px-3 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1
  [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-muted`;

export function PaletteDialog({ pages, projects, onClose }: PaletteDialogProps) {
  return (
    <Dialog.Root open onOpenChange={onClose}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-50 bg-scrim" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed top-[12vh] left-1/2 z-60 w-[calc(100vw-32px)] max-w-140 -translate-x-1/2 overflow-hidden
            rounded-xl bg-raised shadow-float"
        >
          <Dialog.Title className="sr-only">Go to a page, project or run</Dialog.Title>
          <PaletteSearch pages={pages} projects={projects} onChosen={onClose} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

type PaletteSearchProps = Pick<PaletteDialogProps, "pages" | "projects"> & { onChosen: () => void };

function PaletteSearch({ pages, projects, onChosen }: PaletteSearchProps) {
  const router = useRouter();
  const [words, setWords] = useState("");
  const runs = useRuns(words);
  const list = useRef<HTMLDivElement>(null);
  const [chosen, setChosen] = useFirstChosen(list, runs);
  const go = (href: string) => {
    router.push(href);
    onChosen();
  };
  return (
    <Command label="Go to" value={chosen} onValueChange={setChosen}>
      <Command.Input
        value={words}
        onValueChange={setWords}
        placeholder="Project, run or page"
        className="h-11 w-full border-b border-line bg-transparent px-4 text-base outline-none"
      />
      <Command.List ref={list} className="max-h-[60vh] overflow-y-auto p-1.5">
        <Command.Empty className="px-3 py-6 text-center text-sm text-muted">Nothing has such a name.</Command.Empty>
        <PaletteGroup heading="Projects">
          {projects.map(({ href, label }) => (
            <PaletteItem key={href} value={`${label} ${href}`} onSelect={() => go(href)}>
              <Folder aria-hidden className="size-4 text-muted" />
              <span className="truncate">{label}</span>
            </PaletteItem>
          ))}
        </PaletteGroup>
        {runs.length > 0 && (
          <PaletteGroup heading="Runs">
            {runs.map(({ id, name, status, slug, projectName }) => (
              <PaletteItem key={id} value={`${projectName} ${name} ${id}`} onSelect={() => go(runHref(slug, id))}>
                <span className="min-w-0 truncate">{name}</span>
                <span className="max-w-40 shrink-0 truncate text-muted">{projectName}</span>
                <span className="ml-auto flex">
                  <StatusBadge status={status} />
                </span>
              </PaletteItem>
            ))}
          </PaletteGroup>
        )}
        <PaletteGroup heading="Pages">
          {pages.map(({ href, label }) => (
            <PaletteItem key={href} value={`${label} ${href}`} onSelect={() => go(href)}>
              <FileText aria-hidden className="size-4 text-muted" />
              {label}
            </PaletteItem>
          ))}
        </PaletteGroup>
      </Command.List>
    </Command>
  );
}

/** The item that Enter takes: the first where none is chosen, as when runs come in after the last letter. */
function useFirstChosen(list: RefObject<HTMLElement | null>, runs: FoundRun[]) {
  const [chosen, setChosen] = useState("");
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is listed changes with the runs
  useEffect(() => {
    // cmdk renders an item once it has ranked it, one render later
    const frame = requestAnimationFrame(() => {
      if (list.current?.querySelector('[cmdk-item][aria-selected="true"]')) return;
      setChosen(list.current?.querySelector("[cmdk-item]")?.getAttribute("data-value") ?? "");
    });
    return () => cancelAnimationFrame(frame);
  }, [list, runs]);
  return [chosen, setChosen] as const;
}

/** The newest runs that `words` name, once nobody has typed for a moment. */
function useRuns(words: string): FoundRun[] {
  const [runs, setRuns] = useState<FoundRun[]>([]);
  useEffect(() => {
    let current = true;
    const ask = async () => {
      const outcome = await findRunsAction(words.slice(0, 200));
      if (current && outcome.ok) setRuns(outcome.value);
    };
    const timer = setTimeout(() => void ask(), words === "" ? 0 : PAUSE_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [words]);
  return runs;
}

function PaletteGroup({ heading, children }: { heading: string; children: ReactNode }) {
  return (
    <Command.Group heading={heading} className={groupClass}>
      {children}
    </Command.Group>
  );
}

type PaletteItemProps = { value: string; onSelect: () => void; children: ReactNode };

function PaletteItem({ value, onSelect, children }: PaletteItemProps) {
  return (
    <Command.Item
      value={value}
      onSelect={onSelect}
      className="flex h-8 cursor-pointer items-center gap-2 rounded-md px-3 text-sm data-[selected=true]:bg-hover"
    >
      {children}
    </Command.Item>
  );
}
