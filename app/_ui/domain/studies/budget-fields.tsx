"use client";
import { searchMethods } from "@/lib/wire/studies/parameters.ts";
import { methodWords } from "@/lib/words/studies/study-words.ts";
/** How the space is searched, when a trial is given up, and how much is spent. */
import { Field, SelectField } from "../../parts/field.tsx";
import type { Draft } from "./draft.ts";
import type { PartProps } from "./study-form.tsx";

type TextName = {
  [Name in keyof Draft]: Draft[Name] extends string ? (string extends Draft[Name] ? Name : never) : never;
}[keyof Draft];
type TypedProps = PartProps & { of: TextName; label: string; hint?: string; name?: string; disabled?: boolean };

/** A number of the draft, as text until it is sent. */
function Typed({ draft, set, of, label, hint, name = of, disabled = false }: TypedProps) {
  return (
    <Field
      label={label}
      name={name}
      inputMode="decimal"
      disabled={disabled}
      value={draft[of]}
      onChange={(event) => set({ [of]: event.target.value })}
      {...(hint !== undefined && { hint })}
    />
  );
}

export function SearchFields(part: PartProps) {
  const { draft, set } = part;
  return (
    <div className="grid gap-4 sm:grid-cols-3">
      <SelectField
        label="Search"
        name="search.method"
        options={searchMethods.map((method) => [method, methodWords(method)] as const)}
        value={draft.method}
        onChange={(event) => set({ method: event.target.value as typeof draft.method })}
      />
      <Typed {...part} of="seed" label="Seed of the search" name="search.seed" />
      {draft.method === "grid" && <Typed {...part} of="gridSteps" label="Values of each range" name="search.steps" />}
    </div>
  );
}

export function StoppingFields(part: PartProps) {
  const { draft, set } = part;
  return (
    <div className="grid gap-4 sm:grid-cols-3">
      <SelectField
        label="End trials early"
        name="stopping.rule"
        options={[
          ["none", "never"],
          ["median", "behind the median"],
          ["halving", "by successive halving"],
        ]}
        value={draft.stopping}
        onChange={(event) => set({ stopping: event.target.value as typeof draft.stopping })}
        hint={draft.stopping === "none" ? "A trial that is ended early is worth what it reached." : undefined}
      />
      {draft.stopping === "median" && (
        <>
          <Typed {...part} of="warmUp" label="Not before step" name="stopping.warmUp" />
          <Typed {...part} of="trialsMin" label="Once so many have ended" name="stopping.trialsMin" />
        </>
      )}
      {draft.stopping === "halving" && (
        <>
          <Typed {...part} of="first" label="First look at step" name="stopping.first" />
          <Typed {...part} of="last" label="Steps of a whole trial" name="stopping.last" />
          <Typed {...part} of="eta" label="One of so many goes on" name="stopping.eta" />
        </>
      )}
    </div>
  );
}

export function BudgetFields({ isBegun, ...part }: PartProps & { isBegun: boolean }) {
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Typed {...part} of="trialsBudget" label="Trials" hint="Configurations that are tried." />
      <Typed
        {...part}
        of="replicates"
        label="Seeds of each"
        disabled={isBegun}
        hint="2 or more show the noise of a seed."
      />
      <Typed
        {...part}
        of="stepsBudget"
        label="Steps of a trial"
        disabled={isBegun}
        hint="Optimizer updates. Empty: as the config says."
      />
      <Typed
        {...part}
        of="smallestDifference"
        label="Smallest difference that matters"
        disabled={isBegun}
        hint="In the metric’s unit. A smaller one is practically none."
      />
      <Typed {...part} of="labels" label="Labels of workers" hint="Such as gpu. Empty: any worker." />
      <Typed {...part} of="memoryGib" label="Memory, GiB" hint="That a worker has at least. Empty: any." />
      <Typed {...part} of="priority" label="Priority" hint="Higher is trained first." />
    </div>
  );
}
