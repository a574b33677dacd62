"use client";
/** Links by which others read the report: made, counted, revoked. */
import { Share2 } from "lucide-react";
import { useState } from "react";
import { Dialog } from "@/app/_ui/overlays/dialog.tsx";
import { ActionForm, Submit } from "@/app/_ui/parts/action-form.tsx";
import { Button } from "@/app/_ui/parts/button.tsx";
import { Snippet } from "@/app/_ui/parts/copy-button.tsx";
import { Field } from "@/app/_ui/parts/field.tsx";
import { Time } from "@/app/_ui/parts/time.tsx";
import type { Share } from "@/lib/wire/evaluations/shares.ts";
import { countWords } from "@/lib/words/numbers.ts";
import { revokeShareAction, shareReportAction } from "./share-actions.ts";

type ShareReportProps = { run: string; evaluation: string; shares: Share[]; daysMax: number };

export function ShareReport({ run, evaluation, shares, daysMax }: ShareReportProps) {
  const [open, setOpen] = useState(false);
  const [url, setUrl] = useState<string | null>(null);
  const change = (next: boolean) => {
    setOpen(next);
    if (!next) setUrl(null);
  };
  return (
    <Dialog
      open={open}
      onOpenChange={change}
      title={url === null ? "Share this report" : "Copy the link now"}
      description={
        url === null
          ? "Whoever holds the link reads the report until it expires, without signing in. It counts as no other look."
          : "It is shown this once: the server keeps only a hash of it."
      }
      trigger={
        <Button>
          <Share2 aria-hidden />
          Share
        </Button>
      }
    >
      {url !== null && <Snippet text={url} label="Copy the link" />}
      {url === null && (
        <ActionForm<string> action={shareReportAction.bind(null, run, evaluation)} onDone={setUrl}>
          <Field
            label="Days until it expires"
            name="days"
            type="number"
            min={1}
            max={daysMax}
            defaultValue={14}
            required
          />
          <Submit className="justify-self-end">Make a link</Submit>
        </ActionForm>
      )}
      {shares.length > 0 && (
        <ul className="grid max-h-60 gap-2 overflow-y-auto text-sm" aria-label="Links to this report">
          {shares.map((share) => (
            <SharedLink key={share.id} run={run} evaluation={evaluation} share={share} />
          ))}
        </ul>
      )}
    </Dialog>
  );
}

function SharedLink({ run, evaluation, share }: Pick<ShareReportProps, "run" | "evaluation"> & { share: Share }) {
  const isOver = share.revokedAt !== null || share.expiresAt < new Date().toISOString();
  return (
    <li className="flex flex-wrap items-center justify-between gap-2 border-t border-line pt-2">
      <span>
        by {share.createdBy}, <Time at={share.createdAt} />
        <span className="block text-xs text-muted">
          opened {countWords(share.openings, "time")},{" "}
          {share.revokedAt !== null ? (
            "revoked"
          ) : (
            <>
              {isOver ? "expired" : "expires"} <Time at={share.expiresAt} />
            </>
          )}
        </span>
      </span>
      {!isOver && (
        <ActionForm action={revokeShareAction.bind(null, run, evaluation, share.id)} className="grid">
          <Submit look="plain">Revoke</Submit>
        </ActionForm>
      )}
    </li>
  );
}
