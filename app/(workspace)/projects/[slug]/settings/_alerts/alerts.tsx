"use client";
/** The reader's own rules on the project's runs. */
import { useState } from "react";
import { ActButton } from "@/app/_ui/overlays/act-button.tsx";
import { Dialog } from "@/app/_ui/overlays/dialog.tsx";
import { ActionForm, Submit } from "@/app/_ui/parts/action-form.tsx";
import { Button } from "@/app/_ui/parts/button.tsx";
import { Field, SelectField } from "@/app/_ui/parts/field.tsx";
import { Section } from "@/app/_ui/parts/section.tsx";
import type { AlertRule } from "@/lib/wire/reviews/inbox.ts";
import { alertEventWords, alertWords } from "@/lib/words/reviews/review-words.ts";
import { createRuleAction, removeRuleAction } from "./actions.ts";

export function Alerts({ projectId, rules }: { projectId: string; rules: AlertRule[] }) {
  return (
    <Section
      id="alerts"
      title="Tell me of runs"
      about="What your rules see stands in your inbox, once. They watch ordinary series: no rule is on a test number."
      actions={<CreateRule projectId={projectId} />}
      wide
    >
      {rules.length === 0 ? (
        <p className="text-sm text-muted">You have no rule here.</p>
      ) : (
        <ul className="text-sm">
          {rules.map((rule) => (
            <li key={rule.id} className="flex min-h-10 items-center gap-3 border-b border-line">
              <span className="min-w-0 flex-1 wrap-anywhere">
                A run {alertWords(rule)}
                {rule.sendsWebhooks && <span className="text-muted">, webhooks too</span>}
              </span>
              <ActButton action={() => removeRuleAction(projectId, rule.id)} done="The rule is removed.">
                Remove
              </ActButton>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function CreateRule({ projectId }: { projectId: string }) {
  const [isOpen, setOpen] = useState(false);
  const [event, setEvent] = useState("failed");
  return (
    <Dialog
      open={isOpen}
      onOpenChange={setOpen}
      title="New rule"
      description="It tells you from now on."
      trigger={<Button>New rule</Button>}
    >
      <ActionForm action={createRuleAction.bind(null, projectId)} onDone={() => setOpen(false)}>
        <SelectField
          label="Tell me when a run"
          name="event"
          value={event}
          onChange={({ target }) => setEvent(target.value)}
          options={alertEventWords()}
        />
        {event === "metric" && (
          <>
            <Field label="Metric" name="metric" maxLength={200} required placeholder="loss" />
            <SelectField
              label="Split"
              name="split"
              options={[
                ["train", "train"],
                ["validation", "validation"],
                ["none", "none"],
              ]}
            />
            <SelectField
              label="Side"
              name="side"
              options={[
                ["above", "above"],
                ["below", "below"],
              ]}
            />
            <Field label="Threshold" name="threshold" type="number" step="any" required />
          </>
        )}
        <label className="flex items-center gap-2 text-sm">
          <input type="checkbox" name="sendsWebhooks" />
          Tell the project's webhooks too
        </label>
        <Submit className="justify-self-end">Create rule</Submit>
      </ActionForm>
    </Dialog>
  );
}
