"use client";
/** The hosts that webhooks of all projects may go to. */
import { Confirm } from "@/app/_ui/overlays/dialog.tsx";
import { ActionForm, Submit } from "@/app/_ui/parts/action-form.tsx";
import { Button } from "@/app/_ui/parts/button.tsx";
import { Field } from "@/app/_ui/parts/field.tsx";
import { Time } from "@/app/_ui/parts/time.tsx";
import type { WebhookHost } from "@/lib/webhooks/hosts.ts";
import { allowHostAction, refuseHostAction } from "./actions.ts";

export function WebhookHosts({ hosts, canAllow }: { hosts: WebhookHost[]; canAllow: boolean }) {
  return (
    <div className="grid gap-4 text-sm">
      {hosts.length === 0 && <p className="text-muted">No host yet: no webhook can be made.</p>}
      <ul>
        {hosts.map(({ host, allowsPrivate, addedBy, createdAt }) => (
          <li key={host} className="flex min-h-10 items-center gap-3 border-b border-line">
            <span className="min-w-0 flex-1 wrap-anywhere">
              {host}
              {allowsPrivate && <span className="text-warning"> private addresses too</span>}
              <span className="text-muted">
                {" "}
                {addedBy}, <Time at={createdAt} />
              </span>
            </span>
            {canAllow && (
              <Confirm
                trigger={<Button>Remove</Button>}
                title={`Send nothing to ${host} any more?`}
                description="Webhooks that go there stay, and their deliveries fail until the host is listed again."
                confirm="Remove"
                action={() => refuseHostAction(host)}
              />
            )}
          </li>
        ))}
      </ul>
      {canAllow && (
        <ActionForm action={allowHostAction} className="grid gap-3">
          <Field label="Host" name="host" placeholder="hooks.example.org" required maxLength={253} autoComplete="off" />
          <label className="flex items-start gap-2">
            <input type="checkbox" name="private" className="mt-1" />
            It may stand at a private, loopback or link-local address, and without https.
          </label>
          <Submit className="justify-self-start">Allow the host</Submit>
        </ActionForm>
      )}
    </div>
  );
}
