"use client";
/** How files of runs are downloaded: one button, as there is one other answer. */
import { useToast } from "@/app/_ui/overlays/toast.tsx";
import { ActionForm, Submit } from "@/app/_ui/parts/action-form.tsx";
import { chooseDownloadsAction } from "./actions.ts";

export function DownloadsForm({ links, canChoose }: { links: boolean; canChoose: boolean }) {
  const toast = useToast();
  return (
    <div className="grid gap-3 pt-4 text-sm">
      <p>
        {links
          ? "A download of a run’s file is led to the bucket, by a link that is good for a minute: whoever has that link reads the file."
          : "A download of a run’s file goes through this server, which checks its hash."}
      </p>
      {canChoose ? (
        <ActionForm
          action={chooseDownloadsAction.bind(null, !links)}
          onDone={(byLinks) =>
            toast({ title: byLinks ? "Downloads go by links." : "Downloads go through the server." })
          }
          className="grid justify-items-start"
        >
          <Submit look="plain">{links ? "Download through the server" : "Download by links"}</Submit>
        </ActionForm>
      ) : (
        <p className="text-muted">An admin can change this.</p>
      )}
    </div>
  );
}
