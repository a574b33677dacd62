"use client";
/** Paths of the config that don't count between replicates, with what a change of them would do. */
import { Plus, X } from "lucide-react";
import { type FormEvent, useEffect, useId, useState, useTransition } from "react";
import { useToast } from "@/app/_ui/overlays/toast.tsx";
import { Button } from "@/app/_ui/parts/button.tsx";
import { inputClass } from "@/app/_ui/parts/field.tsx";
import type { ReplicateSets, ReplicatesPreview } from "@/lib/table/replicates.ts";
import type { Project } from "@/lib/wire/projects.ts";
import { countWords, numberWords } from "@/lib/words/numbers.ts";
import { ignoreInReplicatesAction, previewReplicatesAction } from "./actions.ts";

type ReplicatesFormProps = { project: Project; keys: string[]; canUpdate: boolean };

export function ReplicatesForm({ project, keys, canUpdate }: ReplicatesFormProps) {
  const toast = useToast();
  const listId = useId();
  const [paths, setPaths] = useState(project.replicateIgnores);
  const [path, setPath] = useState("");
  const [pending, startTransition] = useTransition();
  const preview = usePreview(project.id, paths, canUpdate);
  const isChanged = JSON.stringify(paths) !== JSON.stringify(project.replicateIgnores);
  const add = (event: FormEvent) => {
    event.preventDefault();
    const added = path.trim();
    if (added && !paths.includes(added)) setPaths([...paths, added]);
    setPath("");
  };
  const save = () =>
    startTransition(async () => {
      const outcome = await ignoreInReplicatesAction(project.id, paths);
      toast(outcome.ok ? { title: "Saved: runs are grouped anew." } : { title: outcome.error, tone: "danger" });
    });
  return (
    <div className="grid gap-4">
      <PathList paths={paths} onRemove={canUpdate ? (gone) => setPaths(paths.filter((one) => one !== gone)) : null} />
      {canUpdate && (
        <>
          <form className="flex flex-wrap gap-2" onSubmit={add}>
            <input
              value={path}
              onChange={(event) => setPath(event.target.value)}
              list={listId}
              maxLength={300}
              aria-label="Path that doesn't count"
              placeholder="data.root"
              className={`${inputClass} min-w-48 flex-1 font-mono text-xs`}
            />
            <datalist id={listId}>
              {keys
                .filter((key) => !paths.includes(key))
                .map((key) => (
                  <option key={key} value={key} />
                ))}
            </datalist>
            <Button type="submit" disabled={path.trim() === ""}>
              <Plus aria-hidden />
              Leave aside
            </Button>
          </form>
          <p className="text-sm text-muted" role="status">
            {preview === null
              ? "Comparing the runs…"
              : typeof preview === "string"
                ? preview
                : words(preview, isChanged)}
          </p>
          <Button
            look={isChanged ? "primary" : "plain"}
            className="justify-self-start"
            disabled={!isChanged || pending}
            aria-busy={pending}
            onClick={save}
          >
            {pending ? "Grouping the runs…" : "Save"}
          </Button>
        </>
      )}
    </div>
  );
}

function PathList({ paths, onRemove }: { paths: string[]; onRemove: ((path: string) => void) | null }) {
  if (paths.length === 0) return <p className="text-sm text-muted">Nothing but the seed is left aside.</p>;
  return (
    <ul className="flex flex-wrap gap-1.5" aria-label="Paths that don't count">
      {paths.map((path) => (
        <li
          key={path}
          className="flex h-6 items-center gap-1 rounded-md bg-accent-soft px-2 font-mono text-xs text-accent"
        >
          <span className="max-w-80 truncate" title={path}>
            {path}
          </span>
          {onRemove && (
            <button
              type="button"
              aria-label={`Let ${path} count again`}
              className="-mr-1 rounded-sm hover:bg-hover"
              onClick={() => onRemove(path)}
            >
              <X aria-hidden className="size-3.5" />
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}

/** What the paths would change; where that can't be said, why, in words; null until the answer is there. */
function usePreview(project: string, paths: string[], wanted: boolean): ReplicatesPreview | string | null {
  const [preview, setPreview] = useState<ReplicatesPreview | string | null>(null);
  useEffect(() => {
    if (!wanted) return;
    let over = false;
    setPreview(null);
    void previewReplicatesAction(project, paths).then((outcome) => {
      if (!over) setPreview(outcome.ok ? outcome.value : `What this would change can't be said. ${outcome.error}`);
    });
    return () => {
      over = true;
    };
  }, [project, paths, wanted]);
  return preview;
}

function words({ runs, before, after, unknown }: ReplicatesPreview, isChanged: boolean): string {
  const nowhere =
    unknown.length > 0 ? ` No run's config has ${unknown.map((path) => JSON.stringify(path)).join(" or ")}.` : "";
  if (runs === 0) return `There are no runs yet.${nowhere}`;
  const present = `${countWords(runs, "run is", "runs are")} ${setsWords(before)}`;
  return `${present} now${isChanged ? `, and would be ${setsWords(after)}` : ""}.${nowhere}`;
}

const setsWords = ({ sets, single }: ReplicateSets): string =>
  `${countWords(sets, "set")} of replicates${single > 0 ? ` (${numberWords(single)} with n = 1)` : ""}`;
