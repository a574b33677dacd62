"use client";
/** The plan of a study as a form, with what the tuning playbook says of it as it is written. */
import { useMemo, useState } from "react";
import { gaugesOf, planWarnings } from "@/lib/studies/warnings.ts";
import type { Config } from "@/lib/wire/base/config.ts";
import type { StudyPlan } from "@/lib/wire/studies/studies.ts";
import { ActionForm, Submit } from "../../parts/action-form.tsx";
import { Section } from "../../parts/section.tsx";
import { BaseFields } from "./base-fields.tsx";
import { BudgetFields, SearchFields, StoppingFields } from "./budget-fields.tsx";
import { baseOf, type Draft, draftOf, planOfDraft, warnedOf } from "./draft.ts";
import { type ObjectiveChoice, ObjectiveFields } from "./objective-fields.tsx";
import { Parameters } from "./parameters.tsx";
import { QuestionFields } from "./question-fields.tsx";
import { type StudyPlace, saveStudyAction } from "./study-actions.ts";
import { PlanGauges, PlanWarnings } from "./warnings.tsx";

export type ParentChoice = { id: string; number: number; title: string };
export type StudyChoices = {
  manifests: { id: string; name: string }[];
  metrics: ObjectiveChoice[];
  /** Studies whose choice this one may go on from. */
  parents: ParentChoice[];
};

type StudyFormProps = {
  place: StudyPlace;
  plan: StudyPlan;
  choices: StudyChoices;
  parentBase: Config | null;
  /** A trial was asked for: its budget, title, labels and hypothesis may change, no more. */
  isBegun: boolean;
  /** Reasons that were written before, by the kind of the warning. */
  reasons: Record<string, string>;
};

/** What every part of the form is given. */
export type PartProps = { draft: Draft; set: (changes: Partial<Draft>) => void };

export function StudyForm({ place, plan, choices, parentBase: parentFirst, isBegun, reasons: given }: StudyFormProps) {
  const [draft, setDraft] = useState(() => draftOf(plan));
  const [parentBase, setParentBase] = useState(parentFirst);
  const [reasons, setReasons] = useState(given);
  const set = (changes: Partial<Draft>) => setDraft((before) => ({ ...before, ...changes }));
  const written = useMemo(() => planOfDraft(draft), [draft]);
  const warned = warnedOf(written);
  const warnings = useMemo(() => planWarnings(warned, { parentBase }), [warned, parentBase]);
  const shut = isBegun
    ? "Trials were asked for: what they were asked stays. A study that follows this one may ask otherwise."
    : undefined;
  return (
    <ActionForm action={saveStudyAction.bind(null, place)} className="grid">
      <input type="hidden" name="plan" value={JSON.stringify(written)} />
      <input type="hidden" name="reasons" value={JSON.stringify(reasons)} />
      <div className="grid items-start xl:grid-cols-[minmax(0,1fr)_360px]">
        <div className="min-w-0">
          <Section
            title="Question"
            about={shut ?? "What is to be learnt. One question a study: it is read with the result."}
          >
            <QuestionFields draft={draft} set={set} isBegun={isBegun} />
          </Section>
          <fieldset disabled={isBegun} className="contents">
            <Section
              title="Base"
              about="The config that each trial begins as. What no parameter changes is fixed, and the conclusion holds for it alone."
            >
              <BaseFields
                draft={draft}
                set={set}
                projectId={place.projectId}
                parents={choices.parents}
                onParentBase={setParentBase}
              />
            </Section>
            <Section
              title="Objective"
              about="A metric of train or validation. What is tuned by a test number can’t be tested by it, so none is offered."
            >
              <ObjectiveFields draft={draft} set={set} choices={choices} />
            </Section>
            <Section
              wide
              title="Parameters"
              about="Scientific: the study asks about it. Nuisance: it is tuned with each of them, so that the comparison is fair. All others are fixed."
            >
              <Parameters draft={draft} set={set} base={baseOf(draft.base).base} />
            </Section>
            <Section
              title="Search"
              about="To explore, quasi-random search covers a space best, and lets you change the objective afterwards."
            >
              <div className="grid gap-4">
                <SearchFields draft={draft} set={set} />
                <StoppingFields draft={draft} set={set} />
              </div>
            </Section>
          </fieldset>
          <Section title="Budget" about="Seeds of a configuration tell a difference from luck.">
            <BudgetFields draft={draft} set={set} isBegun={isBegun} />
          </Section>
        </div>
        <aside
          aria-label="What the tuning playbook says"
          className="grid gap-4 border-t border-line px-4 py-8 xl:sticky xl:top-0 xl:max-h-dvh xl:overflow-y-auto xl:border-t-0 xl:border-l"
        >
          <PlanGauges gauges={gaugesOf(warned)} plan={warned} />
          <div className="flex flex-wrap items-center gap-3">
            <Submit>{place.studyId === null ? "Make the study" : "Save the plan"}</Submit>
            <span className="text-xs text-muted">
              {place.studyId === null ? "As a draft: nothing is trained before you open it." : null}
            </span>
          </div>
          <PlanWarnings
            warnings={warnings}
            reasons={reasons}
            onReason={(kind, reason) => setReasons((before) => ({ ...before, [kind]: reason }))}
          />
        </aside>
      </div>
    </ActionForm>
  );
}
