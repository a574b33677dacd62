"use client";
/** Five questions and the curves of a study's best, then what was learnt and what is adopted. */
import { useState } from "react";
import { concludeAction, noteCurvesAction } from "@/app/_ui/domain/studies/study-actions.ts";
import { ActionForm, Submit } from "@/app/_ui/parts/action-form.tsx";
import { Button } from "@/app/_ui/parts/button.tsx";
import { Field, Input, SelectField, TextField } from "@/app/_ui/parts/field.tsx";
import { runHref } from "@/app/paths.ts";
import type { Incumbent } from "@/lib/studies/adopted.ts";
import type { CheckName } from "@/lib/wire/studies/answers.ts";
import { type Study, studyDecisions } from "@/lib/wire/studies/studies.ts";
import { countWords } from "@/lib/words/numbers.ts";
import { checkWords } from "@/lib/words/studies/standing-words.ts";
import { decisionWords } from "@/lib/words/studies/study-words.ts";

type Check = { name: CheckName /** What the page's flags say of it. */; seen: string[]; answered: string | null };
type Curves = { number: number; run: string | null; isOpened: boolean };
export type ConcludeFormProps = {
  slug: string;
  study: Pick<Study, "id" | "conclusion" | "decision" | "chosenTrial" | "chosenRun">;
  /** Ended ones, the best first. */
  trials: { trial: string; words: string }[];
  /** How many more have ended. */
  left: number;
  /** What the study's loop holds, which it adopts instead of a trial; null: it has none. */
  incumbent: Incumbent | null;
  curves: Curves[];
  checks: Check[];
  onClose: () => void;
};

const NONE = ["", "none: the base stays"] as const;

export function ConcludeForm({ slug, study, trials, left, incumbent, curves, checks, onClose }: ConcludeFormProps) {
  const isAgain = study.decision !== null;
  return (
    <ActionForm action={concludeAction.bind(null, study.id)} onDone={onClose}>
      <fieldset className="grid gap-3">
        <legend className="pb-1 text-sm font-medium">Before the results are read</legend>
        {checks.map((check) => (
          <CheckFields key={check.name} check={check} />
        ))}
      </fieldset>
      <CurvesOfBest slug={slug} study={study.id} curves={curves} />
      <SelectField
        label="Decision"
        name="decision"
        options={studyDecisions.map((decision) => [decision, decisionWords(decision)] as const)}
        defaultValue={study.decision ?? (trials.length > 0 || incumbent ? "adopt" : "reject")}
      />
      {incumbent ? (
        <SelectField
          label="Chosen run"
          name="chosenRun"
          options={[[incumbent.run, `the loop’s incumbent: ${incumbent.name}`], NONE]}
          defaultValue={isAgain ? (study.chosenRun ?? "") : incumbent.run}
          hint="Its config, without its seeds, becomes the base of the study that follows. The loop takes no candidate any more."
        />
      ) : (
        <SelectField
          label="Chosen trial"
          name="chosenTrial"
          options={[...trials.map(({ trial, words }) => [trial, words] as const), NONE]}
          defaultValue={study.chosenTrial ?? trials[0]?.trial ?? ""}
          hint={`Its config becomes the base of the study that follows.${left > 0 ? ` These are the best; the ${countWords(left, "other")} can be chosen by the API.` : ""}`}
        />
      )}
      <TextField
        label="What was learnt"
        name="conclusion"
        rows={5}
        required
        defaultValue={study.conclusion}
        hint="A sentence that cites a comparison as C1 is linked to it in the story."
      />
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Submit>Conclude</Submit>
      </div>
    </ActionForm>
  );
}

const answers = [
  ["", "not answered"],
  ["no", "no"],
  ["yes", "yes"],
  ["not looked at", "not looked at"],
] as const;

function CheckFields({ check: { name, seen, answered } }: { check: Check }) {
  const { question, rule } = checkWords(name);
  const before = answered === null ? undefined : `Answered before: ${answered}`;
  return (
    <div className="grid gap-1.5">
      <SelectField
        label={`${question} (${rule})`}
        name={`checks.${name}`}
        options={answers}
        defaultValue=""
        hint={seen.length > 0 ? `Seen here: ${seen.join(" ")}` : before}
      />
      <Input name={`words.${name}`} aria-label={`${question} In words`} placeholder="In words, or why not looked at" />
    </div>
  );
}

function CurvesOfBest({ slug, study, curves }: { slug: string; study: string; curves: Curves[] }) {
  const [opened, setOpened] = useState(() => curves.filter(({ isOpened }) => isOpened).map(({ number }) => number));
  if (curves.length === 0) return null;
  return (
    <fieldset className="grid gap-2 text-sm">
      <legend className="pb-1 font-medium">Curves of the best (P33)</legend>
      <ul className="flex flex-wrap gap-x-4 gap-y-1">
        {curves.map(({ number, run }) => (
          <li key={number}>
            {run === null ? (
              <span className="text-muted">trial {number}: its run is gone</span>
            ) : (
              <a
                href={runHref(slug, run)}
                target="_blank"
                rel="noreferrer"
                className="underline"
                onClick={() => {
                  setOpened((before) => [...before, number]);
                  void noteCurvesAction(study, number);
                }}
              >
                Curves of trial {number}
              </a>
            )}{" "}
            <span className="text-muted">{opened.includes(number) ? "opened" : "not opened"}</span>
          </li>
        ))}
      </ul>
      <Field label="Or why they weren’t looked at" name="withoutCurves" />
    </fieldset>
  );
}
