import type { Metadata } from "next";
import type { ReactNode } from "react";
import { currentMember } from "@/app/_session.ts";
import { CopyButton } from "@/app/_ui/parts/copy-button.tsx";
import { Section } from "@/app/_ui/parts/section.tsx";
import { Time } from "@/app/_ui/parts/time.tsx";
import { PageHeader } from "@/app/_ui/shell/page-header.tsx";
import { can } from "@/lib/access/permissions.ts";
import { listWorkspaceTokens } from "@/lib/access/tokens.ts";
import { listHosts } from "@/lib/webhooks/hosts.ts";
import { bytesWords, numberWords } from "@/lib/words/numbers.ts";
import { readWorkspaceFacts } from "@/lib/workspace.ts";
import { DownloadsForm } from "./downloads-form.tsx";
import { WebhookHosts } from "./webhook-hosts.tsx";
import { WorkspaceTokens } from "./workspace-tokens.tsx";

export const metadata: Metadata = { title: "Workspace" };

export default async function WorkspacePage() {
  const member = await currentMember();
  const facts = await readWorkspaceFacts(member);
  return (
    <>
      <PageHeader title="Workspace" />
      <Section title="Installation" about="The identity stays through restarts and restores.">
        <dl className="-mt-2 text-sm">
          <WorkspaceFact term="Identity">
            <span className="truncate font-mono text-xs" title={facts.instance}>
              {facts.instance}
            </span>
            <CopyButton text={facts.instance} label="Copy the identity" icon />
          </WorkspaceFact>
          <WorkspaceFact term="Set up">
            <Time at={facts.createdAt} />
          </WorkspaceFact>
        </dl>
      </Section>
      <Section title="Files" about="Artifacts and predictions, each stored once.">
        <dl className="-mt-2 text-sm">
          <WorkspaceFact term="Place">
            {facts.files.bucket === null ? (
              "a folder of the server"
            ) : (
              <span className="truncate font-mono text-xs" title={facts.files.bucket}>
                {facts.files.bucket}
              </span>
            )}
          </WorkspaceFact>
          <WorkspaceFact term="Files">{numberWords(facts.files.count)}</WorkspaceFact>
          <WorkspaceFact term="Size">
            <span title={`${facts.files.bytes} bytes`}>{bytesWords(facts.files.bytes)}</span>
          </WorkspaceFact>
        </dl>
        {facts.files.bucket !== null && (
          <DownloadsForm links={facts.files.linksDownloads} canChoose={can(member, "workspace.manage")} />
        )}
      </Section>
      <Section title="Database" about="Everything but files is in it.">
        <dl className="-mt-2 text-sm">
          <WorkspaceFact term="PostgreSQL">{facts.postgresVersion}</WorkspaceFact>
          <WorkspaceFact term="Size">
            <span title={`${facts.databaseBytes} bytes`}>{bytesWords(facts.databaseBytes)}</span>
          </WorkspaceFact>
          <WorkspaceFact term="Role of this server">
            <span className="font-mono text-xs">{facts.appRole}</span>
          </WorkspaceFact>
        </dl>
      </Section>
      <Section
        title="Final rows"
        about="Manifests, looks at test splits, tombstones and the audit are written once and never changed."
      >
        {facts.appCanChangeFinalRows ? <WeakRole role={facts.appRole} /> : <StrongRole role={facts.appRole} />}
      </Section>
      {can(member, "tokens.manage-admin") && (
        <Section
          title="Tokens of the workspace"
          about="For programs that create projects, such as MLflow's clients where a script names its experiment. A project's own tokens are made in its settings, and reach less."
        >
          <WorkspaceTokens tokens={await listWorkspaceTokens(member)} />
        </Section>
      )}
      {can(member, "webhooks.read") && (
        <Section
          title="Hosts of webhooks"
          about="Webhooks of projects go to these hosts alone: to public addresses, unless a host may stand at a private one."
        >
          <WebhookHosts hosts={await listHosts(member)} canAllow={can(member, "webhooks.allow")} />
        </Section>
      )}
    </>
  );
}

function WorkspaceFact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div className="flex min-h-10 items-center gap-4 border-b border-line">
      <dt className="w-40 shrink-0 text-muted">{term}</dt>
      <dd className="flex min-w-0 flex-1 items-center gap-1">{children}</dd>
    </div>
  );
}

function StrongRole({ role }: { role: string }) {
  return (
    <p className="text-sm">
      The database holds to that: the role <code className="font-mono text-xs">{role}</code>, which this server uses,
      has no right to change or remove such rows. Only whoever owns the database could.
    </p>
  );
}

function WeakRole({ role }: { role: string }) {
  return (
    <div className="grid gap-2 rounded-md bg-warning-soft p-4 text-sm">
      <p className="font-medium text-warning">One role does everything here, which weakens this promise.</p>
      <p>
        The role <code className="font-mono text-xs">{role}</code>, which this server uses, owns the tables. Their
        triggers refuse a change, but a fault in the server, or somebody with its password, could switch them off and
        rewrite the history. Give the server a role of its own in{" "}
        <code className="font-mono text-xs">DATABASE_APP_URL</code>, and the database itself will refuse.
      </p>
    </div>
  );
}
