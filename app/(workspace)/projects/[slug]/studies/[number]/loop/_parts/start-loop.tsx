"use client";
/** The form that begins a loop, beside what its rule would cost and gain. */
import { useState } from "react";
import { ActionForm, Submit } from "@/app/_ui/parts/action-form.tsx";
import { Field, SelectField } from "@/app/_ui/parts/field.tsx";
import { Section } from "@/app/_ui/parts/section.tsx";
import { startLoopAction } from "../actions.ts";
import { SIMULATOR_ABOUT } from "./about.ts";
import { Simulator } from "./simulator.tsx";

type StartLoopProps = {
  study: string;
  metric: string;
  /** Runs that it may begin with, the newest first: pairs of id and words. */
  runs: (readonly [string, string])[];
  noiseFloor: number | null;
  /** What the study says is the smallest difference that matters; null: nothing. */
  smallest: number | null;
  canStart: boolean;
};

export function StartLoop({ study, metric, runs, noiseFloor, smallest, canStart }: StartLoopProps) {
  const [rule, setRule] = useState({
    seeds: "5",
    screen: "1",
    smallest: smallest === null ? "" : String(smallest),
    alpha: "0.1",
  });
  const ruleField = (name: keyof typeof rule, label: string, hint: string) => (
    <Field
      label={label}
      name={name}
      hint={hint}
      inputMode="decimal"
      value={rule[name]}
      onChange={({ target }) => setRule((before) => ({ ...before, [name]: target.value }))}
    />
  );
  return (
    <>
      <Section
        title="Begin the loop"
        about="It begins with a run of its first recipe: code, manifest and config without its seeds. From then on its rule stands, and what candidates are measured by as well."
      >
        <ActionForm action={startLoopAction.bind(null, study)}>
          <SelectField
            label="First incumbent"
            name="run"
            options={runs.length > 0 ? runs : [["", "no run of the study's manifest has ended with a value yet"]]}
            hint="Any run of the recipe; its value is the mean of three or more."
          />
          <div className="grid gap-4 sm:grid-cols-2">
            {ruleField("seeds", "Runs of a candidate", "The first one among them: 2 to 50.")}
            {ruleField("screen", "Screen, in noise floors", "By so much the first run is to be ahead. Empty: none.")}
            {ruleField("smallest", "Smallest gain kept", `In units of ${metric}. Empty: any that can be told.`)}
            {ruleField("alpha", "Share of false keeps", "That is aimed at, up to 0.5.")}
            <Field
              label="Seeds of the config"
              name="seedKeys"
              defaultValue="seed"
              hint="Paths, with blanks between them."
            />
          </div>
          <div>{canStart && runs.length > 0 && <Submit>Begin the loop</Submit>}</div>
        </ActionForm>
      </Section>
      <Section title="What that rule costs and gains" about={SIMULATOR_ABOUT} wide>
        <Simulator rule={asNumbers(rule)} noiseFloor={noiseFloor} metric={metric} />
      </Section>
    </>
  );
}

/** What can't be read is as the rule has it where nothing is said. */
function asNumbers({ seeds, screen, smallest, alpha }: Record<"seeds" | "screen" | "smallest" | "alpha", string>) {
  const within = (text: string, low: number, high: number, otherwise: number) => {
    const value = Number(text);
    return text.trim() !== "" && value >= low && value <= high ? value : otherwise;
  };
  return {
    seeds: Math.round(within(seeds, 2, 50, 5)),
    screen: screen.trim() === "" ? null : within(screen, 0, 10, 1),
    smallest: within(smallest, 0, Number.MAX_VALUE, 0),
    alpha: within(alpha, 1e-6, 0.5, 0.1),
  };
}
