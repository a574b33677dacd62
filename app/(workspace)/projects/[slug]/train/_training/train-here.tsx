"use client";
/** The form that starts a training in this tab, and what becomes of it. */
import { useRef } from "react";
import { ActionForm, Submit } from "@/app/_ui/parts/action-form.tsx";
import { Button } from "@/app/_ui/parts/button.tsx";
import { Field, SelectField } from "@/app/_ui/parts/field.tsx";
import type { ActionOutcome } from "@/app/_ui/parts/outcome.ts";
import { browserDefaults, browserOptimizers } from "@/lib/runs/browser-settings.ts";
import { startTrainingAction } from "../actions.ts";
import { EarlierRuns } from "./earlier-runs.tsx";
import { LiveTraining } from "./live-training.tsx";
import { nextRate } from "./next-rate.ts";
import { beginTraining, giveUpTraining, prepareTraining, stopTraining } from "./training-store.ts";
import { useTraining } from "./use-training.ts";

/** `backend`: the one that the address asks for. */
type TrainHereProps = { project: { id: string; slug: string }; backend: string | null };

export function TrainHere({ project, backend }: TrainHereProps) {
  const training = useTraining();
  const box = useRef<HTMLDivElement>(null);
  const isBusy = ["preparing", "training", "delivering"].includes(training.status);
  const another = nextRate(training.earlier.map(({ settings }) => settings.learningRate));

  const begin = async (_previous: ActionOutcome | null, form: FormData): Promise<ActionOutcome> => {
    try {
      await prepareTraining(backend);
    } catch (error) {
      giveUpTraining();
      return { ok: false, error: `Nothing trains here: ${(error as Error).message}`, fieldErrors: {} };
    }
    const outcome = await startTrainingAction(project.id, form).catch(() => away);
    if (!outcome.ok) giveUpTraining();
    else beginTraining(project.slug, outcome.value);
    return outcome.ok ? { ok: true, value: undefined } : outcome;
  };

  const again = (rate: number) => {
    const form = box.current?.querySelector("form");
    const field = form?.elements.namedItem("learningRate");
    if (!form || !(field instanceof HTMLInputElement)) return;
    field.value = String(rate);
    form.requestSubmit();
  };

  return (
    <div ref={box} className="grid gap-6">
      <ActionForm action={begin}>
        <fieldset disabled={isBusy} className="grid grid-cols-2 gap-4 sm:grid-cols-3">
          <legend className="sr-only">What is trained</legend>
          <Settings />
        </fieldset>
        <div className="flex flex-wrap gap-2">
          {isBusy ? (
            <Button onClick={stopTraining} disabled={training.status !== "training"}>
              Stop
            </Button>
          ) : (
            <Submit>{training.earlier.length === 0 ? "Train" : "Train again"}</Submit>
          )}
          {!isBusy && training.earlier.length > 0 && another !== null && (
            <Button onClick={() => again(another)}>Again with learning rate {another}</Button>
          )}
        </div>
      </ActionForm>
      <LiveTraining training={training} />
      <EarlierRuns slug={project.slug} runs={training.earlier} />
    </div>
  );
}

const away: ActionOutcome<never> = {
  ok: false,
  error: "The server doesn't answer. Nothing was begun; try again when it is back.",
  fieldErrors: {},
};

function Settings() {
  const { learningRate, hiddenUnits, epochs, optimizer, seed } = browserDefaults;
  return (
    <>
      <Field label="Learning rate" name="learningRate" inputMode="decimal" required defaultValue={learningRate} />
      <SelectField
        label="Optimizer"
        name="optimizer"
        defaultValue={optimizer}
        options={browserOptimizers.map((name) => [name, name] as const)}
      />
      <Field label="Hidden units" name="hiddenUnits" inputMode="numeric" required defaultValue={hiddenUnits} />
      <Field label="Epochs" name="epochs" inputMode="numeric" required defaultValue={epochs} />
      <Field label="Seed" name="seed" inputMode="numeric" required defaultValue={seed} />
    </>
  );
}
