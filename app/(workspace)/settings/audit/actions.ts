"use server";
import { act } from "@/app/_ui/acts/action.ts";
import type { ActionOutcome } from "@/app/_ui/parts/outcome.ts";
import type { AuditFilter } from "@/lib/access/audit.ts";
import { exportAudit } from "@/lib/settings/audit-page.ts";

export const auditCsvAction = async (filter: AuditFilter): Promise<ActionOutcome<string>> =>
  act((member) => exportAudit(member, filter), "keep");
