"use client";
/** Where the base comes from: a run's config, what another study chose, or what is written here. */
import { useEffect, useState, useTransition } from "react";
import type { FoundRun } from "@/lib/runs/find.ts";
import type { Config } from "@/lib/wire/base/config.ts";
import { Button } from "../../parts/button.tsx";
import { Field, SelectField, TextField } from "../../parts/field.tsx";
import { baseOf } from "./draft.ts";
import { findBaseRunsAction, readBaseAction } from "./study-actions.ts";
import type { ParentChoice, PartProps } from "./study-form.tsx";

type BaseFieldsProps = PartProps & {
  projectId: string;
  parents: ParentChoice[];
  onParentBase: (base: Config | null) => void;
};

export function BaseFields({ draft, set, projectId, parents, onParentBase }: BaseFieldsProps) {
  const [isReading, startReading] = useTransition();
  const [said, setSaid] = useState("");
  const { fault } = baseOf(draft.base);
  const take = (of: { run: string; name: string } | { study: string }) =>
    startReading(async () => {
      const outcome = await readBaseAction(of);
      if (!outcome.ok) return setSaid(outcome.error);
      const { config, manifest } = outcome.value;
      set({ base: JSON.stringify(config, null, 2), ...(manifest !== null && { manifest }) });
      if ("study" in of) onParentBase(config);
      setSaid("run" in of ? `The config of ${of.name} stands below.` : "What that study chose stands below.");
    });
  return (
    <div className="grid gap-4">
      {parents.length > 0 && (
        <SelectField
          label="Goes on from"
          name="parent"
          options={[["", "no study"], ...parents.map(({ id, number, title }) => [id, `${number}. ${title}`] as const)]}
          value={draft.parent ?? ""}
          onChange={(event) => {
            const parent = event.target.value || null;
            set({ parent });
            if (parent === null) onParentBase(null);
            else take({ study: parent });
          }}
          hint="Its choice becomes the base, and the two are linked."
        />
      )}
      <RunSearch projectId={projectId} onRun={take} />
      <p role="status" className="min-h-4 text-xs text-muted">
        {isReading ? "Reading the config…" : said}
      </p>
      <TextField
        label="Config of the base"
        name="base"
        rows={8}
        spellCheck={false}
        value={draft.base}
        onChange={(event) => set({ base: event.target.value })}
        hint={fault === null ? "JSON, as the trainer takes it." : `It ${fault}`}
      />
    </div>
  );
}

const PAUSE_MS = 200;

function RunSearch({ projectId, onRun }: { projectId: string; onRun: (run: { run: string; name: string }) => void }) {
  const [words, setWords] = useState("");
  const [found, setFound] = useState<FoundRun[]>([]);
  useEffect(() => {
    let isCurrent = true;
    const look = async () => {
      const outcome = await findBaseRunsAction(projectId, words.slice(0, 200));
      if (isCurrent) setFound(outcome.ok ? outcome.value : []);
    };
    const timer = setTimeout(() => (words === "" ? setFound([]) : void look()), PAUSE_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [words, projectId]);
  return (
    <div className="grid gap-1.5">
      <Field
        label="Begin as a run"
        type="search"
        autoComplete="off"
        value={words}
        placeholder="Words of its name"
        onChange={(event) => setWords(event.target.value)}
        // Enter looks, and doesn't make the study
        onKeyDown={(event) => event.key === "Enter" && event.preventDefault()}
      />
      {found.length > 0 && (
        <ul aria-label="Runs that were found" className="grid max-h-48 justify-items-start gap-0.5 overflow-y-auto">
          {found.map(({ id, name }) => (
            <li key={id}>
              <Button
                look="ghost"
                onClick={() => {
                  setWords("");
                  onRun({ run: id, name });
                }}
              >
                {name}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
