"use client";
/** Mode and budget of a project's test splits: to be chosen before the first look, and to be read from then on. */
import { useToast } from "@/app/_ui/overlays/toast.tsx";
import { ActionForm, Submit } from "@/app/_ui/parts/action-form.tsx";
import { Field } from "@/app/_ui/parts/field.tsx";
import { TEST_BUDGET_MAX, testModes } from "@/lib/wire/evaluations/looks.ts";
import type { Project } from "@/lib/wire/projects.ts";
import { testModeMeaning, testModeName, testModeWords } from "@/lib/words/look-words.ts";
import { countWords } from "@/lib/words/numbers.ts";
import { ruleTestSplitAction } from "./actions.ts";

type TestRulesFormProps = { project: Project; isSettled: boolean; canRule: boolean };

export function TestRulesForm({ project, isSettled, canRule }: TestRulesFormProps) {
  const toast = useToast();
  const { testMode, testBudget } = project;
  if (isSettled || !canRule)
    return (
      <div className="grid gap-2 text-sm">
        <p>
          {testModeWords(testMode)}
          {testMode !== "open" && ` The budget is ${countWords(testBudget, "look")}.`}
        </p>
        <p className="text-muted">
          {isSettled
            ? "Somebody looked at a test split of this project: its rules hold from the first look on."
            : "An admin can change this until the first look."}
        </p>
      </div>
    );
  return (
    <ActionForm
      action={ruleTestSplitAction.bind(null, project.id)}
      onDone={() => toast({ title: "Rules of the test split saved." })}
    >
      <fieldset className="grid gap-2">
        <legend className="pb-1.5 text-sm font-medium">Mode</legend>
        {testModes.map((mode) => (
          <label key={mode} className="grid grid-cols-[auto_minmax(0,1fr)] items-start gap-x-2.5 text-sm">
            <input type="radio" name="testMode" value={mode} defaultChecked={mode === testMode} className="mt-1" />
            <span>
              {testModeName(mode)}
              <span className="block text-xs text-muted">{testModeMeaning(mode)}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <Field
        label="Budget"
        name="testBudget"
        type="number"
        min={0}
        max={TEST_BUDGET_MAX}
        step={1}
        defaultValue={testBudget}
        required
        hint="Looks at one test split. Past it an admin confirms each further look in writing. Open has no budget."
      />
      <Submit look="plain" className="justify-self-start">
        Save
      </Submit>
    </ActionForm>
  );
}
