"use client";
/** The tags of one run: each is taken off by its cross, others are put on by the field. Both can be undone. */
import { X } from "lucide-react";
import { useOptimistic, useState, useTransition } from "react";
import { useToast } from "../overlays/toast.tsx";
import { knownTagsAction, tagRunAction } from "./run-actions.ts";
import { TagInput } from "./tag-input.tsx";
import { TagChip } from "./tags.tsx";

export type TagEditorProps = {
  run: { id: string; tags: string[] };
  /** Else they are shown alone. */
  canEdit: boolean;
};

export function TagEditor({ run, canEdit }: TagEditorProps) {
  const { tags, change, pending } = useTags(run);
  const [known, setKnown] = useState<string[]>([]);
  const readKnown = async () => {
    // without what is known a tag can be typed all the same
    const read = await knownTagsAction(run.id).catch(() => null);
    if (read?.ok) setKnown(read.value);
  };
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-1.5" aria-busy={pending}>
      {tags.length > 0 && (
        <ul className="contents" aria-label="Tags">
          {tags.map((tag) => (
            <li key={tag} className="flex min-w-0">
              <TagChip tag={tag}>{canEdit && <TakeOff tag={tag} onClick={() => change(tag, false)} />}</TagChip>
            </li>
          ))}
        </ul>
      )}
      {canEdit && (
        <TagInput
          known={known.filter((tag) => !tags.includes(tag))}
          onTag={(tag) => change(tag, true)}
          onReach={readKnown}
        />
      )}
    </div>
  );
}

/** The cross within a tag. */
export const TakeOff = ({ tag, onClick }: { tag: string; onClick: () => void }) => (
  <button
    type="button"
    aria-label={`Take off the tag ${tag}`}
    className="-mr-1 flex size-5 shrink-0 items-center justify-center rounded-sm hover:bg-hover"
    onClick={onClick}
  >
    <X aria-hidden className="size-3" />
  </button>
);

/** A run's tags as they are wished for, while the server's answer is on its way. */
function useTags({ id, tags: stored }: TagEditorProps["run"]) {
  const toast = useToast();
  const [pending, startTransition] = useTransition();
  const [tags, wish] = useOptimistic(stored, withTag);
  const change = (tag: string, isOn: boolean) => {
    if (stored.includes(tag) === isOn) return;
    startTransition(async () => {
      wish({ tag, isOn });
      const outcome = await tagRunAction(id, tag, isOn);
      if (!outcome.ok) return toast({ title: outcome.error, tone: "danger" });
      toast({
        title: isOn ? `Tagged ${tag}` : `No longer tagged ${tag}`,
        undo: { label: "Undo", action: () => tagRunAction(id, tag, !isOn) },
      });
    });
  };
  return { tags, change, pending };
}

const withTag = (tags: string[], { tag, isOn }: { tag: string; isOn: boolean }): string[] =>
  isOn ? [...tags, tag].sort() : tags.filter((one) => one !== tag);
