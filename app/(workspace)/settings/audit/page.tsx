import { ScrollText } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { currentMember } from "@/app/_session.ts";
import { buttonClass } from "@/app/_ui/parts/button.tsx";
import { Empty } from "@/app/_ui/parts/empty.tsx";
import { PageHeader } from "@/app/_ui/shell/page-header.tsx";
import { auditHref } from "@/app/paths.ts";
import { type AuditRow, listAudit } from "@/lib/access/audit.ts";
import { can } from "@/lib/access/permissions.ts";

export const metadata: Metadata = { title: "Audit" };

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
type AuditPageProps = { searchParams: Promise<{ before?: string | string[] }> };

export default async function AuditPage({ searchParams }: AuditPageProps) {
  const member = await currentMember();
  if (!can(member, "audit.read")) notFound();
  const { before } = await searchParams;
  const from = typeof before === "string" && uuid.test(before) ? before : undefined;
  const { rows, next } = await listAudit(member, { before: from });
  return (
    <>
      <PageHeader title="Audit" />
      {rows.length === 0 ? (
        <Empty icon={ScrollText} title="Nothing further back" />
      ) : (
        <div className="relative overflow-x-auto">
          <table className="table bleed">
            <thead>
              <tr>
                <th>Time (UTC)</th>
                <th>Who</th>
                <th>What</th>
                <th>Of what</th>
                <th>Detail</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <AuditTableRow key={row.id} row={row} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <nav aria-label="Pages" className="flex justify-end gap-2 px-4 py-3 md:px-6">
        {from && (
          <Link prefetch={false} href={auditHref()} className={buttonClass()}>
            Newest
          </Link>
        )}
        {next && (
          <Link prefetch={false} href={auditHref(next)} className={buttonClass()}>
            Older
          </Link>
        )}
      </nav>
    </>
  );
}

function AuditTableRow({ row }: { row: AuditRow }) {
  const { at, actor, actorName, action, subject, detail } = row;
  const shown = Object.entries(detail)
    .map(([key, value]) => `${key}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(", ");
  return (
    <tr>
      <td className="text-muted">
        <time dateTime={at}>{at.slice(0, 19).replace("T", " ")}</time>
      </td>
      <td title={actor}>
        {actorName}
        {actor.startsWith("token:") && <span className="text-muted"> (token)</span>}
      </td>
      <td className="font-medium">{action}</td>
      <td className="font-mono text-xs text-muted" title={subject}>
        {subject.length > 24 ? `${subject.slice(0, 22)}…` : subject}
      </td>
      <td className="w-full max-w-0 min-w-60 truncate font-mono text-xs text-muted" title={shown}>
        {shown}
      </td>
    </tr>
  );
}
