"use client";
/** The rules of a manifest, and a form for another. */
import { useState } from "react";
import { Dialog } from "@/app/_ui/overlays/dialog.tsx";
import { ActionForm, Submit } from "@/app/_ui/parts/action-form.tsx";
import { Button } from "@/app/_ui/parts/button.tsx";
import { Field, SelectField } from "@/app/_ui/parts/field.tsx";
import { Section } from "@/app/_ui/parts/section.tsx";
import { Time } from "@/app/_ui/parts/time.tsx";
import type { Rule } from "@/lib/wire/champions.ts";
import { type MetricName, metricFacts } from "@/lib/wire/evaluations/metrics.ts";
import { ruleWords } from "@/lib/words/champions/champion-words.ts";
import { metricTitle } from "@/lib/words/report-words.ts";
import { type ManifestPlace, writeRuleAction } from "./actions.ts";

const choices = (Object.keys(metricFacts) as MetricName[]).filter((name) => metricFacts[name].better !== "zero");

export function Rules({ place, rules, canWrite }: { place: ManifestPlace; rules: Rule[]; canWrite: boolean }) {
  return (
    <Section
      title="Rules"
      about="By what the best run is chosen. Written before anybody sees a number, it is pre-registered."
      actions={canWrite && <WriteRule place={place} />}
      wide
    >
      {rules.length === 0 ? (
        <p className="text-sm text-muted">No rule yet. Write it before the first evaluation.</p>
      ) : (
        <ul className="grid gap-1.5 text-sm">
          {rules.map((rule) => (
            <li key={rule.id}>
              {ruleWords(rule)}{" "}
              <span className="text-muted">
                {rule.writtenBy}, <Time at={rule.writtenAt} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function WriteRule({ place }: { place: ManifestPlace }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Dialog
      open={isOpen}
      onOpenChange={setOpen}
      title="Write a rule"
      description="It stays as it is written; a later rule stands beside it."
      trigger={<Button>Write a rule</Button>}
    >
      <ActionForm action={writeRuleAction.bind(null, place)} onDone={() => setOpen(false)}>
        <SelectField label="Metric" name="metric" options={choices.map((name) => [name, metricTitle(name)] as const)} />
        <SelectField
          label="Split"
          name="split"
          options={[
            ["validation", "validation"],
            ["test", "test"],
          ]}
        />
        <Field
          label="Better by at least"
          name="margin"
          type="number"
          min={0}
          step="any"
          defaultValue={0}
          required
          hint="In the metric's unit, such as 0.005. 0: any difference beyond chance."
        />
        <Field label="Seeds" name="seeds" hint="Of the runs that count, such as 1, 2, 3. Empty: any." />
        <div className="flex justify-end gap-2">
          <Button onClick={() => setOpen(false)}>Cancel</Button>
          <Submit>Write</Submit>
        </div>
      </ActionForm>
    </Dialog>
  );
}
