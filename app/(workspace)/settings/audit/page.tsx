import { ScrollText } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { currentMember } from "@/app/_session.ts";
import { buttonClass } from "@/app/_ui/parts/button.tsx";
import { Empty } from "@/app/_ui/parts/empty.tsx";
import { PageHeader } from "@/app/_ui/shell/page-header.tsx";
import { auditHref } from "@/app/paths.ts";
import { can } from "@/lib/access/permissions.ts";
import { listProjects } from "@/lib/projects/projects.ts";
import { describeActor, type NamedAuditRow, readAuditPage } from "@/lib/settings/audit-page.ts";
import { AuditCsv } from "./audit-csv.tsx";
import { AuditFilterBar } from "./audit-filter.tsx";
import { type AuditView, filterOf, type Params, queryOf, readAuditView } from "./audit-query.ts";
import { AuditTableRow } from "./audit-row.tsx";

export const metadata: Metadata = { title: "Audit" };

export default async function AuditPage({ searchParams }: { searchParams: Promise<Params> }) {
  const member = await currentMember();
  if (!can(member, "audit.read")) notFound();
  const view = readAuditView(await searchParams);
  const filter = filterOf(view);
  const { rows, next } = await readAuditPage(member, { ...filter, before: view.before });
  const projects = await listProjects(member);
  const actorWords = view.actor === "" ? null : await describeActor(member, view.actor);
  return (
    <>
      <PageHeader title="Audit" actions={<AuditCsv filter={filter} />} />
      <AuditFilterBar view={view} projects={projects} actorWords={actorWords} />
      {rows.length === 0 ? (
        <Empty icon={ScrollText} title={view.before ? "Nothing further back" : "No act is like this"}>
          {view.by !== "everybody" && (
            <Link prefetch={false} href={auditHref(queryOf(view, { by: "everybody" }))} className={buttonClass()}>
              Look among everybody's
            </Link>
          )}
        </Empty>
      ) : (
        <AuditTable rows={rows} view={view} />
      )}
      <nav aria-label="Pages" className="flex justify-end gap-2 px-4 py-3 md:px-6">
        {view.before && (
          <Link prefetch={false} href={auditHref(queryOf(view, { before: undefined }))} className={buttonClass()}>
            Newest
          </Link>
        )}
        {next && (
          <Link prefetch={false} href={auditHref(queryOf(view, { before: next }))} className={buttonClass()}>
            Older
          </Link>
        )}
      </nav>
    </>
  );
}

function AuditTable({ rows, view }: { rows: NamedAuditRow[]; view: AuditView }) {
  return (
    <div className="relative overflow-x-auto border-t border-line">
      <table className="table bleed" data-testid="audit">
        <thead>
          <tr>
            <th>Time (UTC)</th>
            <th>Who</th>
            <th>What</th>
            <th>Of what</th>
            <th>Project</th>
            <th>Detail</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <AuditTableRow
              key={row.id}
              row={row}
              isNamesake={rows.some((one) => one.actorName === row.actorName && one.actor !== row.actor)}
              ofActor={auditHref(queryOf(view, { who: "", actor: row.actor, before: undefined }))}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}
