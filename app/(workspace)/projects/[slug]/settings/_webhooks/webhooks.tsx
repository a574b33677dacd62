"use client";
/** Where news of the project are sent, and what came of it. */
import { useState } from "react";
import { Confirm, Dialog } from "@/app/_ui/overlays/dialog.tsx";
import { ActionForm, Submit } from "@/app/_ui/parts/action-form.tsx";
import { Button } from "@/app/_ui/parts/button.tsx";
import { Snippet } from "@/app/_ui/parts/copy-button.tsx";
import { Field, SelectField } from "@/app/_ui/parts/field.tsx";
import { Section } from "@/app/_ui/parts/section.tsx";
import { Time } from "@/app/_ui/parts/time.tsx";
import type { Delivery, Webhook } from "@/lib/webhooks/webhooks.ts";
import { countWords } from "@/lib/words/numbers.ts";
import { createWebhookAction, type NewWebhook, removeWebhookAction } from "./actions.ts";

type WebhooksProps = { projectId: string; webhooks: Webhook[]; deliveries: Delivery[] };

export function Webhooks({ projectId, webhooks, deliveries }: WebhooksProps) {
  return (
    <Section
      id="webhooks"
      title="Webhooks"
      about="Changes of champion, reviews and what rules on runs tell are sent as JSON, signed with HMAC-SHA256 over the timestamp, a dot and the body; or as a line of text to an incoming webhook of Slack. They carry no number. An admin lists the hosts in the workspace's settings."
      actions={<CreateWebhook projectId={projectId} />}
      wide
    >
      <div className="grid gap-4 text-sm">
        {webhooks.length === 0 && <p className="text-muted">No webhook yet.</p>}
        <ul>
          {webhooks.map(({ id, url, format, createdBy, createdAt }) => (
            <li key={id} className="flex min-h-10 items-center gap-3 border-b border-line">
              <span className="min-w-0 flex-1 wrap-anywhere">
                {url}
                <span className="text-muted">
                  {" "}
                  {format === "slack" && "for Slack, "}
                  {createdBy}, <Time at={createdAt} />
                </span>
              </span>
              <Confirm
                trigger={<Button>Remove</Button>}
                title="Remove this webhook?"
                description={`Nothing is sent to ${url} any more. The log stays.`}
                confirm="Remove"
                action={() => removeWebhookAction(projectId, id)}
              />
            </li>
          ))}
        </ul>
        {deliveries.length > 0 && (
          <div className="grid gap-1">
            <h3 className="font-medium">Deliveries</h3>
            <ul className="grid gap-1">
              {deliveries.map(({ id, url, status, attempts, answered, error, createdAt }) => (
                <li key={id} className="wrap-anywhere">
                  <span className={status === "failed" ? "text-danger" : ""}>{status}</span>{" "}
                  <span className="text-muted">
                    {url}, <Time at={createdAt} />, {countWords(attempts, "attempt")}
                    {error ? `: ${error}` : answered !== null && `, answered with ${answered}`}
                  </span>
                </li>
              ))}
            </ul>
          </div>
        )}
      </div>
    </Section>
  );
}

function CreateWebhook({ projectId }: { projectId: string }) {
  const [open, setOpen] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const change = (next: boolean) => {
    setOpen(next);
    if (!next) setSecret(null);
  };
  return (
    <Dialog
      open={open}
      onOpenChange={change}
      title={secret === null ? "New webhook" : "Copy the secret now"}
      description={secret === null ? undefined : "It is shown this once. The receiver checks signatures with it."}
      trigger={<Button>New webhook</Button>}
    >
      {secret === null ? (
        <ActionForm<NewWebhook>
          action={createWebhookAction.bind(null, projectId)}
          onDone={(made) => setSecret(made.secret)}
        >
          <Field label="Address" name="url" type="url" placeholder="https://hooks.example.org/holdout" required />
          <SelectField
            label="Form"
            name="format"
            options={[
              ["generic", "JSON with the ids"],
              ["slack", "a line of text, for Slack"],
            ]}
          />
          <Submit className="justify-self-end">Create webhook</Submit>
        </ActionForm>
      ) : (
        <>
          <Snippet text={secret} label="Copy the secret" />
          <Button look="primary" className="justify-self-end" onClick={() => change(false)}>
            Done
          </Button>
        </>
      )}
    </Dialog>
  );
}
