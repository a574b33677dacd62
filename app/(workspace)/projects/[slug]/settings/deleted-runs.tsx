"use client";
import { DeletedList } from "@/app/_ui/domain/deleted-list.tsx";
import { restoreRunAction } from "@/app/_ui/domain/run-actions.ts";
import type { DeletedRun } from "@/lib/runs/deleted.ts";
import { purgeRunAction } from "./actions.ts";

export function DeletedRuns({ runs, canPurge }: { runs: DeletedRun[]; canPurge: boolean }) {
  return (
    <DeletedList
      items={runs}
      restore={restoreRunAction}
      purge={canPurge ? purgeRunAction : null}
      purgeWarning="Its points, files and code are removed for good. Its name and config stay, with who purged it and when."
    />
  );
}
