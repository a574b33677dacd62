"use client";
import { Download } from "lucide-react";
import { useTransition } from "react";
import { useToast } from "@/app/_ui/overlays/toast.tsx";
import { Button } from "@/app/_ui/parts/button.tsx";
import { download } from "@/app/_ui/parts/download.ts";
import type { AuditFilter } from "@/lib/access/audit.ts";
import { auditCsvAction } from "./actions.ts";

/** Saves what the filter finds. */
export function AuditCsv({ filter }: { filter: AuditFilter }) {
  const toast = useToast();
  const [isSaving, startSaving] = useTransition();
  const save = () =>
    startSaving(async () => {
      const made = await auditCsvAction(filter).catch(() => null);
      if (made?.ok) download("audit.csv", made.value);
      else toast({ title: made?.error ?? "The server can't be reached; nothing was saved.", tone: "danger" });
    });
  return (
    <Button onClick={save} disabled={isSaving} aria-busy={isSaving} title="The newest 10,000 rows that match">
      <Download aria-hidden />
      CSV
    </Button>
  );
}
