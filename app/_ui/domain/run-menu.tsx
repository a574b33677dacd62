"use client";
/** What can be done with a run: tag it, claim it as the champion, queue a copy of it, rename it, delete it with a way back. */
import { CopyPlus, Ellipsis, Pencil, Tag, Trash2, Trophy } from "lucide-react";
import { useRouter } from "next/navigation";
import { useRef, useState, useTransition } from "react";
import { Dialog } from "../overlays/dialog.tsx";
import { fetched } from "../overlays/fetched.tsx";
import { Menu, menuClass, menuItemClass } from "../overlays/menu.tsx";
import { useToast } from "../overlays/toast.tsx";
import { buttonClass } from "../parts/button.tsx";
import { deleteRunAction, restoreRunAction } from "./run-actions.ts";

// a table has a menu in each row, and its page none of the sentences of a claim, and no form
const ClaimChoice = fetched(async () => (await import("./champion/claim-choice.tsx")).ClaimChoice);
const RunTags = fetched(async () => (await import("./run-forms.tsx")).RunTags);
const RunRename = fetched(async () => (await import("./run-forms.tsx")).RunRename);

type RunMenuProps = {
  /** `tags`: null where something beside the menu has them already. */
  run: { id: string; name: string; tags: string[] | null };
  canRename: boolean;
  canDelete: boolean;
  canClaim: boolean;
  /** Where its config is edited and queued as another run; null: not by this member. */
  copyHref?: string | null;
  /** Where to go once the run is deleted; null: stay. */
  leaveTo?: string | null;
};

export function RunMenu({ run, canRename, canDelete, canClaim, copyHref = null, leaveTo = null }: RunMenuProps) {
  const [renaming, setRenaming] = useState(false);
  const [tagging, setTagging] = useState(false);
  const [claiming, setClaiming] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const [pending, startTransition] = useTransition();
  const router = useRouter();
  const toast = useToast();
  if (!canRename && !canDelete && !canClaim && copyHref === null) return null;
  const remove = () =>
    startTransition(async () => {
      const outcome = await deleteRunAction(run.id);
      if (!outcome.ok) return toast({ title: outcome.error, tone: "danger" });
      toast({ title: `${run.name} is deleted.`, undo: { label: "Undo", action: () => restoreRunAction(run.id) } });
      if (leaveTo !== null) router.push(leaveTo);
    });
  const prepare = () => {
    if (canRename) RunRename.prepare();
    if (canClaim) ClaimChoice.prepare();
  };
  return (
    <>
      <Menu
        ref={button}
        aria-label={`Actions for ${run.name}`}
        aria-keyshortcuts="m"
        disabled={pending}
        onOpen={prepare}
        className={`${buttonClass("ghost", true)} h-7 w-7`}
        content={({ Content, Item }) => (
          <Content align="end" sideOffset={4} className={menuClass}>
            {canRename && run.tags && (
              <Item className={menuItemClass} onSelect={() => setTagging(true)}>
                <Tag aria-hidden />
                Tags
              </Item>
            )}
            {canClaim && (
              <Item className={menuItemClass} onSelect={() => setClaiming(true)}>
                <Trophy aria-hidden />
                Tag as champion
              </Item>
            )}
            {copyHref !== null && (
              <Item className={menuItemClass} onSelect={() => router.push(copyHref)}>
                <CopyPlus aria-hidden />
                Copy and queue…
              </Item>
            )}
            {canRename && (
              <Item className={menuItemClass} onSelect={() => setRenaming(true)}>
                <Pencil aria-hidden />
                Rename
              </Item>
            )}
            {canDelete && (
              <Item className={`${menuItemClass} text-danger`} onSelect={remove}>
                <Trash2 aria-hidden />
                Delete
              </Item>
            )}
          </Content>
        )}
      >
        <Ellipsis aria-hidden />
      </Menu>
      <Dialog open={tagging} onOpenChange={setTagging} title={`Tags of ${run.name}`} opener={button}>
        <RunTags run={{ id: run.id, tags: run.tags ?? [] }} canEdit={canRename} onClose={() => setTagging(false)} />
      </Dialog>
      <Dialog
        open={claiming}
        onOpenChange={setClaiming}
        opener={button}
        title={`Tag ${run.name} as champion`}
        description="A champion is the best of its manifest, by a rule and evaluations that stay beside it for ever."
      >
        <ClaimChoice run={run.id} onClose={() => setClaiming(false)} />
      </Dialog>
      <Dialog open={renaming} onOpenChange={setRenaming} title="Rename run" opener={button}>
        <RunRename run={run} onClose={() => setRenaming(false)} />
      </Dialog>
    </>
  );
}
