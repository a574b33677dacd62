"use client";
/** Tags a run as the champion of its manifest: evidence and rule are chosen before, a reason is written. */
import { useEffect, useState } from "react";
import type { Claimable } from "@/lib/champions/claimable.ts";
import type { Rule, RuleInput } from "@/lib/wire/champions.ts";
import { ruleWords, seenWords } from "@/lib/words/champions/champion-words.ts";
import { metricTitle } from "@/lib/words/report-words.ts";
import { useToast } from "../../overlays/toast.tsx";
import { ActionForm, Submit, useFormState } from "../../parts/action-form.tsx";
import { Button } from "../../parts/button.tsx";
import { Field, SelectField, TextField } from "../../parts/field.tsx";
import type { ActionOutcome } from "../../parts/outcome.ts";
import { claimAction, claimableAction } from "./claim-actions.ts";

export function ClaimChoice({ run, onClose }: { run: string; onClose: () => void }) {
  const [read, setRead] = useState<ActionOutcome<Claimable> | null>(null);
  useEffect(() => {
    let isOver = false;
    claimableAction(run).then(
      (outcome) => isOver || setRead(outcome),
      () => isOver || setRead({ ok: false, error: "The server could not be reached. Try again.", fieldErrors: {} }),
    );
    return () => {
      isOver = true;
    };
  }, [run]);
  // as high as the form, so that nothing jumps
  if (!read) return <p className="min-h-80 animate-pulse text-sm text-muted">Looking for its evaluations …</p>;
  const refusal = read.ok ? read.value.refusal : read.error;
  if (!read.ok || refusal)
    return (
      <>
        <p role="alert" className="text-sm text-danger">
          It can't be the champion yet. {refusal}
        </p>
        <Button className="justify-self-end" onClick={onClose}>
          Close
        </Button>
      </>
    );
  return <ClaimForm claimable={read.value} onClose={onClose} />;
}

/** The choice of a rule that isn't there yet. */
const NEW_RULE = "new";

function ClaimForm({ claimable, onClose }: { claimable: Claimable; onClose: () => void }) {
  const { run, rules, metrics, champion } = claimable;
  const toast = useToast();
  const [chosen, setChosen] = useState(rules[0]?.id ?? NEW_RULE);
  const [metric, setMetric] = useState(metrics[0]?.metric);
  const [split, setSplit] = useState(claimable.evaluations[0]!.split);
  const rule = rules.find(({ id }) => id === chosen);
  const shown = rule ?? { metric, split };
  const evidence = evidenceFor(claimable, shown.split);
  const claim = (_previous: ActionOutcome<string> | null, form: FormData) =>
    claimAction(run.projectId, {
      run: run.id,
      evidence: evidence.map(({ evaluation }) => evaluation),
      rule: rule?.id ?? writtenRule(claimable, form),
      reason: String(form.get("reason")),
      isUnproven: form.get("unproven") === "on",
    });
  const done = () => {
    onClose();
    toast({ title: `${run.name} is the champion.` });
  };
  return (
    <ActionForm action={claim} onDone={done}>
      <SelectField
        label="Rule"
        name="rule"
        value={chosen}
        onChange={(event) => setChosen(event.target.value)}
        options={[...rules.map((one: Rule) => [one.id, ruleWords(one)] as const), [NEW_RULE, "A rule written now"]]}
      />
      {!rule && (
        <div className="grid grid-cols-3 gap-2">
          <SelectField
            label="Metric"
            name="rule.metric"
            value={metric}
            onChange={(event) => setMetric(event.target.value as typeof metric)}
            options={metrics.map((one) => [one.metric, metricTitle(one.metric)] as const)}
          />
          <SelectField
            label="Split"
            name="split"
            value={split}
            onChange={(event) => setSplit(event.target.value as typeof split)}
            options={[
              ["validation", "validation"],
              ["test", "test"],
            ]}
          />
          <Field label="Better by" name="rule.margin" type="number" min={0} step="any" defaultValue={0} required />
        </div>
      )}
      <EvidenceList evidence={evidence} metric={shown.metric} split={shown.split} />
      <TextField label="Reason" name="reason" rows={3} required hint="Why it is the best. It stays beside the claim." />
      {champion && <Unproven champion={champion.run} />}
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Submit>Tag as champion</Submit>
      </div>
    </ActionForm>
  );
}

/** The evaluations of the weights that were evaluated last on the split, all splits of them. */
function evidenceFor({ evaluations }: Claimable, split: string): Claimable["evaluations"] {
  const newest = evaluations.find((one) => one.split === split);
  const ofSame = evaluations.filter(({ checkpoint }) => checkpoint === newest?.checkpoint);
  return ofSame.filter((one, at) => ofSame.findIndex((other) => other.split === one.split) === at);
}

function writtenRule({ metrics }: Claimable, form: FormData): RuleInput {
  const metric = String(form.get("rule.metric"));
  const known = metrics.find((one) => one.metric === metric)!;
  return { ...known, split: form.get("split") as Rule["split"], margin: Number(form.get("rule.margin")) };
}

type EvidenceListProps = { evidence: Claimable["evaluations"]; metric: string | undefined; split: string };

function EvidenceList({ evidence, metric, split }: EvidenceListProps) {
  const { fieldErrors } = useFormState();
  return (
    <div className="grid gap-1 text-sm">
      <p className="font-medium">Evidence</p>
      {evidence.length === 0 && <p className="text-warning">It isn't evaluated on {split} yet.</p>}
      <ul className="grid gap-1 text-muted">
        {evidence.map((one) => (
          <li key={one.evaluation} className="tabular-nums">
            {seenWords(one, metric)} at step {one.step}
          </li>
        ))}
      </ul>
      {fieldErrors.evidence && (
        <p role="alert" className="text-xs text-danger">
          {fieldErrors.evidence}
        </p>
      )}
    </div>
  );
}

/** Asked for once the server said that the margin isn't reached. */
function Unproven({ champion }: { champion: string }) {
  const { fieldErrors } = useFormState();
  const [isAsked, setAsked] = useState(false);
  if (fieldErrors.margin && !isAsked) setAsked(true);
  if (!isAsked) return <p className="text-xs text-muted">It replaces {champion}, compared sample by sample.</p>;
  return (
    <div className="grid gap-2 rounded-md bg-warning-soft p-3 text-sm text-warning">
      {fieldErrors.margin && <p role="alert">{fieldErrors.margin}.</p>}
      <label className="flex items-start gap-2">
        <input type="checkbox" name="unproven" className="mt-1" />
        Claim it all the same, marked as unproven: the reason says why.
      </label>
    </div>
  );
}
